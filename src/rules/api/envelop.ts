/** `envelop::…` changes the envelope, `transport::…` decides how each recipient's copy leaves. */

import { NativeModule, native, type Run, ScriptError, type Value } from "../../vsl/index.ts";
import { showAddress } from "../address.ts";
import type { Transaction, Transport } from "../context.ts";
import { toAddress } from "./object.ts";
import { recipientsNamed, transactionAt } from "./situation.ts";

const DEFAULT: Transport = { kind: "deliver" };

export function envelopModule(): NativeModule {
  return new NativeModule("envelop", "The envelope of the mail.").add(
    native("rw_mail_from", "address: string|object", "Replaces the sender.", (run: Run, address: Value) => {
      transactionAt(run, "envelop::rw_mail_from", "mail").mailFrom = toAddress(address);
    }),
    native(
      "rw_rcpt",
      "old: string|object, new: string|object",
      "Replaces a recipient.",
      (run: Run, from: Value, to: Value) => {
        const transaction = transactionAt(run, "envelop::rw_rcpt", "rcpt");
        remove(transaction, from);
        transaction.recipients.push({ address: toAddress(to), transport: DEFAULT });
      },
    ),
    ...["add_rcpt", "bcc"].map((name) =>
      native(name, "address: string|object", "Adds a recipient.", (run: Run, address: Value) => {
        transactionAt(run, `envelop::${name}`, "mail").recipients.push({
          address: toAddress(address),
          transport: DEFAULT,
        });
      }),
    ),
    native(
      "rm_rcpt",
      "address: string|object",
      "Removes a recipient; none of that address is no error.",
      (run: Run, address: Value) => {
        remove(transactionAt(run, "envelop::rm_rcpt", "rcpt"), address);
      },
    ),
  );
}

export function transportModule(): NativeModule {
  const module = new NativeModule("transport", "How a recipient's copy leaves us.");
  for (const kind of ["deliver", "maildir", "mbox"] as const) {
    module.add(
      native(kind, "rcpt: string|object", `Delivers one recipient's copy by ${kind}.`, (run: Run, rcpt: Value) => {
        route(transactionAt(run, `transport::${kind}`, "rcpt"), rcpt, { kind });
      }),
      native(`${kind}_all`, "", `Delivers all recipients' copies by ${kind}.`, (run: Run) => {
        for (const recipient of transactionAt(run, `transport::${kind}_all`, "rcpt").recipients)
          recipient.transport = { kind };
      }),
    );
  }
  return module;
}

function remove(transaction: Transaction, address: Value): void {
  const { localPart, domain } = toAddress(address);
  for (const gone of recipientsNamed(transaction, localPart, domain)) {
    transaction.recipients.splice(transaction.recipients.indexOf(gone), 1);
  }
}

function route(transaction: Transaction, rcpt: Value, transport: Transport): void {
  const address = toAddress(rcpt);
  const recipients = recipientsNamed(transaction, address.localPart, address.domain);
  if (recipients.length === 0) throw new ScriptError(`${showAddress(address)} is no recipient of this mail`);
  for (const recipient of recipients) recipient.transport = transport;
}
