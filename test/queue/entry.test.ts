import { expect, test } from "vitest";
import { decodeEntry, type Entry, encodeEntry } from "../../src/queue/entry.ts";
import { Connection, Transaction } from "../../src/rules/index.ts";

const NAME = "1764000000.M000001P1Q1";

function entry(raw: Uint8Array): Entry {
  const client = { ip: "192.0.2.1", port: 4321 };
  const connection = new Connection(client, { ip: "192.0.2.2", port: 25 }, "mx.example.com");
  connection.helo = "client.example";
  const transaction = new Transaction(connection, { localPart: "from", domain: "a.example" });
  transaction.recipients.push(
    { address: { localPart: "to", domain: "b.example" }, transport: { kind: "maildir" } },
    { address: { localPart: "too", domain: "b.example" }, transport: { kind: "forward", target: "192.0.2.9:25" } },
  );
  transaction.route = { role: "incoming", domain: "b.example" };
  transaction.message.receive(raw);
  return {
    name: NAME,
    host: "here",
    protocol: "ESMTP",
    transaction,
    step: "delivery",
    done: new Set(["to@b.example"]),
    held: false,
    failed: new Map([["too@b.example", "nobody there"]]),
  };
}

test("an entry comes back from its file as it was", () => {
  const raw = Buffer.from([0xff, 0x0a, 0x00, 0x0d, 0x0a, 0x2e]);
  const original = entry(raw);
  const back = decodeEntry(NAME, Buffer.concat(encodeEntry(original)));
  expect(Buffer.from(back.transaction.message.bytes)).toEqual(raw);
  expect(back).toMatchObject({ name: NAME, host: "here", protocol: "ESMTP", step: "delivery", done: original.done });
  expect(back.failed).toEqual(original.failed);
  expect(JSON.stringify(back.transaction)).toBe(JSON.stringify(original.transaction));
});

test("the first line alone says everything but the mail", () => {
  const [head, mail] = encodeEntry(entry(Buffer.from("Subject: x\r\n\r\n")));
  expect(JSON.parse(String(head))).toMatchObject({ version: 1, step: "delivery", size: 14 });
  expect(String(mail)).toBe("Subject: x\r\n\r\n");
});

test("an entry that lost its end at any byte is told from a whole one", () => {
  const whole = Buffer.concat(encodeEntry(entry(Buffer.from("Subject: x\r\n\r\nbody\r\n"))));
  for (let length = 0; length < whole.length; length++) {
    expect(() => decodeEntry(NAME, whole.subarray(0, length))).toThrow();
  }
});

test.each(["", "\n", "{}\n", "null\n", '{"version":2}\n', "not json\nmail"])("%j is no entry", (text) => {
  expect(() => decodeEntry(NAME, Buffer.from(text))).toThrow();
});
