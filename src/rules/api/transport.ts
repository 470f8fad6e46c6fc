/** `transport::…`: how each recipient's copy leaves us, decided once the recipient is known. */

import { type NativeFunction, NativeModule, ScriptError, type Value } from "../../vsl/index.ts";
import { showAddress } from "../address.ts";
import type { Transaction, Transport } from "../context.ts";
import { textOf, toAddress } from "./object.ts";
import { mailFunction, recipientsNamed } from "./situation.ts";
import { parseTarget } from "./target.ts";

const WAYS = {
  deliver: "to the mail exchangers of its domain",
  maildir: "into the Maildir of the address",
  mbox: "into the mbox file of the local user",
} as const;

export function transportModule(): NativeModule {
  const module = new NativeModule("transport", "How a recipient's copy leaves us.");
  for (const [kind, where] of Object.entries(WAYS) as [keyof typeof WAYS, string][]) {
    module.add(...both(kind, "", `${where}.`, () => ({ kind })));
  }
  const doc =
    'to another server: `"192.0.2.1:25"`, `"mx.example.com"`, `"smtp://user:password@host:587?tls=required"`.';
  return module.add(...both("forward", "target: string|object", doc, forwardTo));
}

/** For one recipient and for all of them. */
function both(kind: string, more: string, where: string, way: (target: Value) => Transport): NativeFunction[] {
  const rcpt = "rcpt: string|object";
  return [
    mailFunction(
      "transport",
      "rcpt",
      kind,
      more === "" ? rcpt : `${rcpt}, ${more}`,
      `One recipient's copy goes ${where}`,
      (mail: Transaction, recipient: Value, target: Value) => {
        route(mail, recipient, way(target));
      },
    ),
    mailFunction(
      "transport",
      "rcpt",
      `${kind}_all`,
      more,
      `All recipients' copies go ${where}`,
      (mail: Transaction, target: Value) => {
        const transport = way(target);
        for (const recipient of mail.recipients) recipient.transport = transport;
      },
    ),
  ];
}

function forwardTo(target: Value): Transport {
  const text = textOf(target);
  const read = parseTarget(text);
  if (typeof read === "string") throw new ScriptError(`"${text}" is no target to forward to: ${read}`);
  return { kind: "forward", target: text };
}

function route(transaction: Transaction, rcpt: Value, transport: Transport): void {
  const address = toAddress(rcpt);
  const recipients = recipientsNamed(transaction, address.localPart, address.domain);
  if (recipients.length === 0) throw new ScriptError(`${showAddress(address)} is no recipient of this mail`);
  for (const recipient of recipients) recipient.transport = transport;
}
