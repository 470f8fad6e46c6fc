/** The face of this folder: the log, and the channels on which the parts tell what happens to a mail. */

export { collectLog, type LogLine } from "./collected-log.ts";
export type { CallInFlight, CrashRecord, PluginCall } from "./crash-record.ts";
export { isLevelDirective, type Level, type LogLevels, parseLevels } from "./level.ts";
export { type AreaLog, type Log, type LogOptions, openLog } from "./log.ts";
export { CELL, MARKER, Marker, marker, useMarker } from "./marker.ts";
export { type CrashFacts, type MarkedThread, MarkerView } from "./marker-view.ts";
export { decodeSituation, encodeSituation, type SituationFacts } from "./situation.ts";
export { type Trace, traces } from "./trace.ts";
