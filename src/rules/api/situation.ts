/** What a running directive has around it, and how API functions get at it. */

import { type Run, ScriptError } from "../../vsl/index.ts";
import type { Connection, ConnectionFacts, Recipient, Transaction } from "../context.ts";
import { isAvailable, type Stage, stages } from "../stage.ts";

export interface Situation {
  readonly stage: Stage;
  readonly connection: Connection | ConnectionFacts;
  readonly transaction: Transaction | undefined;
  /** Lines of `log()`. */
  log(level: string, text: string): void;
}

/** Undefined while services and configurations are built: there is no client then. */
function situationOf(run: Run): Situation | undefined {
  return run.host as Situation | undefined;
}

/** The situation, when what `name` reads is known from stage `from` on. */
export function at(run: Run, name: string, from: Stage): Situation {
  const situation = situationOf(run);
  if (!situation) throw new ScriptError(`\`${name}\` needs a client, and there is none while scripts are loaded`);
  if (isAvailable(from, situation.stage)) return situation;
  const known = stages.slice(stages.indexOf(from)).join(", ");
  throw new ScriptError(`\`${name}\` is available in [${known}], not in ${situation.stage}`);
}

export function transactionAt(run: Run, name: string, from: Stage): Transaction {
  const { transaction } = at(run, name, from);
  if (!transaction) throw new ScriptError(`\`${name}\` needs a mail, and there is none yet`);
  return transaction;
}

/** Log lines may be written at any time. */
export function logger(run: Run): Situation["log"] | undefined {
  return situationOf(run)?.log;
}

/** The recipients with that address. */
export function recipientsNamed(transaction: Transaction, localPart: string, domain: string): Recipient[] {
  return transaction.recipients.filter(({ address }) => address.localPart === localPart && address.domain === domain);
}
