/** Opens the storage for a process that talks to clients: mailboxes are in other processes, the rules they ask are here. */

import type { Rules } from "../rules/index.ts";
import { connectStorage, type Storage } from "../storage/index.ts";

/** @param sockets of all storage processes, by their number */
export function connectMailboxes(
  sockets: readonly string[],
  rules: Pick<Rules, "asksStorage" | "runStorage">,
): Storage {
  const ask: Rules["runStorage"] = (question) => rules.runStorage(question);
  return connectStorage({ sockets, ask: rules.asksStorage ? ask : undefined });
}
