/** examples/message: header fields, as they arrive in the mailbox. */

import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../fixtures/host.ts";
import { Example, type Mail } from "./example.ts";

let example: Example;

beforeAll(async () => {
  example = await Example.start("message");
});

afterAll(() => example.stop());

/** The mail as `to` finds it, without what the server puts in front. */
async function delivered(mail: Omit<Mail, "to">, to: string): Promise<string> {
  const reply = await example.send({ ...mail, to: [to] });
  expect(reply).toMatchObject({ code: 250 });
  await until(() => example.site.mails(to).length === 1);
  const [text = ""] = example.site.mails(to);
  return text.slice(text.indexOf("X-Client:"));
}

test("mail from elsewhere is marked, and what only our filters say is taken off", async () => {
  const content = [
    "X-Spam-Status: No,",
    "  really not",
    "Subject: An offer",
    " in two lines",
    "x-spam-status: No",
    "From: a@else.example",
    "",
    "Subject: stays",
  ].join("\r\n");
  expect(await delivered({ from: "a@else.example", content }, "one@example.com")).toBe(
    [
      "X-Client: 127.0.0.1 at mx.example.com",
      "Subject: [external] An offer in two lines",
      "From: a@else.example",
      "",
      "Subject: stays",
      "",
    ].join("\r\n"),
  );
});

test("a subject that is marked already is left as it is", async () => {
  const content = "Subject:  [external]  twice\r\n\r\nx";
  expect(await delivered({ from: "a@else.example", content }, "two@example.com")).toContain(
    "\r\nSubject:  [external]  twice\r\n",
  );
});

test("mail that leaves does not tell where it was written", async () => {
  const content = "Received: from desk\r\n by inside\r\nX-Mailer: Pen 1.0\r\nReceived: from pen\r\nSubject: x\r\n\r\nx";
  expect(await example.send({ from: "a@example.com", to: ["b@else.example"], content })).toMatchObject({ code: 250 });
  const [entry = ""] = example.site.spooled();
  const spooled = readFileSync(entry, "latin1");
  expect(spooled).toContain("X-Was-Written-With: Pen 1.0\r\nSubject: x\r\n\r\nx");
  expect(spooled).not.toMatch(/^(Received|X-Client| by inside)/m);
});

test("among ourselves chain letters are refused", async () => {
  const content = "Subject: Fwd: fwd: luck\r\n\r\nx";
  expect(await example.send({ from: "a@example.com", to: ["b@example.com"], content })).toEqual({
    code: 554,
    lines: ["5.6.0 No chain letters, please"],
  });
});

test("among ourselves the list's former address becomes its new one", async () => {
  const content = "To: The list <old-list@example.com>, b@example.com\r\n\r\nx";
  expect(await delivered({ from: "a@example.com", content }, "three@example.com")).toContain(
    "To: The list <list@example.com>, b@example.com\r\n",
  );
});
