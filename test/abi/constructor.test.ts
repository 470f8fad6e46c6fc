/** Why nothing is loaded to learn what it is: a library's constructors run before anyone can ask it anything. */

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { inspectFile } from "../../src/plugin/index.ts";
import { compile, minimal } from "../fixtures/compile.ts";
import { facts, killedBy, refusals, wordsOf } from "./files.ts";

const source = `
  #include <unistd.h>
  ${minimal}
  __attribute__((constructor)) static void run_at_once(void) { _exit(42); }
`;
const wrong = compile(source, { name: "libvsmtp-plugin-probe.so", flags: ['-DVSMTP_VERSION="0.1.0"'] });

test("a constructor that ends the process is not run to see that the version is wrong", () => {
  expect(refusals(wrong)).toEqual(["PLUGIN_VERSION"]);
  expect(wordsOf(wrong)).toContain("built for vSMTP 0.1.0, which is older");
  expect(inspectFile(wrong, facts).library?.constructors).toBe(2);
});

test("loading it would have ended the process with its code", () => {
  expect(killedBy([wrong])).toEqual([wrong]);
  const load = `require("koffi").load(${JSON.stringify(wrong)}, { lazy: true }); process.exit(0)`;
  expect(
    spawnSync(process.execPath, ["-e", load], { cwd: fileURLToPath(new URL("../..", import.meta.url)) }).status,
  ).toBe(42);
});
