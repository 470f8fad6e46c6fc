/** What the plugin commands say about a judged file, as text and as JSON. Text from a file is made printable. */

import { describe, type VsmtpError } from "../errors.ts";
import { type Admitted, type Manifest, printable, type Verdict } from "../plugin/index.ts";

/** The stable shape of a verdict in `--json`; keys may be added to it, never changed. */
export function verdictJson(verdict: Verdict): Record<string, unknown> {
  const { file, kind: state } = verdict;
  if (verdict.kind === "not-a-plugin") return { file, state, reason: verdict.reason };
  if (verdict.kind === "refused") return { file, state, name: verdict.name, problems: verdict.problems };
  const { name, release, vsmtp, description, module, functions, storage, dependencies } = verdict.manifest;
  const { realFile, sha256, buildId, deep } = verdict;
  const kinds = kindsOf(verdict.manifest);
  const known = { file, state, realFile, name, kinds, release, vsmtp, description, module };
  return { ...known, functions: functions.length, dependencies, storage, sha256, buildId, deep };
}

/** What a plugin is for: `rules`, `storage`, or both. */
export function kindsOf({ scripted, storage }: Manifest): string[] {
  return [...(scripted ? ["rules"] : []), ...(storage ? ["storage"] : [])];
}

/** `admitted`, or what speaks against it, on lines of their own. */
export function verdictText(verdict: Verdict): string {
  if (verdict.kind === "admitted") return admittedText(verdict);
  if (verdict.kind === "not-a-plugin") return `not a plugin: ${verdict.reason}`;
  return ["refused", ...verdict.problems.map(problemText)].join("\n");
}

function admittedText({ manifest, linkage }: Admitted): string {
  const wanted = linkage?.wanted ?? [];
  if (wanted.length === 0) return "admitted";
  return `admitted, if ${manifest.storage?.dependencies.join(" or ")} defines ${wanted.map(printable).join(", ")}`;
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
