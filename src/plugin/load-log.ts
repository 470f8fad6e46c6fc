/** Log lines of plugins (`vsmtp_log`), from whatever thread they come, under the name of the plugin. */

import { native } from "../native/index.ts";
import { pluginOf } from "./load-library.ts";

export interface PluginLogLine {
  /** The plugin's name, or the path of the library that called when that is no plugin (a helper library of one). */
  readonly plugin: string;
  /** 10 trace, 20 debug, 30 info, 40 warn, 50 error. */
  readonly level: number;
  readonly text: string;
}

/** Who gets the lines, on the event loop and in order. One listener a process; until there is one, lines wait. */
export function onPluginLog(listener: (line: PluginLogLine) => void): void {
  native().onLog((file, level, text) => listener({ plugin: pluginOf(file) ?? file, level, text }));
}
