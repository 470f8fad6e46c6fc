/**
 * The storage core, tested in C: every program of `<room>/*.c` here runs under AddressSanitizer and UBSan, without
 * Node, and tells in TAP what it has seen.
 */

import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { temporaryFolder } from "../native/compile.ts";
import { buildProgram, sanitizedCore } from "./sanitized-core.ts";

const run = promisify(execFile);
const here = fileURLToPath(new URL(".", import.meta.url));
const programs = readdirSync(here, { withFileTypes: true, recursive: true })
  .flatMap(({ name, parentPath }) => (name.endsWith(".c") ? relative(here, join(parentPath, name)) : []))
  .filter((path) => dirname(path) !== "." && !path.startsWith("plugins"))
  .sort();

let folder = "";
let library = "";

beforeAll(async () => {
  folder = temporaryFolder("storage");
  library = await sanitizedCore(folder);
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true }));

it.concurrent.each(programs)("%s", async (program) => {
  const work = join(folder, program.replaceAll("/", "-"));
  mkdirSync(work);
  const file = await buildProgram(join(here, program), library, work);
  const { stdout } = await run(file, [], { cwd: work, env: { ...process.env, TMPDIR: work }, maxBuffer: 1 << 26 });
  const lines = stdout.split("\n");
  const failed = lines.filter((line) => line.startsWith("not ok"));
  const [, planned] = /^1\.\.(\d+)$/m.exec(stdout) ?? [];
  expect(failed).toEqual([]);
  expect(lines.filter((line) => line.startsWith("ok "))).toHaveLength(Number(planned));
});
