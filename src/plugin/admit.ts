/**
 * Admission: the decision whether a file may be loaded, from what it contains and from what is on this machine.
 *
 * Nothing of the file runs for it: a plugin's constructors run as soon as it is loaded, so every question that can be
 * answered before must be. All problems of a file are found in one go. What concerns several files (one name twice,
 * dependencies) is left to `registry.ts`.
 */

import { basename } from "node:path";
import { VsmtpError } from "../errors.ts";
import { checkLibraries, type Linkage, linkageOf, type Neighbour, neighboursOf } from "./admit-libraries.ts";
import { checkStorage } from "./admit-storage.ts";
import { checkFileName, checkVersion } from "./admit-version.ts";
import { ElfFile } from "./elf/elf-file.ts";
import { SymbolName } from "./elf/hash.ts";
import { machineName, sameMachine } from "./elf/machine.ts";
import { buildId } from "./elf/notes.ts";
import { checkSound } from "./elf/sound.ts";
import { MemorySource } from "./elf/source.ts";
import { type HostFacts, hostFacts } from "./host-facts.ts";
import { clashesOf } from "./interposition.ts";
import type { Manifest } from "./manifest-types.ts";
import { readFileName } from "./name.ts";
import { readRecords } from "./notes.ts";
import { openFile } from "./open.ts";
import { enumerate, problem } from "./problem.ts";
import { type PluginReading, readPlugin } from "./reading.ts";
import { Content, keepContent } from "./seal.ts";

/** What was decided about a file. */
export type Verdict = Admitted | Refused | NotAPlugin;

/** Plain data, and with it the bytes that were judged: see seal.ts. */
export interface Admitted {
  readonly kind: "admitted";
  /** As it was found. */
  readonly file: string;
  /** Where links lead to: the file whose bytes are loaded. */
  readonly realFile: string;
  readonly manifest: Manifest;
  /** What it shares with other storage plugins; undefined: it is none. */
  readonly linkage: Linkage | undefined;
  readonly bytes: number;
  /** Of its bytes, in hexadecimal digits. */
  readonly sha256: string;
  readonly buildId: string | undefined;
  /** Under which name other libraries can need it. */
  readonly soname: string | undefined;
  readonly neighbours: readonly Neighbour[];
  /** It is loaded with RTLD_DEEPBIND, to get the functions of its own libraries (interposition.ts). */
  readonly deep: boolean;
}

export interface Refused {
  readonly kind: "refused";
  readonly file: string;
  /** The plugin that it is or, when it cannot be read, claims to be by its name. */
  readonly name?: string;
  readonly problems: readonly VsmtpError[];
}

/** A file that does not claim to be a plugin of vSMTP, such as a library that a plugin needs. */
export interface NotAPlugin {
  readonly kind: "not-a-plugin";
  readonly file: string;
  readonly reason: string;
}

/** What is judged: the bytes, and the names under which they were found. */
export interface Candidate {
  readonly file: string;
  readonly realFile: string;
  readonly bytes: Uint8Array;
  /** What speaks against whoever could have written them. */
  readonly distrust: readonly VsmtpError[];
}

/** Judges one file; nothing is loaded, nothing thrown. */
export function admitFile(file: string, facts?: HostFacts): Verdict {
  const host = facts ?? hostFacts();
  try {
    const opened = openFile(file, host.owners);
    return opened instanceof VsmtpError ? refuse(file, undefined, [opened]) : judge(opened, host);
  } finally {
    if (!facts) host.libraries.close();
  }
}

export function judge(candidate: Candidate, facts: HostFacts): Verdict {
  const { file } = candidate;
  const claim = readFileName(basename(file));
  let name = claim?.name;
  const problems = [...candidate.distrust];
  try {
    const elf = new ElfFile(new MemorySource(file, candidate.bytes));
    const reading = readPlugin(elf, claim);
    if (!reading) return { kind: "not-a-plugin", file, reason: whyNone(elf, name) };
    const { manifest } = reading;
    problems.push(...reading.problems);
    name = manifest?.name ?? name;
    if (manifest) problems.push(...checkFileName(candidate, claim, manifest));
    problems.push(...checkFile(elf, reading, candidate, facts));
    if (manifest && problems.length === 0) return admit(candidate, elf, manifest, facts);
  } catch (error) {
    if (!(error instanceof VsmtpError)) throw error;
    problems.push(error);
  }
  return refuse(file, name, problems);
}

function admit({ file, realFile, bytes }: Candidate, elf: ElfFile, manifest: Manifest, facts: HostFacts): Admitted {
  const { storage } = manifest;
  const content = new Content(bytes);
  const admitted: Admitted = {
    kind: "admitted",
    file,
    realFile,
    manifest,
    linkage: storage && linkageOf(elf, realFile, facts, storage),
    bytes: bytes.length,
    get sha256() {
      return content.sha256;
    },
    buildId: buildId(elf.notes),
    soname: elf.dynamic.soname,
    neighbours: neighboursOf(elf, realFile, facts, manifest),
    deep: clashesOf(elf, realFile, facts, { storage: storage !== undefined, most: 1 }).length > 0,
  };
  keepContent(admitted, content);
  return admitted;
}

/** Whether the file is what its manifest says, and can be loaded here. */
function checkFile(elf: ElfFile, reading: PluginReading, candidate: Candidate, facts: HostFacts): VsmtpError[] {
  const { file } = candidate;
  if (elf.isProgram) return [problem("ELF_NOT_A_LIBRARY", { file, kind: "a program" })];
  if (!sameMachine(elf.header.machine, facts.machine)) {
    const built = machineName(elf.header.machine);
    const other = problem("ELF_OTHER_MACHINE", { file, built, host: machineName(facts.machine) });
    return [other, ...checkPromises(elf, reading, facts)];
  }
  checkSound(elf);
  // Of one that was compiled for another program, nothing that it needs can be expected here.
  const promises = checkPromises(elf, reading, facts);
  if (promises.some(({ code }) => code === "PLUGIN_FOR_DOVECOT")) return promises;
  return [
    ...promises,
    ...checkExports(elf, reading.manifest),
    ...checkOwnCore(elf, facts),
    ...checkLibraries(elf, candidate.realFile, facts, reading.manifest),
  ];
}

/** For which vSMTP it is built, as far as it says so. */
function checkPromises(elf: ElfFile, { manifest, storage }: PluginReading, { version }: HostFacts): VsmtpError[] {
  return [
    ...(manifest?.scripted ? checkVersion(elf, manifest, version) : []),
    ...(storage ? checkStorage(elf, storage, version) : []),
  ];
}

/** Functions that a plugin may have besides those of its manifest. */
const OPTIONAL = ["vsmtp_plugin_init", "vsmtp_plugin_fini"].map((name) => new SymbolName(name));

/** Every function that the host is going to call must be there, and be a function. */
function checkExports(elf: ElfFile, manifest: Manifest | undefined): VsmtpError[] {
  const { file } = elf;
  const problems: VsmtpError[] = [];
  const check = (name: SymbolName, required: boolean) => {
    const found = elf.find(name);
    if (!found && required) problems.push(problem("PLUGIN_SYMBOL_MISSING", { file, symbol: name.text }));
    if (found && !elf.symbols.callable(found))
      problems.push(problem("PLUGIN_NOT_A_FUNCTION", { file, symbol: name.text }));
  };
  const functions = manifest?.functions.map(({ symbol }) => symbol) ?? [];
  const destructors = manifest?.objects.map(({ destroy }) => destroy) ?? [];
  for (const symbol of new Set([...functions, ...destructors])) check(new SymbolName(symbol), true);
  for (const name of OPTIONAL) check(name, false);
  return problems;
}

/** A plugin that brings vSMTP's own functions along would have its own, empty, state of them. */
function checkOwnCore(elf: ElfFile, { libraries }: HostFacts): VsmtpError[] {
  // vsmtp_plugin_version and its like are the plugin's to define.
  const suspects = elf.exported("vsmtp_").filter((name) => !name.startsWith("vsmtp_plugin_"));
  const copied = suspects.filter((name) => libraries.ownSymbols.has(name));
  return copied.length > 0 ? [problem("PLUGIN_STATIC_CORE", { file: elf.file, symbols: enumerate(copied, 4) })] : [];
}

function whyNone(elf: ElfFile, claimed: string | undefined): string {
  const noted = readRecords(elf.notes).length > 0;
  if (noted) return "it is compiled with vSMTP's lib.h, but has neither the functions nor the name of a storage plugin";
  const reason = "it has no notes of vSMTP";
  return claimed === undefined
    ? reason
    : `${reason}, though by its name it is the plugin ${claimed}: it was not built with vsmtp/plugin.h`;
}

function refuse(file: string, name: string | undefined, problems: readonly VsmtpError[]): Refused {
  return name === undefined ? { kind: "refused", file, problems } : { kind: "refused", file, name, problems };
}
