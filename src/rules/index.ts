/** The face of the rule engine. */

export { type Address, isDomain, parseAddress, showAddress } from "./address.ts";
export { check, readScripts } from "./check.ts";
export {
  Connection,
  type ConnectionFacts,
  type Endpoint,
  type Recipient,
  type SavedTransaction,
  Transaction,
  type Transport,
} from "./context.ts";
export type { Route } from "./domains.ts";
export { Message } from "./message.ts";
export { isSuccess, mergeReplies, parseReply, type Reply, reply, showReply } from "./reply.ts";
export { Rules, type RulesOptions } from "./rules.ts";
export { type RuleScript, type ScriptRole, scriptsOf } from "./scripts.ts";
export { isAvailable, isStage, type RuleStage, type Stage, stages } from "./stage.ts";
export { NEXT, type Status, type StatusKind } from "./status.ts";
export type { StorageAnswer, StorageOperation, StorageQuestion } from "./storage-stage.ts";
export { builtinModules, surroundings as ruleSurroundings } from "./surroundings.ts";
