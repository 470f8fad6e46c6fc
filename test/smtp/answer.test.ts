/** What a client is told for a status, without the client. */

import { describe, expect, test } from "vitest";
import { reply, type Stage, type Status } from "../../src/rules/index.ts";
import { answerOf } from "../../src/smtp/answer.ts";

const given = reply(550, "no", "5.7.1");
const failure: Status = { kind: "error", reply: reply(451, "broken", "4.3.0") };

describe("authenticate", () => {
  test("accept lets the client in, whatever its reply", () => {
    const status: Status = { kind: "accept", reply: reply(250, "Ok") };
    expect(answerOf("authenticate", status)).toMatchObject({ passed: true, reply: { code: 235 }, close: false });
  });

  const others: Status[] = [
    { kind: "next" },
    { kind: "faccept", reply: undefined },
    { kind: "deny", reply: given },
    { kind: "reject", reply: given },
    { kind: "quarantine", name: "box" },
  ];
  test.each(others)("$kind is 535 and the end", (status) => {
    expect(answerOf("authenticate", status)).toMatchObject({ passed: false, reply: { code: 535 }, close: true });
  });

  test("a failure is temporary, and the session goes on", () => {
    expect(answerOf("authenticate", failure)).toMatchObject({ passed: false, reply: { code: 454 }, close: false });
  });
});

test.each(["helo", "mail", "rcpt", "preq"] satisfies Stage[])("a reply of 421 at %s ends the session", (stage) => {
  const status: Status = { kind: "reject", reply: reply(421, "bye") };
  expect(answerOf(stage, status)).toMatchObject({ passed: false, close: true });
});
