/** What a running directive has around it, and how API functions get at it. */

import type { SituationFacts } from "../../observe/index.ts";
import type { MailView, TransactionSource, TransactionView } from "../../plugin/index.ts";
import { type NativeFunction, type NativeOptions, native, type Run, ScriptError, type Value } from "../../vsl/index.ts";
import { showAddress } from "../address.ts";
import type { Connection, ConnectionFacts, Recipient, Transaction } from "../context.ts";
import type { Message } from "../message.ts";
import { isAvailable, type Stage, stages } from "../stage.ts";
import type { StorageQuestion } from "../storage-stage.ts";

export interface Surroundings {
  readonly stage: Stage;
  readonly connection: Connection | ConnectionFacts;
  readonly transaction: Transaction | undefined;
  /** Lines of `log()`. */
  readonly log: (level: string, text: string) => void;
}

/** The host of a run: plugins see it as a source of transactions, API functions as it is. */
export class Situation implements Surroundings, TransactionSource {
  readonly stage: Stage;
  readonly connection: Connection | ConnectionFacts;
  readonly transaction: Transaction | undefined;
  readonly log: (level: string, text: string) => void;
  /** What the marker calls the directive that runs; 0: nothing. */
  label = 0;

  constructor({ stage, connection, transaction, log }: Surroundings) {
    this.stage = stage;
    this.connection = connection;
    this.transaction = transaction;
    this.log = log;
  }

  get facts(): SituationFacts {
    const { stage, transaction } = this;
    return { mail: transaction?.id, fingerprint: transaction?.fingerprint, stage };
  }

  transactionView(): TransactionView {
    const { stage, connection, transaction } = this;
    const message = transaction?.message ?? ("early" in connection ? connection.early : undefined);
    return {
      stage,
      client: connection.client,
      serverName: connection.serverName,
      helo: connection.helo,
      mailFrom: transaction && (transaction.mailFrom ? showAddress(transaction.mailFrom) : null),
      recipients: transaction?.recipients.map(({ address }) => showAddress(address)) ?? [],
      id: transaction?.id,
      mail: message && mailView(message),
    };
  }
}

/** At the stage storage: something is about to happen in a mailbox, and nobody knows of a client. */
export class StorageSituation {
  readonly stage = "storage";
  readonly transaction = undefined;
  readonly question: StorageQuestion;
  readonly log: (level: string, text: string) => void;
  /** As {@link Situation.label}. */
  label = 0;

  constructor(question: StorageQuestion, log: (level: string, text: string) => void) {
    this.question = question;
    this.log = log;
  }

  get facts(): SituationFacts {
    return { stage: this.stage, user: this.question.user };
  }
}

/** While somebody who is no client asks a function of the rules for an answer. */
export class CallSituation {
  readonly log: (level: string, text: string) => void;
  /** As {@link Situation.label}. */
  readonly label: number;

  constructor(log: (level: string, text: string) => void, label: number) {
    this.log = log;
    this.label = label;
  }
}

export type DirectiveSituation = Situation | StorageSituation;

type AnySituation = DirectiveSituation | CallSituation;

/** The same doors that `msg::…` goes through. */
function mailView(message: Message): MailView {
  return {
    fields: () => message.fields(),
    get bytes() {
      return message.received ? message.bytes : undefined;
    },
    prepend: (name, value) => message.prepend(name, value),
    append: (name, value) => message.append(name, value),
    set: (name, value) => message.set(name, value),
    remove: (name) => void message.remove(name),
  };
}

/** Undefined while services and configurations are built: there is no client then. */
function situationOf(run: Run): AnySituation | undefined {
  return run.host as AnySituation | undefined;
}

/** The situation, when what `name` reads is known from stage `from` on. */
export function at(run: Run, name: string, from: Stage): Situation {
  const situation = situationOf(run);
  if (!situation) throw new ScriptError(`\`${name}\` needs a client, and there is none while scripts are loaded`);
  if (situation instanceof StorageSituation) {
    throw new ScriptError(`\`${name}\` needs a client, and there is none at the stage storage`);
  }
  if (situation instanceof CallSituation) {
    throw new ScriptError(`\`${name}\` needs a client, and this function is not called for one`);
  }
  if (isAvailable(from, situation.stage)) return situation;
  const known = stages.slice(stages.indexOf(from)).join(", ");
  throw new ScriptError(`\`${name}\` is available in [${known}], not in ${situation.stage}`);
}

/** What is about to happen in a mailbox. */
export function questionAt(run: Run, name: string): StorageQuestion {
  const situation = situationOf(run);
  if (situation instanceof StorageSituation) return situation.question;
  throw new ScriptError(`\`${name}\` is available at the stage storage only`);
}

export function transactionAt(run: Run, name: string, from: Stage): Transaction {
  const { transaction } = at(run, name, from);
  if (!transaction) throw new ScriptError(`\`${name}\` needs a mail, and there is none yet`);
  return transaction;
}

/** The mail, or before MAIL the fields that every mail of this client will begin with. */
export function messageAt(run: Run, name: string): Message {
  const { transaction, connection } = at(run, name, "connect");
  if (transaction) return transaction.message;
  if ("early" in connection) return connection.early;
  throw new ScriptError(`\`${name}\` needs a mail, and there is none yet`);
}

/** Log lines may be written at any time. */
export function logger(run: Run): AnySituation["log"] | undefined {
  return situationOf(run)?.log;
}

/** The recipients with that address. */
export function recipientsNamed(transaction: Transaction, localPart: string, domain: string): Recipient[] {
  return transaction.recipients.filter(({ address }) => address.localPart === localPart && address.domain === domain);
}

// biome-ignore format: one line a shape
type OnMail = (transaction: Transaction, a: never, b: never, c: never) => Value | Promise<Value>;

/** A function `module::name` that needs a mail, from a stage on. */
export function mailFunction(
  module: string,
  from: Stage,
  name: string,
  signature: string,
  doc: string,
  body: OnMail,
  options: NativeOptions = {},
): NativeFunction {
  const path = `${module}::${name}`;
  const call = (run: Run, a: never, b: never, c: never) => body(transactionAt(run, path, from), a, b, c);
  return native(name, signature, doc, call, { stage: from, ...options });
}
