/**
 * Directories in which the dynamic loader looks for libraries: the ones it has of its own, and those that files and
 * the environment name, with `$ORIGIN`, `$LIB` and `$PLATFORM`. ld.so(8), "Dynamic string tokens".
 */

import { MAX_DIRECTORIES } from "./elf/limits.ts";

const triplets: Readonly<Record<string, string>> = {
  x64: "x86_64-linux-gnu",
  arm64: "aarch64-linux-gnu",
  riscv64: "riscv64-linux-gnu",
  loong64: "loongarch64-linux-gnu",
  ppc64: "powerpc64le-linux-gnu",
};

const platforms: Readonly<Record<string, string>> = { x64: "x86_64", arm64: "aarch64" };

/** What `$LIB` may stand for; which of them was decided when the loader was built. */
const libraryFolders = [`lib/${triplets[process.arch] ?? process.arch}`, "lib64", "lib"];

/** The loader's own directories, of Debian's, Red Hat's and musl's loaders. Those that are not there do no harm. */
export function systemDirectories(): string[] {
  return [...libraryFolders.flatMap((folder) => [`/${folder}`, `/usr/${folder}`]), "/usr/local/lib"];
}

/** The directories of a DT_RPATH or DT_RUNPATH of a file in the directory `origin`; of a great many, the first. */
export function directoriesOf(list: string | undefined, origin: string): string[] {
  if (list === undefined) return [];
  return list.split(":", MAX_DIRECTORIES).flatMap((directory) => expand(directory, origin));
}

/** The directories of LD_LIBRARY_PATH; semicolons separate too. */
export function directoriesOfEnvironment(list: string | undefined, origin: string): string[] {
  return list ? list.split(/[:;]/).flatMap((directory) => expand(directory, origin)) : [];
}

/** Fills in the tokens: one path, or one for each thing that `$LIB` may stand for. */
export function expand(path: string, origin: string): string[] {
  if (!path.includes("$")) return [path];
  const plain = path
    .replace(/\$(?:ORIGIN\b|\{ORIGIN\})/g, () => origin)
    .replace(/\$(?:PLATFORM\b|\{PLATFORM\})/g, () => platforms[process.arch] ?? process.arch);
  const library = /\$(?:LIB\b|\{LIB\})/g;
  return library.test(plain) ? libraryFolders.map((folder) => plain.replace(library, () => folder)) : [plain];
}
