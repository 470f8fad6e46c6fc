/**
 * Whether everything that a plugin wants from outside of its file is there: libraries, their versions, symbols.
 * The loader would find the same out, one at a time and in words that name neither cause nor cure.
 */

import { basename } from "node:path";
import type { VsmtpError } from "../errors.ts";
import type { ElfFile, Wanted } from "./elf/elf-file.ts";
import type { NeededVersion } from "./elf/versions.ts";
import type { HostFacts } from "./host-facts.ts";
import type { StorageRecord } from "./manifest-types.ts";
import { enumerate, problem } from "./problem.ts";
import type { Dependencies, Library, MissingLibrary, SystemLibraries } from "./system-libraries.ts";
import { compareVersions } from "./version.ts";

/** What storage plugins have to do with each other: one sees the symbols of those that it depends on. */
export interface Linkage {
  /** Names that it offers. */
  readonly exports: readonly string[];
  /** Names that nothing on this machine defines: the plugins that it depends on have to. */
  readonly wanted: readonly string[];
}

/** @param storage what it is as a storage plugin; undefined: it is none, and the storage library is not there for it */
export function checkLibraries(
  elf: ElfFile,
  realFile: string,
  facts: HostFacts,
  storage: StorageRecord | undefined,
): VsmtpError[] {
  const { libraries, version } = facts;
  const { file } = elf;
  const dependencies = libraries.dependenciesOf(elf, realFile);
  const missing = dependencies.missing.map((library) => missingLibrary(file, realFile, library));
  return [
    ...missing,
    ...checkVersions(elf, dependencies, libraries),
    // What a missing library would have defined is not worth a line of its own.
    ...(missing.length > 0
      ? []
      : checkSymbols(elf, undefinedIn(elf, dependencies, libraries, storage), storage, version)),
  ];
}

/** Of a storage plugin whose libraries are there. */
export function linkageOf(elf: ElfFile, realFile: string, { libraries }: HostFacts, storage: StorageRecord): Linkage {
  const wanted = undefinedIn(elf, libraries.dependenciesOf(elf, realFile), libraries, storage);
  return { exports: elf.exported(""), wanted: wanted.map(({ name }) => name) };
}

function missingLibrary(file: string, realFile: string, { name, by, damage }: MissingLibrary): VsmtpError {
  const own = /^libvsmtp(-storage)?\.so/.test(name);
  return problem("PLUGIN_LIBRARY_MISSING", {
    file,
    library: name,
    through: by === realFile ? "" : ` (for ${by})`,
    reason: damage ? damage.message : "this system has none of that name",
    hint: own
      ? "It comes with vSMTP: build or install the plugin for this version, or complete vSMTP's own build"
      : `${whichPackage(name)}; of a library in a directory of its own, the loader learns by ldconfig`,
  });
}

function whichPackage(library: string): string {
  return `Is its package installed? \`apt-file search ${library}\` or \`dnf provides '*/${library}'\` tells its name`;
}

/** A problem for each library that is older than the one that the plugin was linked with. */
function checkVersions(elf: ElfFile, { byName, missing }: Dependencies, system: SystemLibraries): VsmtpError[] {
  const problems: VsmtpError[] = [];
  const { needed } = elf.versions;
  for (const name of new Set(needed.map(({ library }) => library))) {
    if (missing.some((library) => library.name === name)) continue;
    const library = byName.get(name) ?? system.inProcess(name);
    if (!library) {
      problems.push(damagedNeed(elf, name));
      continue;
    }
    const wanting = needed.filter((need) => need.library === name && !need.weak && !satisfies(library, need.name));
    if (wanting.length > 0) problems.push(olderLibrary(elf.file, library, wanting));
  }
  return problems;
}

/** The loader only warns of a library whose symbols have versions, but none of its own; without any it gives up. */
function satisfies({ elf: { versions } }: Library, version: string): boolean {
  return versions.has(version) || (!versions.defines && versions.present);
}

function damagedNeed(elf: ElfFile, library: string): VsmtpError {
  const reason = `it wants versions of ${library}, which is not among the libraries it needs`;
  return problem("ELF_DAMAGED", { file: elf.file, part: "the table of needed versions", reason });
}

function olderLibrary(file: string, library: Library, wanting: readonly NeededVersion[]): VsmtpError {
  const newest = (names: readonly string[]) =>
    names.toSorted((a, b) => compareVersions(numbers(a), numbers(b))).at(-1) ?? "";
  const version = newest(wanting.map(({ name }) => name));
  const family = version.slice(0, version.lastIndexOf("_") + 1);
  const defined = [...library.elf.versions.defined.values()].filter(
    (name) => /^\d/.test(name.slice(family.length)) && name.startsWith(family),
  );
  const has = defined.length > 0 ? `ends at ${newest(defined)}` : "does not have it";
  const glibc = family === "GLIBC_" && defined.length > 0;
  return problem("PLUGIN_LIBRARY_VERSION", {
    file,
    version,
    library: glibc ? `the C library (glibc ${numbers(version)})` : basename(library.path),
    path: library.path,
    has,
    hint: glibc
      ? "The plugin was built on a newer system than this one: build it here, or install its package for this system"
      : "The plugin was built with a newer version of that library: build it here, or update the library",
  });
}

/** "2.38" of "GLIBC_2.38". */
function numbers(version: string): string {
  return version.slice(version.lastIndexOf("_") + 1);
}

function undefinedIn(
  elf: ElfFile,
  { libraries }: Dependencies,
  system: SystemLibraries,
  storage: StorageRecord | undefined,
): Wanted[] {
  const core = storage ? system.storageCore : undefined;
  const linked = core ? [core, ...libraries] : libraries;
  return elf
    .wanted()
    .filter((wanted) => !linked.some((library) => library.provides(wanted)))
    .filter((wanted) => !system.process.some((library) => library.provides(wanted)));
}

function checkSymbols(
  { file }: ElfFile,
  missing: readonly Wanted[],
  storage: StorageRecord | undefined,
  host: string,
): VsmtpError[] {
  // What the plugins that it depends on define is known when all of them are (registry-storage.ts).
  if (missing.length === 0 || (storage && storage.dependencies.length > 0)) return [];
  const names = missing.map(({ name, version }) => (version === undefined ? name : `${name} (${version})`)).sort();
  const own = names.some((name) => name.startsWith("vsmtp_"));
  const hint = own
    ? `Link the plugin with libvsmtp.so.1 of vSMTP ${host} (\`vsmtp sdk --libs\`)`
    : storage
      ? "vSMTP's storage library has no such name: link the plugin with the library that does (-l…), name the plugin that defines it in its dependencies, or do without"
      : "Link the plugin with the library that defines it (-l…); with -Wl,-z,defs the linker finds this out";
  return [problem("PLUGIN_UNDEFINED", { file, symbols: enumerate(names), hint })];
}
