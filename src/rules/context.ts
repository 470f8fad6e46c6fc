/**
 * What rules can see of a client and of its mail: one {@link Connection} a client, one {@link Transaction} a mail.
 *
 * smtp and queue create them, fill them as a session goes on and ask `Rules` to run a stage with them; the vSL API
 * (api/) reads and changes them. They hold plain data only, so that the spool can write them down and read them again.
 */

import { randomUUID } from "node:crypto";
import type { Address } from "./address.ts";
import type { Route } from "./domains.ts";
import { Message } from "./message.ts";
import type { Status } from "./status.ts";

export interface Endpoint {
  readonly ip: string;
  readonly port: number;
}

/** How a recipient's copy leaves us. */
export type Transport =
  | { readonly kind: "deliver" | "maildir" | "mbox" }
  | { readonly kind: "forward"; readonly target: string };

export interface Recipient {
  readonly address: Address;
  transport: Transport;
}

export interface ConnectionFacts {
  readonly client: Endpoint;
  readonly server: Endpoint;
  /** The name that we greet with. */
  serverName: string;
  secured: boolean;
  /** What HELO or EHLO named, without brackets; undefined before. */
  helo: string | undefined;
  /** Milliseconds since the epoch. */
  readonly since: number;
}

export class Connection implements ConnectionFacts {
  readonly id = randomUUID();
  readonly since = Date.now();
  readonly client: Endpoint;
  readonly server: Endpoint;
  serverName: string;
  secured = false;
  helo: string | undefined = undefined;
  /** Header fields that connect and helo rules added; every mail of the connection begins with them. */
  readonly early = new Message();
  /** The status that a connect or helo rule gave for the rest of the connection. */
  sticky: Status | undefined = undefined;

  constructor(client: Endpoint, server: Endpoint, serverName: string) {
    this.client = client;
    this.server = server;
    this.serverName = serverName;
  }

  /** What is known now, without what may change later: the client may say HELO again. */
  get facts(): ConnectionFacts {
    const { client, server, serverName, secured, helo, since } = this;
    return { client, server, serverName, secured, helo, since };
  }
}

export class Transaction {
  /** `ctx::message_id()`, a UUID. */
  readonly id: string;
  readonly connection: ConnectionFacts;
  /** Milliseconds since the epoch, when MAIL came. */
  readonly since: number;
  /** Undefined for the null sender `<>`. */
  mailFrom: Address | undefined;
  /** In the order of RCPT; at the rcpt stage the last one is the one asked about. */
  readonly recipients: Recipient[] = [];
  /** Whose rules judge it from RCPT on, as its last accepted recipient decided; undefined before. */
  route: Route | undefined = undefined;
  /** Empty until the end of DATA, but for headers that rules added early. */
  readonly message: Message;
  /** What tells the mail again when it comes a second time; undefined before the end of DATA. */
  fingerprint: string | undefined = undefined;
  /** The status that a rule gave for the rest of this transaction. */
  sticky: Status | undefined = undefined;

  /** Of a `Connection` it keeps the facts as they are now, and begins with its early header fields. */
  constructor(connection: Connection | ConnectionFacts, mailFrom: Address | undefined, from: TransactionStart = {}) {
    const live = connection instanceof Connection ? connection : undefined;
    this.connection = live?.facts ?? connection;
    this.mailFrom = mailFrom;
    this.id = from.id ?? randomUUID();
    this.since = from.since ?? Date.now();
    this.message = from.message ?? live?.early.copy() ?? new Message();
  }

  /**
   * A transaction of its own for some of the recipients: same client, sender and headers so far, an own id and no
   * recipients yet. `sticky` is what was remembered before any recipient was named.
   */
  split(sticky: Status | undefined): Transaction {
    const { connection, mailFrom, since, message } = this;
    const other = new Transaction(connection, mailFrom, { since, message: message.copy() });
    other.sticky = sticky;
    return other;
  }

  /** What the spool keeps beside the bytes of the message. */
  toJSON(): SavedTransaction {
    const { id, since, mailFrom, recipients, connection, route, fingerprint } = this;
    const { client, server, serverName, secured, helo } = connection;
    return {
      version: 1,
      id,
      since,
      mailFrom: mailFrom ?? null,
      recipients,
      ...(route && { route }),
      ...(fingerprint !== undefined && { fingerprint }),
      connection: { client, server, serverName, secured, helo: helo ?? null, since: connection.since },
    };
  }

  /** The way back; `raw` is the message as it was spooled. */
  static fromJSON(saved: SavedTransaction, raw: Uint8Array): Transaction {
    const connection: ConnectionFacts = { ...saved.connection, helo: saved.connection.helo ?? undefined };
    const transaction = new Transaction(connection, saved.mailFrom ?? undefined, {
      id: saved.id,
      since: saved.since,
      message: new Message(raw),
    });
    transaction.route = saved.route;
    transaction.fingerprint = saved.fingerprint;
    transaction.recipients.push(...saved.recipients);
    return transaction;
  }
}

/** What a transaction does not begin with anew. */
export interface TransactionStart {
  readonly id?: string;
  readonly since?: number;
  readonly message?: Message;
}

export interface SavedTransaction {
  readonly version: 1;
  readonly id: string;
  readonly since: number;
  readonly mailFrom: Address | null;
  readonly recipients: readonly Recipient[];
  readonly route?: Route;
  readonly fingerprint?: string;
  readonly connection: Omit<ConnectionFacts, "helo"> & { readonly helo: string | null };
}
