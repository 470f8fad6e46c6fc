/** The C side of values: a C program writes, reads and damages them under AddressSanitizer and UBSan. */

import { execFileSync, spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { cc, compilers, includes, program, root, temporaryFolder } from "./compile.ts";

const sources = ["frame.c", "log.c", "options.c", "out.c", "value.c", "wire.c"].map((name) =>
  join(root, "native/core", name),
);
const sanitizers = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-fno-omit-frame-pointer"];
let folder = "";

beforeAll(() => {
  folder = temporaryFolder("values");
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Compiles the program; undefined when this compiler has no sanitizers installed. */
function build(compiler: string, flags: string[]): string | undefined {
  const file = join(folder, `values-${compiler.replaceAll("/", "_")}`);
  const all = ["-std=gnu11", "-g", "-O1", ...flags, ...includes, `-I${join(root, "native/core")}`];
  const run = spawnSync(compiler, [
    ...all,
    program("values.c"),
    program("values-damaged.c"),
    ...sources,
    "-o",
    file,
    "-lpthread",
  ]);
  return run.status === 0 ? file : undefined;
}

it("gives back what was written, names mistakes, and reads no byte outside of damaged values", () => {
  const sanitized = compilers("c").flatMap((compiler) => build(compiler, sanitizers) ?? []);
  const files = sanitized.length > 0 ? sanitized : [build(cc(), []) ?? ""];
  for (const file of files) {
    const printed = execFileSync(file, ["20251120"], { encoding: "utf8" });
    expect(Number.parseInt(printed, 10)).toBeGreaterThan(200_000);
  }
});
