/**
 * Reads a configuration: runs vsmtp.vsl with the language's engine, gives its `on_config` the defaults and checks what
 * comes back.
 */

import { accessSync, constants, existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { reasonOf, VsmtpError } from "../errors.ts";
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
import { configProblems } from "./problems.ts";
import { configSchema, type Settings } from "./schema.ts";

export interface Config extends Settings {
  /** The absolute path of vsmtp.vsl. */
  readonly path: string;
  /** Its directory, from which everything is found. */
  readonly directory: string;
}

/** The configuration of `file`, or everything that is wrong with it. */
export async function loadConfig(file: string): Promise<Config | VsmtpError[]> {
  const path = resolve(file);
  const directory = dirname(path);
  try {
    accessSync(path, constants.R_OK);
  } catch (error) {
    return [new VsmtpError("CONFIG_NOT_FOUND", { file: path, reason: reasonOf(error) }, { cause: error })];
  }
  const schema = configSchema(directory);
  const defaults = schema.parse({});
  const value = await run(path, directory, defaults);
  if (Array.isArray(value)) return value;
  const { success, data, error } = schema.safeParse(value);
  if (!success) return configProblems({ file: path, value, defaults }, error);
  return { path, directory, ...withFilter(data, directory) };
}

/** filter.vsl beside vsmtp.vsl is the root filter when none is named. */
function withFilter(settings: Settings, directory: string): Settings {
  const beside = resolve(directory, "filter.vsl");
  if (settings.app.vsl.filter_path !== null || !existsSync(beside)) return settings;
  const vsl = { ...settings.app.vsl, filter_path: beside };
  return { ...settings, app: { ...settings.app, vsl } };
}

/** What on_config makes of the defaults, as plain data, or what is wrong with the scripts. */
async function run(file: string, directory: string, defaults: Settings): Promise<object | VsmtpError[]> {
  const engine = new Engine({ directory, globals: unixModule() });
  try {
    const [script] = (await engine.load([file])) as [Script];
    if (!script.has("on_config", 1)) return [new VsmtpError("CONFIG_NO_ON_CONFIG", { file })];
    const returned = await script.call("on_config", [fromPlain(defaults)]);
    if (returned instanceof VslMap) return toPlain(returned) as object;
    return [new VsmtpError("CONFIG_NOT_A_MAP", { file, type: typeName(returned) })];
  } catch (error) {
    if (error instanceof ScriptProblems) return [...error.problems];
    if (error instanceof VsmtpError) return [error];
    if (error instanceof ScriptError) return [new VsmtpError("CONFIG_NOT_DATA", { file, reason: error.message })];
    throw error;
  }
}
