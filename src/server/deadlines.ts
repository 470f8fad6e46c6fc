/** How long the functions of plugins may take, as `config.app.plugins` says. */

import { type Config, milliseconds } from "../config/index.ts";
import type { DeadlineOf } from "../plugin/index.ts";

/** What is said of the function goes before what is said of the plugin, and that before what holds for all. */
export function deadlinesOf(config: Config): DeadlineOf {
  const { defaults, named } = config.app.plugins;
  const usual = milliseconds(defaults.deadline);
  const plugins = new Map(
    Object.entries(named).map(([name, { deadline, deadlines }]) => [
      name,
      {
        usual: deadline === undefined ? usual : milliseconds(deadline),
        functions: new Map(Object.entries(deadlines ?? {}).map(([fn, limit]) => [fn, milliseconds(limit)])),
      },
    ]),
  );
  return (plugin, fn) => {
    const own = plugins.get(plugin);
    return own?.functions.get(fn) ?? own?.usual ?? usual;
  };
}
