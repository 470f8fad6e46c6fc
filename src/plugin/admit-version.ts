/**
 * A plugin names the vSMTP that it is built for up to four times: in its manifest, in a symbol, in the name of its
 * file, and in the name of a link to it. All must agree, and be this vSMTP.
 */

import { basename } from "node:path";
import type { VsmtpError } from "../errors.ts";
import type { Candidate } from "./admit.ts";
import { readCharacters, readPointedText } from "./elf/data.ts";
import type { ElfFile } from "./elf/elf-file.ts";
import { SymbolName } from "./elf/hash.ts";
import type { Manifest } from "./manifest-types.ts";
import { type FileClaim, readFileName } from "./name.ts";
import { problem } from "./problem.ts";
import { compareVersions } from "./version.ts";

const VERSION_SYMBOL = new SymbolName("vsmtp_plugin_version");

/** What the exported variable says; undefined: there is none, or it is no text. */
export function readVersionSymbol(elf: ElfFile): string | undefined {
  const symbol = elf.find(VERSION_SYMBOL);
  return symbol && readCharacters(elf, symbol);
}

/** Manifest and symbol against each other, and against the host. */
export function checkVersion(elf: ElfFile, { vsmtp }: Manifest, host: string): VsmtpError[] {
  const { file } = elf;
  const problems: VsmtpError[] = [];
  if (vsmtp !== host) problems.push(otherVersion(file, vsmtp, host));
  const symbol = readVersionSymbol(elf);
  if (symbol === undefined) problems.push(problem("PLUGIN_NO_VERSION", { file, reason: whyNoVersion(elf) }));
  else if (symbol !== vsmtp) {
    problems.push(
      problem("PLUGIN_VERSION_CONTRADICTION", { file, manifest: vsmtp, variable: VERSION_SYMBOL.text, symbol }),
    );
  }
  return problems;
}

function whyNoVersion(elf: ElfFile): string {
  const symbol = elf.find(VERSION_SYMBOL);
  if (!symbol) return "it does not export vsmtp_plugin_version";
  const pointed = readPointedText(elf, symbol);
  const found = pointed === undefined ? "something else" : `a pointer to "${pointed}"`;
  return `its vsmtp_plugin_version is ${found}, where an array of characters should be`;
}

export function otherVersion(file: string, found: string, host: string): VsmtpError {
  const order = compareVersions(found, host);
  const relation = order < 0 ? "older than" : order > 0 ? "newer than" : "another build than";
  const update = order > 0 ? `, or update vSMTP to ${found}` : "";
  const hint = `Install the plugin's package for vSMTP ${host}, or build it with the headers of that version${update}`;
  return problem("PLUGIN_VERSION", { file, found, relation, host, hint });
}

/** The names under which the file was found, its own and a link's, against its manifest. */
export function checkFileName(
  { file, realFile }: Candidate,
  claim: FileClaim | undefined,
  manifest: Manifest,
): VsmtpError[] {
  const problems = claim ? contradictions(file, claim, manifest) : [];
  if (basename(file) === basename(realFile)) return problems;
  const target = readFileName(basename(realFile));
  return target ? [...problems, ...contradictions(realFile, target, manifest)] : problems;
}

function contradictions(file: string, { name, version }: FileClaim, manifest: Manifest): VsmtpError[] {
  const problems: VsmtpError[] = [];
  if (name !== manifest.name) {
    const facts = { claimed: `the plugin ${name}`, found: `the plugin ${manifest.name}` };
    problems.push(problem("PLUGIN_FILE_NAME", { file, ...facts }));
  }
  if (version !== undefined && version !== manifest.vsmtp) {
    const facts = { claimed: `for vSMTP ${version}`, found: `for vSMTP ${manifest.vsmtp}` };
    problems.push(problem("PLUGIN_FILE_NAME", { file, ...facts }));
  }
  return problems;
}
