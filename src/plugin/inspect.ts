/**
 * Everything that can be learned about one file without loading it, for people: also about files that are refused, or
 * are for another machine, as far as they can be read.
 */

import { basename } from "node:path";
import { VsmtpError } from "../errors.ts";
import { judge, type Verdict } from "./admit.ts";
import { readVersionSymbol } from "./admit-version.ts";
import { ElfFile } from "./elf/elf-file.ts";
import { machineName } from "./elf/machine.ts";
import { buildId } from "./elf/notes.ts";
import type { DynamicSymbol } from "./elf/symbols.ts";
import { type HostFacts, hostFacts } from "./host-facts.ts";
import type { Manifest } from "./manifest-types.ts";
import { readFileName } from "./name.ts";
import { openFile } from "./open.ts";
import { type PluginReading, readPlugin } from "./reading.ts";

export interface Inspection {
  readonly file: string;
  /** Where links lead to; undefined: nowhere. */
  readonly realFile: string | undefined;
  readonly verdict: Verdict;
  /** As much of it as could be understood. Undefined: none. */
  readonly manifest: Manifest | undefined;
  /** Undefined: the file is none that can be loaded anywhere. */
  readonly library: LibraryFacts | undefined;
}

export interface LibraryFacts {
  readonly bytes: number;
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
}

/** Reads and judges one file; loads nothing, throws nothing. */
export function inspectFile(file: string, facts?: HostFacts): Inspection {
  const opened = openFile(file);
  if (opened instanceof VsmtpError) {
    const verdict = { kind: "refused", file, problems: [opened] } as const;
    return { file, realFile: undefined, verdict, manifest: undefined, library: undefined };
  }
  const host = facts ?? hostFacts();
  try {
    const verdict = judge(opened, host);
    const elf = attempt(() => new ElfFile(opened.source));
    const reading = elf && attempt(() => readPlugin(elf, readFileName(basename(file))));
    return {
      file,
      realFile: opened.realFile,
      verdict,
      manifest: reading?.manifest,
      library: elf && libraryFacts(elf, reading),
    };
  } finally {
    opened.source.close();
    if (!facts) host.libraries.close();
  }
}

function libraryFacts(elf: ElfFile, reading: PluginReading | undefined): LibraryFacts {
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
