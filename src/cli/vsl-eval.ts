/** `vsmtp vsl eval`: runs one plain script, or with `--jsonl` one a line, and prints what comes of it. */

import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Command } from "commander";
import { describe, reasonOf, VsmtpError } from "../errors.ts";
import { evaluate, ScriptProblems, show, type Value } from "../vsl/index.ts";
import { printProblems } from "./print.ts";
import { evaluateLines } from "./vsl-jsonl.ts";
import { encodeValue, failureOf } from "./vsl-value.ts";

interface Options {
  readonly expression?: string;
  readonly json?: boolean;
  readonly jsonl?: boolean;
}

interface Script {
  readonly name: string;
  readonly text: string;
  /** What its imports are relative to. */
  readonly directory: string;
}

export async function evalScript({ expression, json = false, jsonl = false }: Options, self: Command): Promise<number> {
  const [file] = self.args;
  if (jsonl) {
    if (file !== undefined || expression !== undefined) self.error("error: --jsonl takes its scripts from stdin");
    await evaluateLines(process.stdin, process.stdout);
    return 0;
  }
  if (file !== undefined && expression !== undefined) self.error("error: give a file or -e, not both");
  try {
    const { text, name, directory } = scriptOf(file, expression);
    print(await evaluate(text, name, { directory }), json);
    return 0;
  } catch (error) {
    report(error, json);
    return 1;
  }
}

function scriptOf(file: string | undefined, expression: string | undefined): Script {
  if (expression !== undefined) return { name: "-e", text: expression, directory: process.cwd() };
  if (file === undefined || file === "-") return { name: "stdin", text: read(0, "stdin"), directory: process.cwd() };
  return { name: file, text: read(file, file), directory: dirname(resolve(file)) };
}

function read(file: string | number, name: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new VsmtpError("VSL_UNREADABLE", { file: name, reason: reasonOf(error) }, { cause: error });
  }
}

function print(value: Value, json: boolean): void {
  if (json) process.stdout.write(`{"ok":true,"value":${encodeValue(value)}}\n`);
  else if (value !== undefined) process.stdout.write(`${show(value)}\n`);
}

function report(error: unknown, json: boolean): void {
  const problems = error instanceof ScriptProblems ? error.problems : [error];
  if (json) {
    const [first, ...more] = problems.map(failureOf);
    process.stdout.write(`${JSON.stringify({ ok: false, error: first, more })}\n`);
  } else if (problems.every((problem) => problem instanceof VsmtpError)) printProblems(problems, false);
  else for (const problem of problems) process.stderr.write(`${textOf(problem)}\n`);
}

function textOf(problem: unknown): string {
  return problem instanceof VsmtpError ? describe(problem) : `error: ${failureOf(problem).message}`;
}
