/**
 * The `maildir` transport: final delivery into the mailbox of the address (RFC 5321 section 4.4).
 *
 * Like any delivery agent it puts the envelope on top of the mail: `Return-Path`, the sender as MAIL named it, and
 * `Delivered-To`, whose mailbox this copy went to; below them the trace of the host.
 */

import { hash } from "node:crypto";
import { traces } from "../observe/index.ts";
import type { Storage } from "../storage/index.ts";
import { envelopeHeaders, type Letter, showMailbox } from "./letter.ts";
import { mailboxLocation } from "./location.ts";
import type { Transport } from "./transport.ts";

/** `template` is `app.storage.location`. */
export function maildirTransport(storage: Storage, template: string): Transport {
  return async (letter, { address }) => {
    const recipient = showMailbox(address);
    const mailbox = { localPart: address.localPart, domain: address.domain || letter.serverName };
    const file = await storage.deliver({
      location: mailboxLocation(template, mailbox),
      name: fileName(letter, recipient),
      parts: [Buffer.from(envelopeHeaders(letter.sender, recipient) + letter.received), letter.message],
      again: letter.again,
    });
    if (traces.delivered.hasSubscribers) traces.delivered.publish({ mail: letter.id, recipient, file });
  };
}

/**
 * The same for every try, and another for every recipient: two of them may share a mailbox, and a copy of the one
 * must not be taken for the copy of the other after a crash.
 */
function fileName({ name, host }: Letter, recipient: string): string {
  return `${name}R${hash("sha1", recipient).slice(0, 12)}.${host}`;
}
