/** What a configuration says about sessions, in the units that sessions count in. */

import { type Config, milliseconds } from "../config/index.ts";

export interface ConnectionSettings {
  readonly protocol: Protocol;
  /** The name of this server. */
  readonly name: string;
  /** Milliseconds before the greeting; a client that talks earlier is refused. */
  readonly greetingDelay: number;
  /** Connections at a time; 0: no limit. */
  readonly clientCountMax: number;
  readonly hardening: Hardening;
  readonly patience: Patience;
  /** Whether addresses may hold other characters than ASCII (RFC 6531). */
  readonly smtputf8: boolean;
}

/** How clients that make errors are treated; see pace.ts. A count below zero: never. */
export interface Hardening {
  /** Errors after which each reply waits. */
  readonly softCount: number;
  /** Errors after which the session ends. */
  readonly hardCount: number;
  /** Milliseconds. */
  readonly delay: number;
}

/** Milliseconds that a client may be silent; 0: for ever. Named after what it said last, `data` in the middle of a mail. */
export interface Patience {
  readonly connect: number;
  readonly helo: number;
  readonly mail: number;
  readonly rcpt: number;
  readonly data: number;
}

export type Protocol = "smtp" | "lmtp";

/** A client of LMTP is a mail server of ours: it is neither tested nor slowed down, and knows itself how often to come. */
export function settingsOf({ server }: Config, protocol: Protocol): ConnectionSettings {
  const { error, timeout_client, greeting_delay } = server.smtp;
  const trusted = protocol === "lmtp";
  return {
    protocol,
    name: server.name,
    greetingDelay: trusted ? 0 : milliseconds(greeting_delay),
    clientCountMax: trusted ? 0 : Math.max(0, server.client_count_max),
    hardening: trusted
      ? { softCount: -1, hardCount: -1, delay: 0 }
      : { softCount: error.soft_count, hardCount: error.hard_count, delay: milliseconds(error.delay) },
    patience: {
      connect: milliseconds(timeout_client.connect),
      helo: milliseconds(timeout_client.helo),
      mail: milliseconds(timeout_client.mail_from),
      rcpt: milliseconds(timeout_client.rcpt_to),
      data: milliseconds(timeout_client.data),
    },
    smtputf8: server.esmtp.eightbitmime && server.esmtp.smtputf8,
  };
}

/** Bytes of the largest mail: what EHLO promises and what is taken are the same. */
export function sizeLimit({ server }: Config): number {
  const { message_size_limit, esmtp } = server;
  return esmtp.size === 0 ? message_size_limit : Math.min(message_size_limit, esmtp.size);
}
