/** A directive's situation with a client and a mail, for the tests of functions that take the transaction. */

import { type Address, parseAddress } from "../../src/rules/address.ts";
import { Situation } from "../../src/rules/api/situation.ts";
import { Connection, Transaction } from "../../src/rules/context.ts";
import { Message } from "../../src/rules/message.ts";
import type { Stage } from "../../src/rules/stage.ts";
import { defaultLimits, type NativeModule, Run, type Value } from "../../src/vsl/index.ts";
import { functionOf } from "./loaded.ts";

export interface Facts {
  readonly stage?: Stage;
  readonly helo?: string | undefined;
  /** Null: the null sender. */
  readonly mailFrom?: string | null;
  readonly recipients?: readonly string[];
  readonly message?: Message;
}

/** What is not given is that of a usual mail; at connect and helo there is no mail. */
export function situation(facts: Facts = {}): Situation {
  const { stage = "preq", mailFrom = "john@example.net", recipients = ["jane@example.com"], message } = facts;
  const client = { ip: "192.0.2.7", port: 40_000 };
  const connection = new Connection(client, { ip: "127.0.0.1", port: 25 }, "mx.example.com");
  connection.helo = "helo" in facts ? facts.helo : "client.example.net";
  const log = () => undefined;
  if (stage === "connect" || stage === "helo") return new Situation({ stage, connection, transaction: undefined, log });
  const sender = mailFrom === null ? undefined : address(mailFrom);
  const transaction = new Transaction(connection, sender, { id: "5f1b", message: message ?? new Message() });
  for (const recipient of recipients) {
    transaction.recipients.push({ address: address(recipient), transport: { kind: "deliver" } });
  }
  return new Situation({ stage, connection, transaction, log });
}

function address(text: string): Address {
  const parsed = parseAddress(text);
  if (parsed === undefined) throw new Error(`${text} is no address`);
  return parsed;
}

/** A mail of lines. */
export function mail(...lines: readonly string[]): Message {
  return new Message(Buffer.from(lines.join("\r\n"), "latin1"));
}

/** Calls as a directive would, while `host` is the host of the run. */
export function calling(module: NativeModule, host: unknown) {
  const run = new Run(defaultLimits, host);
  return (name: string, ...args: Value[]): Value | Promise<Value> =>
    functionOf(module, name, args.length).call(run, ...args);
}
