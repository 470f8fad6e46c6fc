/**
 * One client's session as rules see it: each command that smtp-server has understood becomes a stage, and the status
 * of the stage an {@link Answer}. It keeps the {@link Connection} and the current {@link Transaction}; lines, limits
 * and sockets are the business of connection.ts.
 *
 * Answers come at once unless a rule waits for something, so that the usual mail costs no turn of the event loop.
 */

import { isIP } from "node:net";
import { reasonOf, VsmtpError } from "../errors.ts";
import type { AreaLog } from "../observe/index.ts";
import type { Mail, Queue, Step } from "../queue/index.ts";
import {
  type Address,
  Connection,
  type Endpoint,
  parseAddress,
  type Recipient,
  type Rules,
  reply,
  type Stage,
  type Status,
  showAddress,
  Transaction,
} from "../rules/index.ts";
import { type Answer, answerOf, PASSED, refusal } from "./answer.ts";

export type Eventually<T> = T | Promise<T>;

export interface SessionTools {
  readonly rules: Pick<Rules, "run">;
  readonly queue: Pick<Queue, "accept" | "quarantine">;
  readonly log: AreaLog;
}

export class Session {
  readonly connection: Connection;
  readonly #tools: SessionTools;
  #transaction: Transaction | undefined;
  #protocol = "SMTP";

  constructor(client: Endpoint, server: Endpoint, serverName: string, tools: SessionTools) {
    this.connection = new Connection(client, server, serverName);
    this.#tools = tools;
  }

  /** Whether a mail is under way. */
  get busy(): boolean {
    return this.#transaction !== undefined;
  }

  connect(): Eventually<Answer> {
    return this.#stage("connect");
  }

  /** `name` as the client gave it. A refused HELO leaves what an earlier one said. */
  helo(name: string, extended: boolean): Eventually<Answer> {
    const { connection } = this;
    const before = connection.helo;
    connection.helo = withoutBrackets(name);
    return afterwards(this.#stage("helo"), (answer) => {
      if (answer.passed) this.#protocol = extended ? "ESMTP" : "SMTP";
      else connection.helo = before;
      return answer;
    });
  }

  /** An empty address is the null sender. */
  mail(address: string): Eventually<Answer> {
    const sender = address === "" ? undefined : parseAddress(address);
    if (address !== "" && sender === undefined) return badAddress(address, "5.1.7");
    const { client, server, serverName, secured, helo, since } = this.connection;
    const transaction = new Transaction({ client, server, serverName, secured, helo, since }, sender);
    this.#transaction = transaction;
    return afterwards(this.#stage("mail", transaction), (answer) => {
      if (!answer.passed) this.#transaction = undefined;
      return answer;
    });
  }

  rcpt(text: string): Eventually<Answer> {
    const transaction = this.#current();
    const address = parseRecipient(text);
    if (address === undefined) return badAddress(text, "5.1.3");
    const { recipients } = transaction;
    const recipient: Recipient = { address, transport: { kind: "deliver" } };
    recipients.push(recipient);
    return afterwards(this.#stage("rcpt", transaction), (answer) => {
      // Of a recipient named twice the last one counts, as smtp-server has it; a refused one does not.
      drop(recipients, (other) =>
        answer.passed ? other !== recipient && isSame(other, recipient) : other === recipient,
      );
      return answer;
    });
  }

  /** The whole mail is here. `alive` tells whether the client still is: nobody else may say that it was accepted. */
  data(raw: Uint8Array, alive: () => boolean): Eventually<Answer> {
    const transaction = this.#current();
    transaction.message.receive(raw);
    const remembered = this.#remembered(transaction);
    const status = this.#tools.rules.run("preq", this.connection, transaction);
    if (!(status instanceof Promise)) return this.#finish(transaction, status, remembered);
    return status.then((later) => (alive() ? this.#finish(transaction, later, remembered) : PASSED));
  }

  /** Something threw that should not have: the client may try again, and the log has what is needed to mend it. */
  failed(error: unknown): Answer {
    this.#tools.log.error({ mail: this.#transaction?.id, err: error }, "a command failed for a reason that is a bug");
    return BROKEN;
  }

  /** The transaction is over, whatever became of it. */
  reset(): void {
    this.#transaction = undefined;
  }

  #stage(stage: Stage, transaction?: Transaction): Eventually<Answer> {
    const remembered = this.#remembered(transaction);
    return afterwards(this.#tools.rules.run(stage, this.connection, transaction), (status) =>
      answerOf(stage, status, remembered),
    );
  }

  /** What an earlier stage decided for this one too. */
  #remembered(transaction: Transaction | undefined): Status | undefined {
    return this.connection.sticky ?? transaction?.sticky;
  }

  /** What rules let pass is put on stable storage, and only then accepted. */
  #finish(transaction: Transaction, status: Status, remembered: Status | undefined): Eventually<Answer> {
    const answer = answerOf("preq", status, remembered);
    if (!answer.passed) return answer;
    const quarantine = status.kind === "quarantine" ? status.name : undefined;
    if (quarantine === undefined && transaction.recipients.length === 0) return NO_RECIPIENTS;
    const mail: Mail = { transaction, protocol: this.#protocol, step: stepAfter(status) };
    const { queue } = this.#tools;
    const stored = quarantine === undefined ? queue.accept(mail) : queue.quarantine(quarantine, mail);
    return stored.then(
      () => ({ ...answer, reply: answer.reply ?? reply(250, `Ok: queued as ${transaction.id}`) }),
      (error: unknown) => this.#notStored(transaction, error),
    );
  }

  #notStored({ id }: Transaction, error: unknown): Answer {
    const full = error instanceof VsmtpError && error.code === "SPOOL_FULL";
    this.#tools.log.error({ mail: id, code: full ? "SPOOL_FULL" : "SPOOL_WRITE" }, reasonOf(error));
    return refusal(full ? NO_ROOM : NOT_STORED);
  }

  #current(): Transaction {
    if (this.#transaction === undefined) throw new Error("RCPT and DATA come after MAIL");
    return this.#transaction;
  }
}

const NO_RECIPIENTS = refusal(reply(554, "No recipients are left", "5.5.1"));
const BROKEN = refusal(reply(451, "Requested action aborted: local error in processing", "4.3.0"));
const NO_ROOM = reply(452, "No room for this mail now, try again later", "4.3.1");
const NOT_STORED = reply(451, "This mail cannot be stored now, try again later", "4.3.0");

/** `accept` passes postq by, `faccept` all rules. */
function stepAfter(status: Status): Step {
  if (status.kind === "faccept") return "transport";
  return status.kind === "accept" ? "delivery" : "postq";
}

function badAddress(address: string, enhanced: string): Answer {
  return refusal(reply(553, `<${address}> is not a valid address (RFC 5321)`, enhanced));
}

/** `postmaster` alone is an address too (RFC 5321 section 4.1.1.3). */
function parseRecipient(text: string): Address | undefined {
  return text.toLowerCase() === "postmaster" ? { localPart: text, domain: "" } : parseAddress(text);
}

function isSame(one: Recipient, other: Recipient): boolean {
  return showAddress(one.address).toLowerCase() === showAddress(other.address).toLowerCase();
}

function drop<T>(items: T[], unwanted: (item: T) => boolean): void {
  for (let i = items.length - 1; i >= 0; i--) if (unwanted(items[i] as T)) items.splice(i, 1);
}

/** `[192.0.2.1]` and `[IPv6:2001:db8::1]` name an address (RFC 5321 section 4.1.3). */
function withoutBrackets(name: string): string {
  const inner = /^\[(?:IPv6:)?([^\]]+)\]$/i.exec(name)?.[1];
  return inner !== undefined && isIP(inner) !== 0 ? inner : name;
}

/** Goes on at once when there is nothing to wait for. */
function afterwards<A, B>(value: Eventually<A>, next: (value: A) => B): Eventually<B> {
  return value instanceof Promise ? value.then(next) : next(value);
}
