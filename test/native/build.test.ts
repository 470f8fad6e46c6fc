/** scripts/build-native.js as `npm ci` runs it. */

import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { root, temporaryFolder } from "./compile.ts";

const script = join(root, "scripts/build-native.js");
let folder = "";

beforeAll(() => {
  folder = temporaryFolder("build");
});
afterAll(() => rmSync(folder, { recursive: true }));

function build(env: NodeJS.ProcessEnv): { status: number | null; printed: string } {
  const run = spawnSync(process.execPath, [script], { encoding: "utf8", env });
  return { status: run.status, printed: run.stdout + run.stderr };
}

it("says in one sentence what to install when everything is missing", () => {
  const { status, printed } = build({ PATH: folder });
  expect(status).toBe(1);
  expect(printed.trim().split("\n")).toHaveLength(1);
  expect(printed).toMatch(/install cmake 3\.18 or later and a C compiler .* and a C\+\+ compiler .* and make or ninja/);
});

it("names only what is missing", () => {
  const bin = join(folder, "bin");
  mkdirSync(bin);
  for (const name of ["cc", "c++", "make"]) symlinkSync(process.execPath, join(bin, name));
  expect(build({ PATH: bin }).printed).toMatch(/^vSMTP cannot be built: install cmake 3\.18 or later \(/);
});

it("works with an empty home and prints nothing when nothing has changed", () => {
  const env = { PATH: process.env.PATH, HOME: folder };
  build(env);
  expect(build(env)).toEqual({ status: 0, printed: "" });
});
