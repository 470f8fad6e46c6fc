/** No value that a script can make brings the process down, whatever function of whatever plugin it is given to. */

import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { admitFile } from "../../src/plugin/index.ts";
import { root } from "../native/compile.ts";
import { fixture } from "./loaded.ts";

const CALLS = 2000;
const seed = Date.now() & 0x7fff_ffff;
const child = join(root, "test/plugin/fuzz/child.js");
/** What the plugins may do to the directory that they run in, or start there. */
const directory = mkdtempSync(join(tmpdir(), "vsmtp-fuzz-"));
afterAll(() => rmSync(directory, { recursive: true }));

interface Figures {
  readonly calls: number;
  readonly succeeded: number;
}

async function fuzz(file: string): Promise<Record<string, Figures>> {
  const { stdout } = await promisify(execFile)(process.execPath, [child, file, String(CALLS), String(seed)], {
    cwd: directory,
    env: { PATH: "/nonexistent" },
    maxBuffer: 2 ** 26,
  });
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
}

const build = join(root, "build/plugins");
const examples = readdirSync(build).map((name) => join(build, name));
const scripted = examples.filter((file) => {
  const verdict = admitFile(file);
  return verdict.kind === "admitted" && verdict.manifest.scripted;
});
const fixtures = ["values", "types"].map((name) => fixture(name));

describe(`with the seed ${seed}`, () => {
  it.each([...scripted, ...fixtures].map((file) => [basename(file), file]))(
    "every function of %s takes or refuses any value",
    async (_name, file) => {
      const figures = await fuzz(file);
      const called = Object.values(figures);
      expect(called.length).toBeGreaterThan(0);
      expect(called.every(({ calls }) => calls === CALLS)).toBe(true);
      expect(called.some(({ succeeded }) => succeeded > 0)).toBe(true);
    },
    120_000,
  );

  it("the example plugins with functions are all among them", () => {
    expect(scripted.map((file) => basename(file))).toEqual(
      ["command", "hello", "mailcheck"].map((name) => `libvsmtp-plugin-${name}-1.0.0.so`),
    );
  });
});
