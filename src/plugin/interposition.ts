/**
 * Whether a plugin would get the functions of its own libraries. The loader asks the program first, and node exports
 * thousands of names of what is linked into it (OpenSSL, zlib, libuv, c-ares …): a plugin that uses the system's zlib
 * would call half of that and half of node's. Such a plugin is loaded with RTLD_DEEPBIND: then it and the libraries that
 * come with it ask each other first.
 *
 * For all others that is left alone, because it also goes around what is meant to replace functions (allocators,
 * sanitizers), and would let C++ libraries that share templates disagree about them.
 */

import { VsmtpError } from "../errors.ts";
import type { ElfFile, Wanted } from "./elf/elf-file.ts";
import { SymbolName } from "./elf/hash.ts";
import type { HostFacts } from "./host-facts.ts";
import type { Library } from "./system-libraries.ts";

/** Of libraries, which several plugins may bring along. */
const references = new WeakMap<ElfFile, readonly Wanted[]>();

/**
 * The names for which a plugin would get functions of the program instead of its own.
 *
 * @param most after so many the search ends
 */
export function clashesOf(
  elf: ElfFile,
  realFile: string,
  { libraries }: HostFacts,
  options: { readonly storage: boolean; readonly most: number },
): string[] {
  const found = libraries.dependenciesOf(elf, realFile).libraries;
  const brought = found.filter((library) => !libraries.isInProcess(library)).map((library) => library.elf);
  const names = new Set<string>();
  let before: readonly Library[] | undefined;
  for (const [file, wanted] of ownReferences(elf, brought)) {
    if (names.has(wanted.name) || !definedBy([elf, ...brought], wanted, file)) continue;
    before ??= programs(found, libraries, options.storage);
    if (!before.some((library) => library.provides(wanted))) continue;
    names.add(wanted.name);
    if (names.size >= options.most) break;
  }
  return [...names];
}

/** What the loader looks up for a plugin and its libraries, as far as one of them can have it. */
function* ownReferences(elf: ElfFile, brought: readonly ElfFile[]): Generator<readonly [ElfFile, Wanted]> {
  for (const wanted of elf.looked(brought.length === 0 ? "own" : "all")) yield [elf, wanted];
  for (const library of brought) for (const wanted of referencesOf(library)) yield [library, wanted];
}

function referencesOf(library: ElfFile): readonly Wanted[] {
  let all = references.get(library);
  if (!all) {
    all = readReferences(library);
    references.set(library, all);
  }
  return all;
}

/** A library of the system is not judged: where it cannot be understood, nothing is known of it. */
function readReferences(library: ElfFile): readonly Wanted[] {
  try {
    return library.looked("all");
  } catch (error) {
    if (error instanceof VsmtpError) return [];
    throw error;
  }
}

/** What the loader asks before the plugin's own libraries, besides those that these are. */
function programs(found: readonly Library[], libraries: HostFacts["libraries"], storage: boolean): readonly Library[] {
  const core = storage ? libraries.storageCore : undefined;
  const all = core ? [...libraries.process, core] : libraries.process;
  return all.filter((library) => !found.includes(library));
}

/** Whether one of these files has a definition that is meant to be the only one. */
function definedBy(files: readonly ElfFile[], wanted: Wanted, by: ElfFile): boolean {
  const name = new SymbolName(wanted.name);
  for (const file of files) {
    const symbol = file.find(name);
    if (symbol) return !symbol.shared && !(file === by && by.dynamic.symbolic);
  }
  return false;
}
