/** Runs a configuration script: one function that is given plain data and returns plain data. */

import { VsmtpError } from "../errors.ts";
import {
  Engine,
  fromPlain,
  type Script,
  ScriptError,
  ScriptProblems,
  toPlain,
  typeName,
  VslMap,
} from "../vsl/index.ts";
import { unixModule } from "./module.ts";

export interface ConfigScript {
  readonly file: string;
  /** What its imports are relative to. */
  readonly directory: string;
  /** `on_config` or `on_domain_config`. */
  readonly function: string;
}

/** What the function makes of `given`, or what is wrong with the script. */
export async function runConfigScript(script: ConfigScript, given: unknown): Promise<object | VsmtpError[]> {
  const { file, directory, function: name } = script;
  // The output of commands that show a configuration must not get lines of its scripts.
  const print = (line: string) => process.stderr.write(`${line}\n`);
  const engine = new Engine({ directory, globals: unixModule(), print });
  try {
    const [loaded] = (await engine.load([file])) as [Script];
    if (!loaded.has(name, 1)) return [new VsmtpError("CONFIG_NO_ON_CONFIG", { file, function: name })];
    const returned = await loaded.call(name, [fromPlain(given)]);
    if (returned instanceof VslMap) return toPlain(returned) as object;
    return [new VsmtpError("CONFIG_NOT_A_MAP", { file, function: name, type: typeName(returned) })];
  } catch (error) {
    if (error instanceof ScriptProblems) return [...error.problems];
    if (error instanceof VsmtpError) return [error];
    if (error instanceof ScriptError) {
      return [new VsmtpError("CONFIG_NOT_DATA", { file, function: name, reason: error.message })];
    }
    throw error;
  }
}
