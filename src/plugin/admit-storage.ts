/**
 * Whether a file may be loaded as a storage plugin: it has to be compiled with the headers of this very vSMTP, in all
 * of its parts, and be meant for what vSMTP does.
 *
 * What other storage plugins have to do with it is judged in `registry-storage.ts`.
 */

import type { VsmtpError } from "../errors.ts";
import { otherVersion } from "./admit-version.ts";
import type { ElfFile } from "./elf/elf-file.ts";
import type { StorageReading } from "./manifest-storage.ts";
import { enumerate, problem } from "./problem.ts";

/** The programs of Dovecot whose part vSMTP plays, and its own name. */
const OWN_BINARIES: readonly string[] = ["vsmtp", "imap", "lmtp"];

export function checkStorage({ file }: ElfFile, reading: StorageReading, host: string): VsmtpError[] {
  // What else is wrong with it would be told about a plugin that is built anew anyway.
  if (reading.units.length === 0 || isDovecots(reading.version)) return [compiledForDovecot(file, reading.version)];
  return [...reading.problems, ...checkVersions(file, reading, host), ...checkBinaries(file, reading)];
}

/** `2.3.ABIv19(2.3.19.1)`: what DOVECOT_ABI_VERSION is in Dovecot's own headers. */
function isDovecots(version: string | undefined): boolean {
  return version !== undefined && /ABIv\d/.test(version);
}

function compiledForDovecot(file: string, version: string | undefined): VsmtpError {
  const found = isDovecots(version) ? `its ABI ${version}` : "it has no notes of vSMTP's lib.h";
  return problem("PLUGIN_FOR_DOVECOT", { file, found });
}

function checkVersions(file: string, { units, version, record }: StorageReading, host: string): VsmtpError[] {
  const [unit, ...others] = units;
  if (others.length > 0) return [problem("PLUGIN_VERSION_MIXED", { file, versions: enumerate(units), host })];
  const problems = unit === undefined || unit === host ? [] : [otherVersion(file, unit, host)];
  if (version === undefined || version === unit) return problems;
  const facts = { file, manifest: unit ?? "", variable: `${record.base}_version`, symbol: version };
  return [...problems, problem("PLUGIN_VERSION_CONTRADICTION", facts)];
}

function checkBinaries(file: string, { record: { base, binaries } }: StorageReading): VsmtpError[] {
  if (binaries === undefined || binaries.some((name) => OWN_BINARIES.includes(name))) return [];
  const named = binaries.length === 0 ? "no program at all" : enumerate(binaries);
  return [problem("PLUGIN_BINARY", { file, binaries: named, symbol: `${base}_binary_dependency` })];
}
