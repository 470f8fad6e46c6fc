/**
 * Everything that can be learned about one file without loading it, for people: also about files that are refused, or
 * are for another machine, as far as they can be read.
 */

import { hash } from "node:crypto";
import { basename } from "node:path";
import { VsmtpError } from "../errors.ts";
import { type Admitted, judge, type Verdict } from "./admit.ts";
import { readVersionSymbol } from "./admit-version.ts";
import { ElfFile } from "./elf/elf-file.ts";
import { machineName } from "./elf/machine.ts";
import { buildId } from "./elf/notes.ts";
import { MemorySource } from "./elf/source.ts";
import type { DynamicSymbol } from "./elf/symbols.ts";
import { type HostFacts, hostFacts } from "./host-facts.ts";
import { clashesOf } from "./interposition.ts";
import type { Manifest } from "./manifest-types.ts";
import { readFileName } from "./name.ts";
import { type OpenedFile, openFile } from "./open.ts";
import { type PluginReading, readPlugin } from "./reading.ts";

export interface Inspection {
  readonly file: string;
  /** Where links lead to; undefined: nowhere. */
  readonly realFile: string | undefined;
  readonly verdict: Verdict;
  /** As much of it as could be understood. Undefined: none. */
  readonly manifest: Manifest | undefined;
  /** What others of a group could do to it. */
  readonly warnings: readonly VsmtpError[];
  /** Undefined: the file is none that can be loaded anywhere. */
  readonly library: LibraryFacts | undefined;
}

export interface LibraryFacts {
  readonly bytes: number;
  readonly sha256: string;
  /** "x86_64 (64-bit)" */
  readonly machine: string;
  /** What `vsmtp_plugin_version` holds, or of a storage plugin `<base>_version`. */
  readonly versionSymbol: string | undefined;
  readonly buildId: string | undefined;
  readonly soname: string | undefined;
  /** By SONAME or path. */
  readonly needed: readonly string[];
  /** Directories of the file's own in which they are looked for first, as they stand in it. */
  readonly searched: string | undefined;
  /** Versions of libraries that it needs: `GLIBC_2.34 of libc.so.6`. */
  readonly versions: readonly string[];
  /** Names of the symbols that it offers to others, and that others must have for it. */
  readonly exports: readonly string[];
  readonly imports: readonly string[];
  /** Functions that run when it is loaded, before anything is asked of it. One is usual: the compiler's. */
  readonly constructors: number;
  /**
   * Names that it would get from the program instead of its own libraries, were it not loaded with deep binding; at
   * most the first few. None of a file that is not admitted.
   */
  readonly clashes: readonly string[];
}

/** Reads and judges one file; loads nothing, throws nothing. */
export function inspectFile(file: string, facts?: HostFacts): Inspection {
  const host = facts ?? hostFacts();
  try {
    const opened = openFile(file, host.owners);
    if (!(opened instanceof VsmtpError)) return inspectOpened(opened, host);
    const verdict = { kind: "refused", file, problems: [opened] } as const;
    return { file, realFile: undefined, verdict, manifest: undefined, warnings: [], library: undefined };
  } finally {
    if (!facts) host.libraries.close();
  }
}

function inspectOpened(opened: OpenedFile, host: HostFacts): Inspection {
  const { file, realFile, bytes, warnings } = opened;
  const verdict = judge(opened, host);
  const elf = attempt(() => new ElfFile(new MemorySource(file, bytes)));
  const reading = elf && attempt(() => readPlugin(elf, readFileName(basename(file))));
  const library = elf && {
    sha256: hash("sha256", bytes),
    ...libraryFacts(elf, reading),
    clashes: verdict.kind === "admitted" && verdict.deep ? clashesIn(elf, verdict, host) : [],
  };
  return { file, realFile, verdict, manifest: reading?.manifest, warnings, library };
}

const MOST_CLASHES = 50;

function clashesIn(elf: ElfFile, { realFile, manifest }: Admitted, host: HostFacts): string[] {
  const storage = manifest.storage !== undefined;
  return clashesOf(elf, realFile, host, { storage, most: MOST_CLASHES }).sort();
}

function libraryFacts(elf: ElfFile, reading: PluginReading | undefined): Omit<LibraryFacts, "sha256" | "clashes"> {
  const symbols = attempt(() => elf.listSymbols()) ?? [];
  const names = (some: readonly DynamicSymbol[]) => some.map(({ name }) => name).sort();
  return {
    bytes: elf.source.size,
    machine: machineName(elf.header.machine),
    versionSymbol: attempt(() => readVersionSymbol(elf)) ?? reading?.storage?.version,
    buildId: attempt(() => buildId(elf.notes)),
    soname: attempt(() => elf.dynamic.soname),
    needed: attempt(() => elf.dynamic.needed) ?? [],
    searched: attempt(() => elf.dynamic.runpath ?? elf.dynamic.rpath),
    versions: attempt(() => elf.versions.needed.map(({ name, library }) => `${name} of ${library}`).sort()) ?? [],
    exports: names(symbols.filter(({ exported }) => exported)),
    imports: names(symbols.filter(({ defined, weak, name }) => !defined && !weak && name !== "")),
    constructors: elf.constructors,
  };
}

/** Undefined where the file is damaged. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof VsmtpError) return undefined;
    throw error;
  }
}
