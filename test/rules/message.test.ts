/** Header fields are edited without touching a byte that nobody asked to change. */

import { expect, it } from "vitest";
import { Message } from "../../src/rules/index.ts";

const MAIL =
  "Received: from a\r\n\tby b;\r\n now\r\nFrom: Jörg <j@example.com>\r\nX-Odd : kept \r\nnot a field\r\nSubject: =?latin1?q?x?=\r\nx-odd: two\r\n\r\nbody\r\n\r\n. dots\r\n";

function message(text = MAIL): Message {
  return new Message(Buffer.from(text, "latin1"));
}

const text = (mail: Message) => Buffer.from(mail.bytes).toString("latin1");

it("A mail that nobody edits keeps every byte.", () => {
  const mail = message();
  mail.values("subject");
  expect(text(mail)).toBe(MAIL);
});

it("Folded values are read as one line.", () => {
  expect(message().values("received")).toEqual(["from a\tby b; now"]);
});

it("Names are compared without regard to case, and white space before the colon does not count.", () => {
  expect(message().values("X-ODD")).toEqual(["kept", "two"]);
  expect(message().count("x-odd")).toBe(2);
});

it("A field is put in front of all others, or behind them.", () => {
  const mail = message("A: 1\r\n\r\nbody");
  mail.prepend("B", "2");
  mail.append("C", "3");
  expect(text(mail)).toBe("B: 2\r\nA: 1\r\nC: 3\r\n\r\nbody");
});

it("Replacing a folded field leaves no line of it behind.", () => {
  const mail = message();
  mail.set("Received", "by c");
  expect(text(mail)).toBe(MAIL.replace("from a\r\n\tby b;\r\n now", "by c"));
});

it("Removing a folded field leaves no line of it behind.", () => {
  const mail = message();
  expect(mail.remove("received")).toBe(true);
  expect(mail.remove("received")).toBe(false);
  expect(text(mail)).toBe(MAIL.slice(MAIL.indexOf("From:")));
});

it("Renaming keeps the value to the byte.", () => {
  const mail = message();
  mail.rename("From", "X-From");
  expect(text(mail)).toBe(MAIL.replace("From: J", "X-From: J"));
});

it("Line breaks in a value cannot make fields of their own.", () => {
  const mail = message("A: 1\r\n\r\n");
  mail.append("B", "2\r\nBcc: evil@example.com\n\n\rC: 3\r\n");
  expect(text(mail)).toBe("A: 1\r\nB: 2\r\n Bcc: evil@example.com\r\n \r\n \r\n C: 3\r\n\r\n");
});

it("Values beyond ASCII are written as UTF-8.", () => {
  const mail = message("\r\n");
  mail.append("B", "é");
  expect(Buffer.from(mail.bytes).toString("utf8")).toBe("B: é\r\n\r\n");
  expect(mail.values("b")).toEqual(["é"]);
});

it("Fields added before the mail came stand in front of it, in their order.", () => {
  const mail = new Message();
  mail.append("A", "1");
  mail.append("B", "2");
  expect(mail.received).toBe(false);
  mail.receive(Buffer.from("C: 3\r\n\r\nx"));
  expect(text(mail)).toBe("A: 1\r\nB: 2\r\nC: 3\r\n\r\nx");
});

it("A mail without an empty line is a header section to its end.", () => {
  const mail = message("A: 1\r\nB: 2");
  expect(mail.values("b")).toEqual(["2"]);
});

it("An empty mail can be given fields.", () => {
  const mail = message("");
  mail.append("A", "1");
  expect(text(mail)).toBe("A: 1\r\n");
});
