/** `ctx::…`: what is known of client and transaction, read only. */

import { type NativeFunction, NativeModule, native, type Run, type Value, VslArray } from "../../vsl/index.ts";
import type { Transaction } from "../context.ts";
import type { Stage } from "../stage.ts";
import { DateTime, dateTimeType } from "./date-time.ts";
import { addressObject, nullSender } from "./object.ts";
import { at, mailFunction, type Situation } from "./situation.ts";

export function ctxModule(): NativeModule {
  const module = new NativeModule("ctx", "The client and its mail.");
  module.types.set(dateTimeType.name, dateTimeType);
  return module.add(...ofConnection(), ...ofTransaction());
}

function ofConnection(): NativeFunction[] {
  return [
    connection("client_ip", "string", "The client's address.", ({ client }) => client.ip),
    connection("client_port", "i64", "The client's port.", ({ client }) => client.port),
    connection("client_address", "string", "The client's address and port.", ({ client }) => socket(client)),
    connection("server_ip", "string", "The address that the client connected to.", ({ server }) => server.ip),
    connection("server_port", "i64", "The port that the client connected to.", ({ server }) => server.port),
    connection("server_address", "string", "The address and port that the client connected to.", ({ server }) =>
      socket(server),
    ),
    connection("server_name", "string", "The name that the server greets with.", ({ serverName }) => serverName),
    connection("is_secured", "bool", "Whether the connection is encrypted.", ({ secured }) => secured),
    connection("connection_timestamp", "date_time", "When the client connected.", ({ since }) => new DateTime(since)),
    connection("helo", "string", "What the client calls itself.", ({ helo }) => helo, "helo"),
  ];
}

function ofTransaction(): NativeFunction[] {
  return [
    transaction("message_id", "string", "The mail's identifier, a UUID.", "mail", ({ id }) => id),
    transaction("mail_timestamp", "date_time", "When the mail began.", "mail", ({ since }) => new DateTime(since)),
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
  ];
}

function connection(
  name: string,
  returns: string,
  doc: string,
  read: (facts: Situation["connection"]) => Value,
  from: Stage = "connect",
): NativeFunction {
  const call = (run: Run) => read(at(run, `ctx::${name}`, from).connection);
  return native(name, `-> ${returns}`, doc, call, { stage: from });
}

function transaction(
  name: string,
  returns: string,
  doc: string,
  from: Stage,
  read: (mail: Transaction) => Value,
): NativeFunction {
  return mailFunction("ctx", from, name, `-> ${returns}`, doc, read);
}

function socket({ ip, port }: { ip: string; port: number }): string {
  return ip.includes(":") ? `[${ip}]:${port}` : `${ip}:${port}`;
}
