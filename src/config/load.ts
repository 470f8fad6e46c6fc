/**
 * Reads a configuration: runs vsmtp.vsl with the language's engine, gives its `on_config` the defaults, checks what
 * comes back, and asks the domains in the same way.
 */

import { accessSync, constants, existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { reasonOf, VsmtpError } from "../errors.ts";
import { loadDomains } from "./domains.ts";
import { Places } from "./places.ts";
import { configProblems } from "./problems.ts";
import { configSchema, type Settings } from "./schema.ts";
import { defaultOwner } from "./schema-server.ts";
import { runConfigScript } from "./script.ts";

export interface Config extends Settings {
  /** The absolute path of vsmtp.vsl. */
  readonly path: string;
  /** Its directory, from which everything is found. */
  readonly directory: string;
  /** The domains of `server.virtual`, in lower case, with the directory of their scripts; undefined: they have none. */
  readonly domains: ReadonlyMap<string, string | undefined>;
  /** A script has named `server.system.user`; else it is the package's, which need not be there. */
  readonly namesUser: boolean;
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
  const value = await runConfigScript({ file: path, directory, function: "on_config" }, defaults);
  if (Array.isArray(value)) return value;
  const { success, data, error } = schema.safeParse(value);
  if (!success) return configProblems({ file: path, value, defaults, places: new Places(path, directory) }, error);
  const domains = await loadDomains(data, directory);
  if (Array.isArray(domains)) return domains;
  const namesUser = data.server.system.user !== undefined;
  const settings = withRuntime(withFilter(withOwner(data), directory));
  const server = { ...settings.server, virtual: domains.virtual };
  return { ...settings, server, path, directory, domains: domains.directories, namesUser };
}

/** Where the sockets of a running host are: beside its queues, unless another place is named. */
function withRuntime(settings: Settings): Settings {
  const { runtime, queues } = settings.server;
  const dirpath = runtime.dirpath ?? join(queues.dirpath, "run");
  return { ...settings, server: { ...settings.server, runtime: { dirpath } } };
}

/** What holds where scripts say nothing, for a configuration in `directory`. */
export function defaultSettings(directory: string): Settings {
  return withRuntime(withOwner(configSchema(directory).parse({})));
}

function withOwner(settings: Settings): Settings {
  const system = { ...defaultOwner, ...settings.server.system };
  return { ...settings, server: { ...settings.server, system } };
}

/** filter.vsl beside vsmtp.vsl is the root filter when none is named. */
function withFilter(settings: Settings, directory: string): Settings {
  const beside = resolve(directory, "filter.vsl");
  if (settings.app.vsl.filter_path !== null || !existsSync(beside)) return settings;
  const vsl = { ...settings.app.vsl, filter_path: beside };
  return { ...settings, app: { ...settings.app, vsl } };
}
