/**
 * The mail that a client is handing over, from MAIL to the end of DATA. Usually that is one transaction; recipients
 * of the sender's own domain get one of their own, with an id, headers and rules of its own, so that what leaves the
 * domain and what stays in it can be treated differently.
 */

import {
  type Address,
  type Recipient,
  type Route,
  type Status,
  showAddress,
  type Transaction,
} from "../rules/index.ts";

export class Envelope {
  /** Everybody but internal recipients; without any of them it is there all the same. */
  readonly main: Transaction;
  /** Undefined until an internal recipient was accepted. */
  internal: Transaction | undefined;
  /** What was remembered before any recipient was named, and so holds for both. */
  readonly #sticky: Status | undefined;

  /** After the rules of MAIL have accepted it. */
  constructor(main: Transaction) {
    this.main = main;
    this.#sticky = main.sticky;
  }

  /** The internal transaction first: its rules run first. */
  get transactions(): Transaction[] {
    return this.internal ? [this.internal, this.main] : [this.main];
  }

  /** A recipient enters its transaction, for rules to look at; {@link Candidate.settle} says what came of it. */
  propose(address: Address, route: Route): Candidate {
    const transaction = route.role === "internal" ? (this.internal ?? this.main.split(this.#sticky)) : this.main;
    return new Candidate(this, transaction, address, route);
  }
}

export class Candidate {
  readonly transaction: Transaction;
  readonly #envelope: Envelope;
  readonly #recipient: Recipient;
  readonly #before: Route | undefined;
  /** Who stood in front of it. */
  readonly #previous: Recipient | undefined;

  constructor(envelope: Envelope, transaction: Transaction, address: Address, route: Route) {
    this.#envelope = envelope;
    this.transaction = transaction;
    this.#recipient = { address, transport: { kind: "deliver" } };
    this.#before = transaction.route;
    this.#previous = transaction.recipients.at(-1);
    transaction.recipients.push(this.#recipient);
    transaction.route = route;
  }

  /** Who came with it: itself, unless rules have removed it, and those that rules have put in its place or added. */
  get named(): Recipient[] {
    const { recipients } = this.transaction;
    return recipients.slice(this.#previous === undefined ? 0 : recipients.lastIndexOf(this.#previous) + 1);
  }

  /** It is refused with all who came with it. */
  forget(): void {
    const { named, transaction } = this;
    drop(transaction.recipients, (other) => named.includes(other));
    this.settle(false);
  }

  /** Of a recipient named twice the last one counts, as smtp-server has it; a refused one leaves nothing behind. */
  settle(accepted: boolean): void {
    const { transaction } = this;
    const recipient = this.#recipient;
    drop(transaction.recipients, (other) =>
      accepted ? other !== recipient && isSame(other, recipient) : other === recipient,
    );
    if (!accepted) transaction.route = this.#before;
    else if (transaction !== this.#envelope.main) this.#splitOff();
  }

  /** What is left of a mail with internal recipients goes out. */
  #splitOff(): void {
    const { transaction } = this;
    const { main } = this.#envelope;
    this.#envelope.internal = transaction;
    const { route } = transaction;
    if (route && route.role !== "root") main.route ??= { role: "outgoing", domain: route.domain };
  }
}

function isSame(one: Recipient, other: Recipient): boolean {
  return showAddress(one.address).toLowerCase() === showAddress(other.address).toLowerCase();
}

function drop<T>(items: T[], unwanted: (item: T) => boolean): void {
  for (let i = items.length - 1; i >= 0; i--) if (unwanted(items[i] as T)) items.splice(i, 1);
}
