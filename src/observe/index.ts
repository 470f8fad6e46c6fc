/** The face of this folder: the log, and the channels on which the parts tell what happens to a mail. */

export { collectLog, type LogLine } from "./collected-log.ts";
export { isLevelDirective, type Level, type LogLevels, parseLevels } from "./level.ts";
export { type AreaLog, type Log, type LogOptions, openLog } from "./log.ts";
export { type Trace, traces } from "./trace.ts";
