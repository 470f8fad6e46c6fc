/** The face of the rule engine. */

export { type Address, isDomain, parseAddress, showAddress } from "./address.ts";
export { check } from "./check.ts";
export {
  Connection,
  type ConnectionFacts,
  type Endpoint,
  type Recipient,
  type SavedTransaction,
  Transaction,
  type Transport,
} from "./context.ts";
export { Message } from "./message.ts";
export { parseReply, type Reply, reply, showReply } from "./reply.ts";
export { Rules, type RulesOptions } from "./rules.ts";
export { isAvailable, isStage, type Stage, stages } from "./stage.ts";
export { NEXT, type Status, type StatusKind } from "./status.ts";
export { builtinModules } from "./surroundings.ts";
