/** `envelop::…` changes the envelope: who sent the mail and who gets it. Header fields are the business of `msg`. */

import { NativeModule, type Value } from "../../vsl/index.ts";
import type { Transaction, Transport } from "../context.ts";
import { toAddress } from "./object.ts";
import { mailFunction, recipientsNamed } from "./situation.ts";

const DEFAULT: Transport = { kind: "deliver" };

export function envelopModule(): NativeModule {
  return new NativeModule("envelop", "The envelope of the mail.").add(
    mailFunction(
      "envelop",
      "mail",
      "rw_mail_from",
      "address: string|object",
      "Replaces the sender.",
      (mail: Transaction, address: Value) => {
        mail.mailFrom = toAddress(address);
      },
    ),
    mailFunction(
      "envelop",
      "rcpt",
      "rw_rcpt",
      "old: string|object, new: string|object",
      "Replaces a recipient.",
      (mail: Transaction, old: Value, fresh: Value) => {
        const address = toAddress(fresh);
        remove(mail, old);
        mail.recipients.push({ address, transport: DEFAULT });
      },
    ),
    ...["add_rcpt", "bcc"].map((name) =>
      mailFunction(
        "envelop",
        "mail",
        name,
        "address: string|object",
        "Adds a recipient.",
        (mail: Transaction, address: Value) => {
          mail.recipients.push({ address: toAddress(address), transport: DEFAULT });
        },
      ),
    ),
    mailFunction(
      "envelop",
      "rcpt",
      "rm_rcpt",
      "address: string|object",
      "Removes a recipient; none of that address is no error.",
      (mail: Transaction, address: Value) => {
        remove(mail, address);
      },
    ),
  );
}

function remove(transaction: Transaction, address: Value): void {
  const { localPart, domain } = toAddress(address);
  for (const gone of recipientsNamed(transaction, localPart, domain)) {
    transaction.recipients.splice(transaction.recipients.indexOf(gone), 1);
  }
}
