/** A mail's whole way: a real client, the rules, the spool, the Maildir. */

import { basename } from "node:path";
import { createTransport } from "nodemailer";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Host, until } from "../fixtures/host.ts";
import { Site } from "../fixtures/site.ts";
import { SmtpClient } from "../fixtures/smtp-client.ts";

let site: Site;
let host: Host;

beforeAll(async () => {
  site = new Site();
  host = await Host.start(site);
});

afterAll(async () => {
  expect(await host.stop()).toBe(0);
  site.remove();
});

async function mailTo(address: string): Promise<string> {
  return until(() => site.mails(address)[0]);
}

test("a mail of a real client becomes a file in the Maildir of its recipient", async () => {
  const client = createTransport({ host: "127.0.0.1", port: host.port, name: "laptop.example" });
  const sent = await client.sendMail({
    from: "Alice <alice@a.example>",
    to: "bob@b.example",
    subject: "Grüße",
    text: "Hello Bob,\n.\n.. two dots\nbye\n",
  });
  expect(sent.accepted).toEqual(["bob@b.example"]);
  const mail = await mailTo("bob@b.example");
  expect(mail).toContain("Hello Bob,\r\n.\r\n.. two dots\r\nbye\r\n");
});

test("the envelope and the trace stand on top of the mail", async () => {
  const client = await SmtpClient.open(host.port);
  const { lines } = await client.mail("alice@a.example", ["carol@b.example"], "Subject: x\r\n\r\nbody");
  await client.quit();
  const id = lines[0]?.split(" ").at(-1);
  const [returnPath, deliveredTo, ...received] = (await mailTo("carol@b.example")).split("\r\n");
  expect(returnPath).toBe("Return-Path: <alice@a.example>");
  expect(deliveredTo).toBe("Delivered-To: carol@b.example");
  expect(received.slice(0, 6)).toEqual([
    `X-VSMTP: id="${id}"; version="1.0.0"`,
    "Received: from client.example ([127.0.0.1])",
    `\tby mx.example.com with ESMTP id ${id}`,
    "\tfor <carol@b.example>;",
    expect.stringMatching(/^\t\w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} \+0000$/),
    "Subject: x",
  ]);
});

test("recipients of one mail do not learn of each other", async () => {
  const client = await SmtpClient.open(host.port);
  await client.mail("alice@a.example", ["dave@b.example", "erin@b.example"], "Subject: x\r\n\r\nbody");
  await client.quit();
  expect(await mailTo("dave@b.example")).not.toContain("erin");
  expect(await mailTo("erin@b.example")).not.toContain("dave");
});

test("the file has a Maildir name with its sizes, and begins like the spool entry", async () => {
  const client = await SmtpClient.open(host.port);
  await client.mail("alice@a.example", ["frank@b.example"], "Subject: x\r\n\r\nbody");
  await client.quit();
  const mail = await mailTo("frank@b.example");
  const [file = ""] = site.mailFiles("frank@b.example");
  expect(basename(file)).toMatch(/^\d+\.M\d{6}P\d+Q\d+R[0-9a-f]{12}\.[^:/,]+,S=\d+,W=\d+$/);
  expect(basename(file)).toContain(`,S=${mail.length},W=${mail.length}`);
});

test("any bytes arrive as they were sent", async () => {
  const bytes = Buffer.from(
    Array.from({ length: 4096 }, (_, i) => i % 251).filter((byte) => byte !== 13 && byte !== 10),
  );
  const client = await SmtpClient.open(host.port);
  await client.say("MAIL FROM:<a@a.example> BODY=8BITMIME");
  await client.say("RCPT TO:<bytes@b.example>");
  await client.say("DATA");
  client.write(Buffer.concat([Buffer.from("Subject: x\r\n\r\n"), bytes, Buffer.from("\r\n.\r\n")]));
  expect(await client.reply()).toMatchObject({ code: 250 });
  await client.quit();
  expect(await mailTo("bytes@b.example")).toContain(bytes.toString("latin1"));
});

test("a mail that comes one byte at a time is the same mail", async () => {
  const content = "Subject: slow\r\n\r\n.\r\n..\r\n...x\r\n\r\nend\r\n";
  const client = await SmtpClient.open(host.port);
  await client.say("MAIL FROM:<a@a.example>");
  await client.say("RCPT TO:<slow@b.example>");
  await client.say("DATA");
  for (const char of `${content.replace(/^\./gm, "..")}.\r\n`) {
    client.write(char);
    await new Promise(setImmediate);
  }
  expect(await client.reply()).toMatchObject({ code: 250 });
  await client.quit();
  expect((await mailTo("slow@b.example")).endsWith(`+0000\r\n${content}`)).toBe(true);
});

test("an address cannot lead out of the directory of mailboxes", async () => {
  const client = await SmtpClient.open(host.port);
  for (const local of ["../../escape", "..", ".hidden", "a/b"]) {
    const reply = await client.say("MAIL FROM:<a@a.example>");
    expect(reply.code).toBe(250);
    const { code } = await client.say(`RCPT TO:<${local}@b.example>`);
    if (code === 250) {
      await client.say("DATA");
      expect(await client.content("Subject: x\r\n\r\nx")).toMatchObject({ code: 250 });
    } else await client.say("RSET");
  }
  await client.quit();
  await until(() => site.mails("a%2fb@b.example").length === 1 && site.spooled().length === 0);
  expect(site.everyMail().every((file) => file.startsWith(site.path("mailboxes/")))).toBe(true);
});

test("the spool is empty once everything is delivered", async () => {
  await until(() => site.spooled().length === 0);
  expect(site.unfinished()).toEqual([]);
});
