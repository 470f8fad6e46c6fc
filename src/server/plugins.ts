/** Finds the plugins of a configuration, and lets the admin know of those that are refused. */

import type { Config } from "../config/index.ts";
import type { AreaLog, Log } from "../observe/index.ts";
import { Plugins, type Verdict } from "../plugin/index.ts";
import { builtinModules } from "../rules/index.ts";
import { shippedPlugins } from "./host.ts";
import { logPluginLines } from "./worker/held-plugins.ts";

/**
 * Judges every file of `app.plugins.directory`, the plugins that come with the host, and `files`. Loads none. Without a
 * configuration there is no directory.
 */
export function findPlugins(config: Config | undefined, files: readonly string[] = []): Plugins {
  const directory = config?.app.plugins.directory;
  return Plugins.find({ directory, files, shipped: shippedPlugins(), reserved: builtinModules });
}

/** One line for each file that is not taken, and from now on the lines that plugins log themselves. */
export function logPlugins(plugins: Plugins, log: Log): void {
  logVerdicts(plugins, log("plugin"));
  logPluginLines(log);
}

/** One line for each file that is not taken, or that others than its owner could change. */
export function logVerdicts(plugins: Plugins, area: AreaLog): void {
  for (const verdict of plugins.verdicts) logVerdict(verdict, area);
  for (const { code, message, fix, facts } of plugins.warnings) area.warn({ file: facts.file, code, fix }, message);
}

function logVerdict(verdict: Verdict, log: AreaLog): void {
  const { file } = verdict;
  if (verdict.kind === "admitted") log.debug({ file, plugin: verdict.manifest.name }, "plugin admitted");
  else if (verdict.kind === "not-a-plugin") log.info({ file }, `not a plugin: ${verdict.reason}`);
  else for (const { code, message, fix } of verdict.problems) log.error({ file, code, fix }, message);
}
