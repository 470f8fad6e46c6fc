/** The face of this folder: from a .so in the plugin directory to a module that scripts can call. */
export { type Admitted, admitFile, type NotAPlugin, type Refused, type Verdict } from "./admit.ts";
export { FunctionNames } from "./function-names.ts";
export { type HostFacts, hostFacts, hostVersion } from "./host-facts.ts";
export { type Inspection, inspectFile, type LibraryFacts } from "./inspect.ts";
export { vslSignature } from "./inspect-signature.ts";
export { finishPlugins } from "./load.ts";
export { pluginOf } from "./load-library.ts";
export { onPluginLog, type PluginLogLine } from "./load-log.ts";
export type { StoragePlugin } from "./load-storage.ts";
export type { FunctionRecord, Manifest, ObjectRecord, StorageRecord } from "./manifest-types.ts";
export { storageName } from "./name.ts";
export { printable } from "./problem.ts";
export { type FindOptions, type LoadedStorage, Plugins } from "./registry.ts";
export type { MailView, RawField, TransactionSource, TransactionView } from "./transaction-source.ts";
export { decodePlain, encodePlain } from "./wire-plain.ts";
