/**
 * How many processes `server.system.thread_pool` means. Its numbers are what was asked for, but for 6: that is what
 * every configuration has unless it says otherwise, and means one process for each core then, six at most.
 */

import { availableParallelism } from "node:os";
import type { Settings } from "./schema.ts";
import { defaultPools } from "./schema-server.ts";

export interface Processes {
  /** For clients and rules. */
  readonly smtp: number;
  /** For mailboxes. */
  readonly storage: number;
}

export function processesOf({ server }: Pick<Settings, "server">): Processes {
  const { receiver, delivery } = server.system.thread_pool;
  return { smtp: meant(receiver, defaultPools.receiver), storage: meant(delivery, defaultPools.delivery) };
}

function meant(count: number, otherwise: number): number {
  return count === otherwise ? Math.min(availableParallelism(), otherwise) : count;
}
