/**
 * What a generation of processes is made of: configuration, texts of scripts and bytes of plugins, all taken from the
 * disk once. A process that replaces another of its generation gets the very same.
 */

import { type Config, loadConfig } from "../../config/index.ts";
import { VsmtpError } from "../../errors.ts";
import type { HeldPlugin, Plugins } from "../../plugin/index.ts";
import { readScripts } from "../../rules/index.ts";
import { RecordedScripts } from "../../vsl/index.ts";
import { problemsIn } from "../check.ts";
import { findPlugins } from "../plugins.ts";

export interface Generation {
  readonly config: Config;
  readonly scripts: ReadonlyMap<string, string>;
  readonly plugins: Plugins;
  readonly held: readonly HeldPlugin[];
}

/**
 * Reads everything. What is wrong with the configuration is in the way always; what is wrong with scripts and plugins
 * only where everything is `checked`: else processes find out, and go on without a plugin that is refused.
 */
export async function readGeneration(file: string, checked: boolean): Promise<Generation | VsmtpError[]> {
  const config = await loadConfig(file);
  if (Array.isArray(config)) return config;
  const plugins = findPlugins(config);
  const scripts = new RecordedScripts();
  const problems = checked ? problemsIn({ config, plugins, scripts }) : [];
  if (problems.length > 0) return problems;
  if (!checked) readScripts(config, scripts);
  return { config, scripts: scripts.texts, plugins, held: plugins.hold() };
}

/** What a generation wants otherwise that holds for the whole life of a host. */
export function unchangeable(before: Config, after: Config): VsmtpError[] {
  const keys = [
    ["server.queues.dirpath", ({ server }: Config) => server.queues.dirpath],
    ["server.runtime.dirpath", ({ server }: Config) => server.runtime.dirpath ?? ""],
    ["server.system.user", ({ server }: Config) => server.system.user ?? ""],
    ["server.system.group", ({ server }: Config) => server.system.group ?? ""],
  ] as const;
  return keys
    .filter(([, of]) => of(before) !== of(after))
    .map(([key, of]) => new VsmtpError("RELOAD_CHANGED", { key, before: of(before), after: of(after) }));
}
