/** Finds the plugins of a configuration, and lets the admin know of those that are refused. */

import type { Config } from "../config/index.ts";
import type { AreaLog, Log } from "../observe/index.ts";
import { onPluginLog, Plugins, type Verdict } from "../plugin/index.ts";
import { builtinModules } from "../rules/index.ts";
import { shippedPlugins } from "./host.ts";

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
  const area = log("plugin");
  for (const verdict of plugins.verdicts) logVerdict(verdict, area);
  onPluginLog(({ plugin, level, text }) => area[LEVELS[level] ?? "info"]({ plugin }, text));
}

function logVerdict(verdict: Verdict, log: AreaLog): void {
  const { file } = verdict;
  if (verdict.kind === "admitted") log.debug({ file, plugin: verdict.manifest.name }, "plugin admitted");
  else if (verdict.kind === "not-a-plugin") log.info({ file }, `not a plugin: ${verdict.reason}`);
  else for (const { code, message, fix } of verdict.problems) log.error({ file, code, fix }, message);
}

const LEVELS: Readonly<Record<number, "trace" | "debug" | "info" | "warn" | "error">> = {
  10: "trace",
  20: "debug",
  30: "info",
  40: "warn",
  50: "error",
};
