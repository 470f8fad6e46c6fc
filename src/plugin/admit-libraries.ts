/**
 * Whether everything that a plugin wants from outside of its file is there: libraries, their versions, symbols.
 * The loader would find the same out, one at a time and in words that name neither cause nor cure.
 */

import { realpathSync } from "node:fs";
import { basename, dirname } from "node:path";
import type { VsmtpError } from "../errors.ts";
import type { ElfFile, Wanted } from "./elf/elf-file.ts";
import type { NeededVersion } from "./elf/versions.ts";
import type { HostFacts } from "./host-facts.ts";
import type { Manifest, StorageRecord } from "./manifest-types.ts";
import { readFileName } from "./name.ts";
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

/** @param manifest undefined: it could not be understood. One that is no storage plugin does not see the storage library */
export function checkLibraries(
  elf: ElfFile,
  realFile: string,
  facts: HostFacts,
  manifest: Manifest | undefined,
): VsmtpError[] {
  const { libraries, version } = facts;
  const { file } = elf;
  const dependencies = withNeighbours(libraries.dependenciesOf(elf, realFile), manifest);
  const missing = dependencies.missing.map((library) => missingLibrary(file, realFile, library));
  const storage = manifest?.storage;
  return [
    ...missing,
    ...checkOwners(file, dependencies, facts),
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

/** A library that could be another plugin. Whether it is shows when all plugins are known (registry-rules.ts). */
export interface Neighbour {
  /** As it is needed. */
  readonly name: string;
  /** Where the loader would find it, links resolved; undefined: nowhere, so that plugin has to be in memory already. */
  readonly path: string | undefined;
}

/** Libraries that come with a file, and those that by their names are plugins which it depends on. */
export function neighboursOf(
  elf: ElfFile,
  realFile: string,
  { libraries: system }: HostFacts,
  { dependencies }: Manifest,
): Neighbour[] {
  const { byName, missing } = system.dependenciesOf(elf, realFile);
  const brought = [...byName].filter(([, library]) => !system.isInProcess(library));
  return [
    ...brought.map(([name, { path }]) => ({ name, path: realpathSync.native(path) })),
    ...missing.filter(isOf(dependencies)).map(({ name }) => ({ name, path: undefined })),
  ];
}

function isOf(dependencies: readonly string[]): (library: MissingLibrary) => boolean {
  return ({ name, damage }) => !damage && dependencies.includes(readFileName(basename(name))?.name ?? "");
}

/** With neighbours taken for found, as far as they are. */
function withNeighbours(dependencies: Dependencies, manifest: Manifest | undefined): Dependencies {
  const { libraries, byName, missing } = dependencies;
  const isNeighbour = isOf(manifest?.dependencies ?? []);
  const beside = missing.filter(isNeighbour).flatMap((one) => (one.beside ? [[one.name, one.beside] as const] : []));
  return {
    libraries: [...libraries, ...beside.map(([, library]) => library)],
    byName: new Map([...byName, ...beside]),
    missing: missing.filter((one) => !isNeighbour(one)),
  };
}

/** A library is loaded with the plugin, and could do the same. */
function checkOwners(
  file: string,
  { libraries }: Dependencies,
  { libraries: system, owners }: HostFacts,
): VsmtpError[] {
  const brought = libraries.filter((library) => !system.isInProcess(library));
  return brought.flatMap(({ path, owned }) =>
    owners
      .check(path, realpathSync.native(path), owned)
      .problems.map(({ code, facts }) => problem(code, { ...facts, file })),
  );
}

function missingLibrary(file: string, realFile: string, { name, by, damage, beside }: MissingLibrary): VsmtpError {
  if (beside) return onlyBeside(file, name, beside.path);
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

function onlyBeside(file: string, library: string, path: string): VsmtpError {
  const rpath = `-Wl,-rpath,${dirname(path)}`;
  const hint = `Link ${library} into the plugin as a static archive, put it where the loader looks for libraries (/usr/local/lib, then ldconfig), or name its directory in full: ${rpath}`;
  return problem("PLUGIN_ORIGIN", { file, library, path, hint });
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
