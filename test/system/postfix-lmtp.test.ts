/** Debian's Postfix delivers to our LMTP listener. */

import { chmodSync, rmSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../fixtures/host.ts";
import { SmtpClient } from "../fixtures/smtp-client.ts";
import { LmtpHost } from "../smtp/lmtp.ts";
import { Postfix } from "./postfix.ts";

let lmtp: LmtpHost;
let postfix: Postfix;

beforeAll(async () => {
  lmtp = await LmtpHost.start({
    config: `config.app.storage.users = "users";`,
    files: { users: "john\nmary\nlater\n" },
  });
  chmodSync(lmtp.site.directory, 0o755);
  postfix = await Postfix.start(lmtp.socket, "b.example");
});

afterAll(async () => {
  await postfix.stop();
  expect(lmtp.site.spooled()).toEqual([]);
  await lmtp.stop();
});

async function send(to: readonly string[], content: string): Promise<void> {
  const client = await SmtpClient.open(postfix.port);
  expect(await client.mail("john@b.example", to, content)).toMatchObject({ code: 250 });
  await client.quit();
}

const mailsWith = (address: string, text: string) => lmtp.site.mails(address).filter((mail) => mail.includes(text));

test("a mail for two arrives twice, with Postfix's trace below ours", async () => {
  await send(["john@b.example", "mary@b.example"], "Subject: two\r\n\r\n.dots and\r\n..more\r\n");
  await until(() => mailsWith("john@b.example", "two").length === 1 && mailsWith("mary@b.example", "two").length === 1);
  const [mail = ""] = mailsWith("mary@b.example", "two");
  expect(mail).toMatch(/^Return-Path: <john@b\.example>\r\nDelivered-To: mary@b\.example\r\n/);
  expect(mail).toMatch(/with LMTP id [\s\S]*by postfix\.example \(Postfix\)/);
  expect(mail).toContain("\r\n\r\n.dots and\r\n..more\r\n");
});

test("Postfix bounces a mail for an unknown user at once, and the others get theirs", async () => {
  await send(["who@b.example", "mary@b.example"], "Subject: bounced\r\n\r\nx");
  await until(() => mailsWith("john@b.example", "Undelivered Mail Returned to Sender").length === 1);
  const [bounce = ""] = mailsWith("john@b.example", "Undelivered Mail");
  expect(bounce).toContain("Return-Path: <>\r\n");
  expect(bounce).toContain("There is no such user here");
  expect(bounce).toContain("Status: 5.1.1");
  await until(() => mailsWith("mary@b.example", "bounced").length === 1);
});

test("Postfix keeps what cannot be delivered now, and delivers it later, once", async () => {
  lmtp.site.write("mailboxes/later@b.example", "in the way of a directory");
  await send(["later@b.example", "mary@b.example"], "Subject: waits\r\n\r\nx");
  await postfix.logged(/to=<later@b\.example>.*dsn=4\.2\.0, status=deferred .*try again later/);
  await until(() => mailsWith("mary@b.example", "waits").length === 1);
  expect(mailsWith("later@b.example", "waits")).toEqual([]);
  rmSync(lmtp.site.path("mailboxes/later@b.example"));
  postfix.flush();
  await until(() => mailsWith("later@b.example", "waits").length === 1);
  expect(mailsWith("mary@b.example", "waits")).toHaveLength(1);
});

test("a hundred mails over many connections at a time arrive, each once", async () => {
  const numbers = Array.from({ length: 100 }, (_, n) => n);
  const lane = async (first: number) => {
    for (const n of numbers.filter((number) => number % 10 === first)) {
      await send(["mary@b.example"], `Subject: many ${n}.\r\n\r\n${"x".repeat(4000)}`);
    }
  };
  await Promise.all(Array.from({ length: 10 }, (_, first) => lane(first)));
  await until(() => mailsWith("mary@b.example", "Subject: many").length >= 100);
  await until(() => postfix.log.match(/lmtp.* to=<mary@b\.example>.* status=sent /g)?.length === 103);
  for (const n of numbers) expect(mailsWith("mary@b.example", `Subject: many ${n}.`)).toHaveLength(1);
});
