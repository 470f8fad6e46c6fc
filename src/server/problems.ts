/** What stopped a start, as errors for the admin. */

import { VsmtpError } from "../errors.ts";
import { ScriptProblems } from "../vsl/index.ts";

/** Of something caught: all that it holds. What is no error of ours is a bug and goes on. */
export function problemsOf(caught: unknown): VsmtpError[] {
  if (caught instanceof ScriptProblems) return [...caught.problems];
  if (caught instanceof VsmtpError) return [caught];
  throw caught;
}
