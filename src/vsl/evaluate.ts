/** Runs one text as a script, for hosts that have no file: it is compiled, run once and forgotten. */

import type { EngineOptions } from "./engine.ts";
import { finished } from "./script.ts";
import { parse } from "./syntax/parser.ts";
import { Source } from "./syntax/source.ts";
import { TextCompiler } from "./text-compiler.ts";
import type { Value } from "./value.ts";

/** `name` stands in the places of errors. @throws VsmtpError (ScriptProblems: found before anything was run) */
export async function evaluate(text: string, name: string, options: EngineOptions): Promise<Value> {
  const source = new Source(name, text);
  const compiler = new TextCompiler(options);
  const { instance } = await compiler.compile(source, parse(source));
  return finished(() => instance.top(compiler.newRun(), 0));
}
