/** `ctx::…`: what is known of client and transaction, read only. */

import { type NativeFunction, NativeModule, native, type Run, type Value, VslArray } from "../../vsl/index.ts";
import type { Transaction } from "../context.ts";
import type { Stage } from "../stage.ts";
import { addressObject, nullSender } from "./object.ts";
import { at, type Situation, transactionAt } from "./situation.ts";

export function ctxModule(): NativeModule {
  return new NativeModule("ctx", "The client and its mail.").add(
    connection("client_ip", "string", "The client's address.", ({ client }) => client.ip),
    connection("client_port", "i64", "The client's port.", ({ client }) => client.port),
    connection(
      "client_address",
      "string",
      "The client's address and port.",
      ({ client }) => `${client.ip}:${client.port}`,
    ),
    connection("server_ip", "string", "The address that the client connected to.", ({ server }) => server.ip),
    connection("server_port", "i64", "The port that the client connected to.", ({ server }) => server.port),
    connection(
      "server_address",
      "string",
      "The address and port that the client connected to.",
      ({ server }) => `${server.ip}:${server.port}`,
    ),
    connection("server_name", "string", "The name that the server greets with.", ({ serverName }) => serverName),
    connection("is_secured", "bool", "Whether the connection is encrypted.", ({ secured }) => secured),
    native(
      "helo",
      "-> string",
      "What the client calls itself.",
      (run: Run) => at(run, "ctx::helo", "helo").connection.helo,
    ),
    transaction("message_id", "string", "The mail's identifier, a UUID.", "mail", ({ id }) => id),
    transaction("mail_from", "object", "The sender; the identifier `null` for `<>`.", "mail", ({ mailFrom }) => {
      return mailFrom ? addressObject(mailFrom) : nullSender();
    }),
    transaction("rcpt", "object", "The recipient that was named last.", "rcpt", ({ recipients }) => {
      const last = recipients.at(-1);
      return last && addressObject(last.address);
    }),
    transaction("rcpt_list", "array", "The recipients so far.", "rcpt", ({ recipients }) => {
      return new VslArray(recipients.map(({ address }) => addressObject(address)));
    }),
  );
}

function connection(
  name: string,
  returns: string,
  doc: string,
  read: (facts: Situation["connection"]) => Value,
): NativeFunction {
  return native(name, `-> ${returns}`, doc, (run: Run) => read(at(run, `ctx::${name}`, "connect").connection));
}

function transaction(
  name: string,
  returns: string,
  doc: string,
  from: Stage,
  read: (mail: Transaction) => Value,
): NativeFunction {
  return native(name, `-> ${returns}`, doc, (run: Run) => read(transactionAt(run, `ctx::${name}`, from)));
}
