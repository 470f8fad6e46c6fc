/** What tells a mail again when it comes a second time, and what does not. */

import { expect, it } from "vitest";
import { contentDigest, fingerprintOf } from "../../src/queue/index.ts";

const SENDER = { localPart: "from", domain: "a.example" };
const [ONE, TWO] = ["one", "two"].map((localPart) => ({ address: { localPart, domain: "b.example" } })) as [To, To];
const MAIL = "Message-ID: <1@a>\r\nDate: today\r\nSubject: hello\r\nX-Long: a\r\n b\r\n\r\nbody\r\n";

type To = { readonly address: { readonly localPart: string; readonly domain: string } };

function digest(mail: string): string {
  return contentDigest(Buffer.from(mail, "latin1"));
}

it.each([
  ["the id and date of another try", MAIL.replace("<1@a>", "<2@a>").replace("today", "tomorrow")],
  ["the traces of hosts on its way", `Received: from x\r\n\tby y\r\nDKIM-Signature: z\r\n${MAIL}`],
])("A mail is the same with %s.", (_, other) => {
  expect(digest(other)).toBe(digest(MAIL));
});

it.each([
  ["subject", MAIL.replace("hello", "hallo")],
  ["body", MAIL.replace("body", "bodies")],
  ["field that goes over two lines", MAIL.replace("\r\n b", "\r\n c")],
  ["byte that is no text", MAIL.replace("body", "\xff")],
  ["place where the header ends", MAIL.replace("\r\nX-Long", "\r\n\r\nX-Long")],
])("A mail is another one with another %s.", (_, other) => {
  expect(digest(other)).not.toBe(digest(MAIL));
});

it.each(["", "\r\n", "\r\nonly a body", "no header at all", "Date: x", "x".repeat(100_000)])(
  "Bytes that are hardly a mail have a digest too: %.20j",
  (bytes) => {
    expect(digest(bytes)).toMatch(/^[0-9a-f]{64}$/);
  },
);

it("A body is told apart from a header that looks like it.", () => {
  expect(digest("\r\nDate: 1\r\n")).not.toBe(digest("\r\nDate: 2\r\n"));
});

it("The order of recipients and the case of addresses do not count.", () => {
  const upper = { localPart: "FROM", domain: "a.example" };
  expect(fingerprintOf(upper, [TWO, ONE], "c")).toBe(fingerprintOf(SENDER, [ONE, TWO], "c"));
});

it("Sender, recipients and content do.", () => {
  const all = [
    fingerprintOf(SENDER, [ONE], "c"),
    fingerprintOf(undefined, [ONE], "c"),
    fingerprintOf(SENDER, [ONE, TWO], "c"),
    fingerprintOf(SENDER, [ONE], "d"),
  ];
  expect(new Set(all).size).toBe(all.length);
});
