/** The face of this folder: a running host, and the check of what it would run. */

export { checkServer } from "./check.ts";
export { askCrashes, askFigures, askRelease, storedQuarantine } from "./control/asked.ts";
export { askHost } from "./control/control-client.ts";
export { type ControlReply, type ControlRequest, controlSocket } from "./control/control-protocol.ts";
export { emitDefinitions } from "./definitions.ts";
export {
  dovecotConfigFile,
  dovecotIncludeDirectory,
  includeDirectory,
  libraryDirectory,
  shippedPlugins,
} from "./host.ts";
export { endText, situationText } from "./incidents/crash-words.ts";
export { isFault } from "./incidents/faults.ts";
export type { QuarantineEntry } from "./incidents/quarantine.ts";
export { stateDirectory } from "./incidents/state-file.ts";
export type { HostFigures, Released } from "./messages.ts";
export { nameOfRole } from "./names.ts";
export { findPlugins } from "./plugins.ts";
export { asError } from "./problems.ts";
export { type FinalMail, type Rehearsal, type RehearsalOptions, rehearse } from "./rehearsal.ts";
export { forgetPaths } from "./supervisor/environment.ts";
export { type HostOptions, Supervisor } from "./supervisor/supervisor.ts";
export type { CommandRecord, Event, StageRecord } from "./transcript.ts";
