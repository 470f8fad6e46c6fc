/**
 * Plugins on their way from the process that judged them to those that load them: verdicts as plain data, and the
 * copies that they are about.
 */

import { VsmtpError } from "../errors.ts";
import type { Verdict } from "./admit.ts";
import type { HeldPlugin, HeldVerdict } from "./figures.ts";
import type { Judged } from "./registry-judge.ts";
import { adoptCopy, sealCopy } from "./seal.ts";

/** Seals what is admitted. What cannot be sealed is refused. */
export function holdOne({ verdict, origin, aliases }: Judged): HeldPlugin {
  const { file } = verdict;
  const refused = { file, realFile: file, origin, aliases, descriptor: undefined, bytes: 0, sha256: "" };
  if (verdict.kind !== "admitted") return { ...refused, verdict: plain(verdict) };
  const copy = sealCopy(verdict);
  if (copy instanceof VsmtpError) {
    const { name } = verdict.manifest;
    return { ...refused, verdict: plain({ kind: "refused", file, name, problems: [copy] }) };
  }
  const { realFile, bytes, sha256 } = verdict;
  return { file, realFile, origin, aliases, descriptor: copy.descriptor, bytes, sha256, verdict };
}

/** In the process that was given it: as if it had been judged here. */
export function takeHeld({ verdict, origin, aliases, descriptor }: HeldPlugin): Judged {
  if (verdict.kind === "admitted" && descriptor !== undefined) adoptCopy(verdict, descriptor);
  return { verdict: restored(verdict), identity: undefined, origin, aliases, warnings: [] };
}

function plain(verdict: Verdict): HeldVerdict {
  if (verdict.kind !== "refused") return verdict;
  return { ...verdict, problems: verdict.problems.map(({ code, facts }) => ({ code, facts })) };
}

function restored(verdict: HeldVerdict): Verdict {
  if (verdict.kind !== "refused") return verdict;
  return { ...verdict, problems: verdict.problems.map(({ code, facts }) => new VsmtpError(code, facts)) };
}
