/** How commands tell problems: for people on stderr, for programs one JSON object on stdout. */

import { describe, type VsmtpError } from "../errors.ts";

export function printProblems(problems: readonly VsmtpError[], json: boolean): void {
  if (json) printJson({ ok: false, errors: problems });
  else for (const problem of problems) process.stderr.write(`${describe(problem)}\n`);
}

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
}
