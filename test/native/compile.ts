/**
 * Compiles C and C++ for the tests of this folder, with the compilers that are here: gcc, clang, or what CC names.
 */

import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));
export const nativeFolder = join(root, "build/native");
export const includes = [`-I${join(root, "native/include")}`];

/** Compilers of a language that can be run. At least one of each is needed to build vSMTP at all. */
export function compilers(language: "c" | "c++"): string[] {
  const names = language === "c" ? [process.env.CC, "gcc", "clang"] : [process.env.CXX, "g++", "clang++"];
  return [...new Set(names)].filter((name): name is string => !!name && spawnSync(name, ["--version"]).status === 0);
}

/** The first C compiler. */
export function cc(): string {
  const [first] = compilers("c");
  if (first === undefined) throw new Error("these tests need gcc or clang");
  return first;
}

export function temporaryFolder(name: string): string {
  return mkdtempSync(join(tmpdir(), `vsmtp-${name}-`));
}

/** A source file of `programs/`. */
export function program(name: string): string {
  return fileURLToPath(new URL(`programs/${name}`, import.meta.url));
}

/** Makes a shared library that uses libvsmtp, as a plugin does; returns its path. */
export function sharedLibrary(source: string, folder: string, name: string, more: readonly string[] = []): string {
  const file = join(folder, name);
  const flags = ["-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-fvisibility=hidden"];
  execFileSync(cc(), [...flags, ...more, ...includes, source, "-o", file, `-L${nativeFolder}`, "-l:libvsmtp.so.1"]);
  return file;
}
