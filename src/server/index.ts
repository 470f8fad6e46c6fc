/** The face of this folder: a running host, and the check of what it would run. */

export { checkServer } from "./check.ts";
export { emitDefinitions } from "./definitions.ts";
export {
  dovecotConfigFile,
  dovecotIncludeDirectory,
  includeDirectory,
  libraryDirectory,
  shippedPlugins,
} from "./host.ts";
export { findPlugins } from "./plugins.ts";
export { type FinalMail, type Rehearsal, type RehearsalOptions, rehearse } from "./rehearsal.ts";
export { type Server, type ServerOptions, startServer } from "./server.ts";
export type { CommandRecord, Event, StageRecord } from "./transcript.ts";
