/** examples/anti-relaying: who may send what to whom. 127.0.0.1 is in our network, 127.0.0.2 is not. */

import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../fixtures/host.ts";
import { SmtpClient } from "../fixtures/smtp-client.ts";
import { Example } from "./example.ts";

const OUTSIDE = "127.0.0.2";
let example: Example;

beforeAll(async () => {
  example = await Example.start("anti-relaying");
});

afterAll(() => example.stop());

test("anybody writes to users that exist", async () => {
  const mail = { from: "a@else.example", to: ["mary@example.com"], client: OUTSIDE };
  expect(await example.send(mail)).toMatchObject({ code: 250 });
  await until(() => example.site.mails("mary@example.com").length === 1);
});

test("an unknown user is refused, and the mail still reaches the others", async () => {
  const client = await SmtpClient.open(example.host.port, OUTSIDE);
  await client.say("MAIL FROM:<a@else.example>");
  expect(await client.say("RCPT TO:<nobody@example.com>")).toMatchObject({ code: 550 });
  expect(await client.say("RCPT TO:<john@example.com>")).toMatchObject({ code: 250 });
  await client.say("DATA");
  expect(await client.content("Subject: x\r\n\r\nx")).toMatchObject({ code: 250 });
  await client.quit();
  await until(() => example.site.mails("john@example.com").length === 1);
  expect(example.site.mails("nobody@example.com")).toEqual([]);
});

test("nobody relays from one foreign domain to another", async () => {
  const mail = { from: "a@else.example", to: ["b@other.example"] };
  expect(await example.send(mail)).toMatchObject({ code: 554, lines: ["5.7.1 Relay access denied"] });
});

test("our domain as a sender is taken from our network only", async () => {
  const mail = { from: "mary@example.com", to: ["b@other.example"] };
  expect(await example.send({ ...mail, client: OUTSIDE })).toMatchObject({ code: 550 });
  expect(await example.send(mail)).toMatchObject({ code: 250 });
});

test("a bounce reaches our users and goes nowhere else", async () => {
  const before = example.site.mails("mary@example.com").length;
  expect(await example.send({ from: "", to: ["mary@example.com"], client: OUTSIDE })).toMatchObject({ code: 250 });
  await until(() => example.site.mails("mary@example.com").length === before + 1);
  expect(await example.send({ from: "", to: ["b@other.example"] })).toMatchObject({ code: 554 });
});
