/** What stopped a start, as errors for the admin, and how they cross from one process to another. */

import { type ErrorCode, type Facts, type Place, VsmtpError } from "../errors.ts";
import { ScriptProblems } from "../vsl/index.ts";
import type { Problem } from "./messages.ts";

/** Of something caught: all that it holds. What is no error of ours is a bug and goes on. */
export function problemsOf(caught: unknown): VsmtpError[] {
  if (caught instanceof ScriptProblems) return [...caught.problems];
  if (caught instanceof VsmtpError) return [caught];
  throw caught;
}

export function asProblem(error: VsmtpError): Problem {
  return { ...error.toJSON(), facts: error.facts, place: error.place };
}

/** The error that {@link asProblem} was given, in a process of the same program. */
export function asError({ code, facts, place }: Problem): VsmtpError {
  return new VsmtpError(code as ErrorCode, facts as Facts, place === undefined ? {} : { place: place as Place });
}
