/**
 * `msg::…`: the header fields and the text of the mail, as it will be delivered.
 *
 * Fields that connect and helo rules add belong to every mail of the client; those added before DATA come first in the
 * mail. What nobody asks to change keeps every byte (see message.ts).
 */

import { type NativeFunction, NativeModule, native, type Run, type Value, VslArray } from "../../vsl/index.ts";
import { showAddress } from "../address.ts";
import { addAddress, removeAddress, replaceAddress, replaceSender } from "../address-field.ts";
import type { Transaction } from "../context.ts";
import type { Message } from "../message.ts";
import { textOf, toAddress } from "./object.ts";
import { mailFunction, messageAt } from "./situation.ts";

export function msgModule(): NativeModule {
  return new NativeModule("msg", "The mail itself.").add(...reading(), ...changing(), ...addresses());
}

function reading(): NativeFunction[] {
  return [
    onMessage("has_header", "name: string|object -> bool", "Whether there is a field of that name.", (mail, name) => {
      return mail.count(textOf(name)) > 0;
    }),
    onMessage("count_header", "name: string|object -> i64", "How many fields of that name there are.", (mail, name) => {
      return mail.count(textOf(name));
    }),
    onMessage(
      "get_header",
      "name: string|object -> string",
      "The first field's value, unfolded; empty without one.",
      (mail, name) => mail.values(textOf(name))[0] ?? "",
    ),
    onMessage("get_all_headers", "-> array", "All fields, each as `Name: value`, unfolded.", (mail) => {
      return new VslArray(mail.lines());
    }),
    onMessage(
      "get_all_headers",
      "name: string|object -> array",
      "The values of all fields of that name, unfolded.",
      (mail, name) => new VslArray(mail.values(textOf(name))),
    ),
    onMessage(
      "get_header_untouched",
      "name: string|object -> array",
      "All fields of that name as they stand in the mail, folds and line ends included.",
      (mail, name) => new VslArray(mail.untouched(textOf(name))),
    ),
    onMessage("mail", "-> string", "The whole mail; before DATA the fields that rules added.", (mail) =>
      mail.toString(),
    ),
  ];
}

function changing(): NativeFunction[] {
  return [
    onMessage(
      "prepend_header",
      "name: string, value: string|object",
      "Adds a field in front of all others.",
      (mail, name, value) => {
        mail.prepend(textOf(name), textOf(value));
      },
    ),
    onMessage(
      "append_header",
      "name: string, value: string|object",
      "Adds a field behind all others.",
      (mail, name, value) => {
        mail.append(textOf(name), textOf(value));
      },
    ),
    onMessage(
      "set_header",
      "name: string, value: string|object",
      "Replaces the first field of that name, or adds one.",
      (mail, name, value) => {
        mail.set(textOf(name), textOf(value));
      },
    ),
    onMessage(
      "rename_header",
      "old: string|object, new: string|object",
      "Renames the first field of a name.",
      (mail, old, fresh) => {
        mail.rename(textOf(old), textOf(fresh));
      },
    ),
    onMessage(
      "rm_header",
      "name: string|object -> bool",
      "Removes the first field of that name; whether there was one.",
      (mail, name) => mail.remove(textOf(name)),
    ),
  ];
}

function addresses(): NativeFunction[] {
  return [
    onReceived(
      "rw_mail_from",
      "address: string|object",
      "Replaces the sender's address in the field From.",
      (message, address) => {
        const fresh = toAddress(address);
        if (message.count("From") === 0) message.append("From", showAddress(fresh));
        else message.edit("From", (value) => replaceSender(value, fresh));
      },
    ),
    onReceived(
      "rw_rcpt",
      "old: string|object, new: string|object",
      "Replaces an address in the field To.",
      (message, old, fresh) => {
        const [from, to] = [toAddress(old), toAddress(fresh)];
        message.edit("To", (value) => replaceAddress(value, from, to));
      },
    ),
    onReceived("add_rcpt", "address: string|object", "Adds an address to the field To.", (message, address) => {
      const fresh = toAddress(address);
      let count = message.count("To");
      if (count === 0) message.append("To", showAddress(fresh));
      else message.edit("To", (value) => (--count === 0 ? addAddress(value, fresh) : value));
    }),
    onReceived(
      "rm_rcpt",
      "address: string|object",
      "Removes an address from the field To, and the field when nothing is left in it.",
      (message, address) => {
        const gone = toAddress(address);
        message.edit("To", (value) => removeAddress(value, gone));
      },
    ),
  ];
}

type OnMessage = (message: Message, a: Value, b: Value) => Value;

function onMessage(name: string, signature: string, doc: string, body: OnMessage): NativeFunction {
  const call = (run: Run, a: Value, b: Value) => body(messageAt(run, `msg::${name}`), a, b);
  return native(name, signature, doc, call, { stage: "connect" });
}

/** What asks for the header fields of the client's mail works once that is there. */
function onReceived(name: string, signature: string, doc: string, body: OnMessage): NativeFunction {
  return mailFunction("msg", "preq", name, signature, doc, ({ message }: Transaction, a: Value, b: Value) => {
    return body(message, a, b);
  });
}
