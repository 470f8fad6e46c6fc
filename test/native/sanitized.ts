/** Builds a C program together with the sources of libvsmtp, under AddressSanitizer and UBSan where they are installed. */

import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { cc, compilers, includes, program, root } from "./compile.ts";

const core = join(root, "native/core");
const sources = readdirSync(core).flatMap((name) => (name.endsWith(".c") ? join(core, name) : []));
const sanitizers = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-fno-omit-frame-pointer"];

/** The program by every compiler that has sanitizers; without any, by the first compiler alone. */
export function sanitized(programs: readonly string[], folder: string): string[] {
  const files = compilers("c").flatMap((compiler) => build(compiler, sanitizers, programs, folder) ?? []);
  if (files.length > 0) return files;
  const plain = build(cc(), [], programs, folder);
  if (plain === undefined) throw new Error(`${programs.join(", ")} does not compile`);
  return [plain];
}

/** Undefined when this compiler has no sanitizers installed. */
function build(
  compiler: string,
  flags: readonly string[],
  programs: readonly string[],
  folder: string,
): string | undefined {
  const file = join(folder, `program-${compiler.replaceAll("/", "_")}`);
  const all = ["-std=gnu11", "-g", "-O1", ...flags, ...includes, `-I${core}`];
  const run = spawnSync(compiler, [...all, ...programs.map(program), ...sources, "-o", file, "-lpthread"]);
  return run.status === 0 ? file : undefined;
}
