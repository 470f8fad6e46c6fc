/** What a transport is given: one mail on its way, and one of those who get it. Plain data, whoever kept it before. */

export interface Mailbox {
  readonly localPart: string;
  /** Lower case; empty for a bare `postmaster`. */
  readonly domain: string;
}

export interface Letter {
  /** The transaction's UUID. */
  readonly id: string;
  /** What tells the mail again when it comes a second time. */
  readonly fingerprint?: string | undefined;
  /** Names the files that deliveries make: `<secs>.M<usecs>P<pid>Q<n>`, and the host after it. */
  readonly name: string;
  readonly host: string;
  /** An earlier try may have delivered it. */
  readonly again: boolean;
  /** Undefined for the null sender. */
  readonly sender: Mailbox | undefined;
  readonly message: Uint8Array;
  /** The trace that this host adds for every transport, see received.ts. */
  readonly received: string;
  /** The name of this host, for addresses without a domain. */
  readonly serverName: string;
}

export interface Destination {
  readonly address: Mailbox;
  readonly transport: { readonly kind: string };
}

export function showMailbox({ localPart, domain }: Mailbox): string {
  return domain === "" ? localPart : `${localPart}@${domain}`;
}

/** What a final delivery puts on top of the mail: the sender as MAIL named it, and whose mailbox this copy went to. */
export function envelopeHeaders(sender: Mailbox | undefined, recipient: string): string {
  return `Return-Path: <${sender === undefined ? "" : showMailbox(sender)}>\r\nDelivered-To: ${recipient}\r\n`;
}
