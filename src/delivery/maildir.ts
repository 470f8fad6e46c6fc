/**
 * The `maildir` transport: final delivery into the mailbox of the address (RFC 5321 section 4.4), by way of the storage
 * and the plugins in it.
 *
 * Like any delivery agent it puts the envelope on top of the mail: `Return-Path`, the sender as MAIL named it, and
 * `Delivered-To`, whose mailbox this copy went to; below them the trace of the host.
 */

import { hash } from "node:crypto";
import type { Config } from "../config/index.ts";
import { VsmtpError } from "../errors.ts";
import { traces } from "../observe/index.ts";
import type { Storage } from "../storage/index.ts";
import { envelopeHeaders, type Letter, showMailbox } from "./letter.ts";
import { mailUser } from "./mail-user.ts";
import type { Transport } from "./transport.ts";
import type { UserDatabase } from "./user-database.ts";

export function maildirTransport(storage: Storage, config: Config, users: UserDatabase): Transport {
  return async (letter, { address }) => {
    const { sender, received, message, again } = letter;
    const recipient = showMailbox(address);
    const mailbox = { localPart: address.localPart, domain: address.domain || letter.serverName };
    const found = users.find(mailbox);
    const owner = found instanceof Promise ? await found : found;
    if (owner === undefined) throw new VsmtpError("MAILBOX_UNKNOWN", { address: recipient });
    const user = mailUser(config, showMailbox(mailbox), owner);
    const { file = "" } = await storage.deliver(user, {
      name: fileName(letter, recipient),
      parts: [Buffer.from(envelopeHeaders(sender, recipient) + received), message],
      again,
      sender: sender && showMailbox(sender),
      mail: letter.id,
      fingerprint: letter.fingerprint,
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
