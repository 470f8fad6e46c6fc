/** The plugins of a process that the supervisor started, and what they log. */

import type { Log } from "../../observe/index.ts";
import { type Elsewhere, onPluginLog, Plugins } from "../../plugin/index.ts";
import type { Assignment } from "../messages.ts";

/**
 * Those that the supervisor holds for this process; nothing is judged again. Plugins that are `elsewhere` are never
 * loaded here.
 */
export function heldPlugins({ config, plugins: held, quarantined }: Assignment, elsewhere?: Elsewhere): Plugins {
  const { directory } = config.app.plugins;
  return Plugins.find({
    directory,
    shipped: [],
    held,
    quarantined,
    ...(elsewhere && { elsewhere }),
  });
}

/** From now on the lines that plugins log themselves in this process. */
export function logPluginLines(log: Log): void {
  const area = log("plugin");
  onPluginLog(({ plugin, level, text }) => area[LEVELS[level] ?? "info"]({ plugin }, text));
}

const LEVELS: Readonly<Record<number, "trace" | "debug" | "info" | "warn" | "error">> = {
  10: "trace",
  20: "debug",
  30: "info",
  40: "warn",
  50: "error",
};
