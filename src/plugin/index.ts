/** The face of this folder: from a .so in the plugin directory to a module that scripts can call. */
export { type Admitted, admitFile, type NotAPlugin, type Refused, type Verdict } from "./admit.ts";
export { type HostFacts, hostFacts, hostVersion } from "./host-facts.ts";
export { type Inspection, inspectFile, type LibraryFacts } from "./inspect.ts";
export { vslSignature } from "./inspect-signature.ts";
export { finishPlugins, pluginOf } from "./load.ts";
export { onPluginLog, type PluginLogLine } from "./load-log.ts";
export type { FunctionRecord, Manifest, ObjectRecord } from "./manifest-types.ts";
export { printable } from "./problem.ts";
export { type FindOptions, Plugins } from "./registry.ts";
export type { MailView, RawField, TransactionSource, TransactionView } from "./transaction-source.ts";
