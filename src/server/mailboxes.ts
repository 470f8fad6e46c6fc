/** Opens the storage with what the configuration wants of it: its plugins, its rules, its lines in the log. */

import type { Config } from "../config/index.ts";
import type { Log } from "../observe/index.ts";
import { type Plugins, pluginOf } from "../plugin/index.ts";
import type { Rules } from "../rules/index.ts";
import { openStorage, type Storage } from "../storage/index.ts";

export interface Surroundings {
  readonly config: Config;
  readonly plugins: Plugins;
  readonly rules: Rules;
  readonly log: Log;
}

/** A plugin that is to take part and does not is told here, and makes every delivery wait in the spool. */
export function openMailboxes({ config, plugins, rules, log }: Surroundings): Storage {
  const area = log("storage");
  const { plugins: loaded, problems } = plugins.loadStorage(config.app.storage.plugins);
  for (const { code, message, fix } of problems) area.error({ code, fix }, message);
  return openStorage({
    plugins: loaded,
    problems,
    ask: rules.asksStorage ? (question) => rules.runStorage(question) : undefined,
    debug: area.isLevelEnabled("debug"),
    log: ({ level, text, file }) => {
      const plugin = pluginOf(file);
      area[level](plugin === undefined ? {} : { plugin }, text);
    },
  });
}
