/** What the plugin commands say about a judged file, as text and as JSON. Text from a file is made printable. */

import { describe, type VsmtpError } from "../errors.ts";
import { printable, type Verdict } from "../plugin/index.ts";

/** The stable shape of a verdict in `--json`; keys may be added to it, never changed. */
export function verdictJson(verdict: Verdict): Record<string, unknown> {
  const { file, kind: state } = verdict;
  if (verdict.kind === "not-a-plugin") return { file, state, reason: verdict.reason };
  if (verdict.kind === "refused") return { file, state, name: verdict.name, problems: verdict.problems };
  const { name, release, vsmtp, description, module, functions } = verdict.manifest;
  const { realFile } = verdict;
  return { file, state, realFile, name, release, vsmtp, description, module, functions: functions.length };
}

/** `admitted`, or what speaks against it, on lines of their own. */
export function verdictText(verdict: Verdict): string {
  if (verdict.kind === "admitted") return "admitted";
  if (verdict.kind === "not-a-plugin") return `not a plugin: ${verdict.reason}`;
  return ["refused", ...verdict.problems.map(problemText)].join("\n");
}

export function problemText(problem: VsmtpError): string {
  return indent(describe(problem));
}

/** `file`, or `link -> file`. */
export function fileText(file: string, realFile: string | undefined): string {
  return realFile === undefined || realFile === file ? printable(file) : `${printable(file)} -> ${printable(realFile)}`;
}

export function countText(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

function indent(text: string): string {
  return text.replace(/^/gm, "    ");
}
