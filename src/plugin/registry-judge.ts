/**
 * Judges the files of a directory one by one, and makes one of several names for the same file.
 */

import { basename } from "node:path";
import { VsmtpError } from "../errors.ts";
import { judge, type Verdict } from "./admit.ts";
import type { HostFacts } from "./host-facts.ts";
import { readFileName } from "./name.ts";
import { openFile } from "./open.ts";

/** Who named the file: somebody by its path, the plugin directory, or the host itself. In the order of precedence. */
export type Origin = "given" | "directory" | "shipped";

/** A file, and what was decided about it. */
export interface Judged {
  readonly verdict: Verdict;
  /** The same for all names of one file; undefined: it could not be opened. */
  readonly identity: string | undefined;
  readonly origin: Origin;
  /** Names of further links to the same file. */
  readonly aliases: readonly string[];
  /** Of one that is taken all the same. */
  readonly warnings: readonly VsmtpError[];
}

/** Verdicts in the order of the files. A file that was there before under another name is not judged to be a second. */
export function judgeFiles(files: readonly string[], origin: Origin, facts: HostFacts): Judged[] {
  const all: Judged[] = [];
  for (const file of files) {
    const judged = judgeOne(file, origin, facts);
    // A link with a wrong name is refused for itself, so only verdicts that agree are about the same thing.
    const twin = all.findIndex((other) => sameFile(judged, other) && other.verdict.kind === judged.verdict.kind);
    const first = all[twin];
    if (first) all[twin] = { ...first, aliases: [...first.aliases, basename(file)] };
    else all.push(judged);
  }
  return all;
}

/** The plugin that a file is, or claims to be. */
export function nameOf(verdict: Verdict): string | undefined {
  if (verdict.kind === "admitted") return verdict.manifest.name;
  return verdict.kind === "refused" ? verdict.name : undefined;
}

/** For what could not even be opened. */
export function unopened(file: string, problem: VsmtpError): Judged {
  const name = readFileName(basename(file))?.name;
  const verdict: Verdict = { kind: "refused", file, ...(name !== undefined && { name }), problems: [problem] };
  return { verdict, identity: undefined, origin: "directory", aliases: [], warnings: [] };
}

function judgeOne(file: string, origin: Origin, facts: HostFacts): Judged {
  const opened = openFile(file, facts.owners);
  if (opened instanceof VsmtpError) return { ...unopened(file, opened), origin };
  const { identity, warnings } = opened;
  const verdict = judge(opened, facts);
  return { verdict, identity, origin, aliases: [], warnings: verdict.kind === "admitted" ? warnings : [] };
}

function sameFile({ identity }: Judged, other: Judged): boolean {
  return identity !== undefined && identity === other.identity;
}
