/** `vsmtp plugin check FILE…`: whether each file would be admitted, and if not, everything that speaks against it. */

import type { Verdict } from "../plugin/index.ts";
import { fileText, verdictJson, verdictText } from "./plugin-verdict.ts";

/** Whether the command succeeds: a file that is no plugin at all is not what was hoped for either. */
export function allAdmitted(verdicts: readonly Verdict[]): boolean {
  return verdicts.every(({ kind }) => kind === "admitted");
}

export function pluginCheckJson(verdicts: readonly Verdict[]): Record<string, unknown> {
  return { ok: allAdmitted(verdicts), plugins: verdicts.map(verdictJson) };
}

export function pluginCheckText(verdicts: readonly Verdict[]): string {
  return verdicts.map((verdict) => `${fileText(verdict.file, undefined)}: ${verdictText(verdict)}\n`).join("");
}
