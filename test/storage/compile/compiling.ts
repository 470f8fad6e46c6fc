/** Compiles pieces of C against the headers for storage plugins, as their authors' makefiles do. */

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { compilers, root } from "../../native/compile.ts";

export const dovecot = join(root, "native/include/dovecot");
export const compilersHere = compilers("c");
export const standards = ["c11", "c17", "gnu11", "gnu17"] as const;
/** What the makefiles of Dovecot's plugins ask for. */
export const usual = ["-Wall", "-W", "-Wmissing-prototypes", "-Wpointer-arith", "-Wstrict-prototypes"];

/** Each compiler with each standard, for it.each. */
export const everyWay = compilersHere.flatMap((compiler) => standards.map((standard) => [compiler, standard] as const));

/** What the compiler says; nothing: it is content. */
export function messages(compiler: string, flags: readonly string[], source: string): string {
  const all = [...flags, "-x", "c", "-fsyntax-only", "-"];
  const { status, stdout, stderr } = spawnSync(compiler, all, { input: source, encoding: "utf8" });
  return status === 0 ? stdout + stderr : `failed:\n${stdout}${stderr}`;
}
