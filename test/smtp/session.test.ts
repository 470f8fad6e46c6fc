import { afterAll, beforeAll, expect, test } from "vitest";
import { Host, until } from "../fixtures/host.ts";
import { Site } from "../fixtures/site.ts";
import { SmtpClient } from "../fixtures/smtp-client.ts";

const FILTER = `#{
  connect: [ rule "c" || state::next() ],
  mail: [ rule "senders" || {
    if ctx::mail_from() == "no@sender.example" { state::reject("550 5.7.1 not you") } else { state::next() }
  } ],
  rcpt: [
    rule "recipients" || {
      if ctx::rcpt() == "no@rcpt.example" { state::reject("550 5.1.1 not here") }
      else if ctx::rcpt() == "end@rcpt.example" { state::deny("554 5.7.1 go away") }
      else { transport::maildir_all(); state::next() }
    },
  ],
}`;

let site: Site;
let host: Host;

beforeAll(async () => {
  site = new Site({
    filter: FILTER,
    config: `config.server.message_size_limit = 100000; config.server.smtp.rcpt_count_max = 3;
      config.server.client_count_max = 8;`,
  });
  host = await Host.start(site);
});

afterAll(async () => {
  expect(await host.stop()).toBe(0);
  expect(site.spooled()).toEqual([]);
  site.remove();
});

test("the greeting and EHLO name the server, and offer what is there", async () => {
  const client = await SmtpClient.open(host.port);
  expect(client.greeting.lines[0]).toMatch(/^mx\.example\.com ESMTP/);
  expect(client.hello.lines).toEqual(["mx.example.com", "PIPELINING", "8BITMIME", "SMTPUTF8", "SIZE 100000"]);
  await client.quit();
});

test("two mails in one session are two files", async () => {
  const client = await SmtpClient.open(host.port);
  expect(await client.mail("a@a.example", ["two@b.example"], "Subject: 1\r\n\r\none")).toMatchObject({ code: 250 });
  expect(await client.mail("a@a.example", ["two@b.example"], "Subject: 2\r\n\r\ntwo")).toMatchObject({ code: 250 });
  await client.quit();
  await until(() => site.mails("two@b.example").length === 2);
});

test("the null sender is welcome, and postmaster without a domain", async () => {
  const client = await SmtpClient.open(host.port);
  expect(await client.mail("", ["postmaster"], "Subject: bounce\r\n\r\n.")).toMatchObject({ code: 250 });
  await client.quit();
  const [mail] = await until(() => site.mails("postmaster@mx.example.com"));
  expect(await until(() => mail ?? site.mails("postmaster@mx.example.com")[0])).toContain("Return-Path: <>\r\n");
});

test("a refused recipient is not one of those who get the mail", async () => {
  const client = await SmtpClient.open(host.port);
  await client.say("MAIL FROM:<a@a.example>");
  expect(await client.say("RCPT TO:<yes@b.example>")).toMatchObject({ code: 250 });
  expect(await client.say("RCPT TO:<no@rcpt.example>")).toEqual({ code: 550, lines: ["5.1.1 not here"] });
  expect(await client.say("DATA")).toMatchObject({ code: 354 });
  expect(await client.content("Subject: x\r\n\r\nx")).toMatchObject({ code: 250 });
  await client.quit();
  await until(() => site.mails("yes@b.example").length === 1);
  expect(site.mails("no@rcpt.example")).toEqual([]);
});

test("after a refused sender there is no transaction", async () => {
  const client = await SmtpClient.open(host.port);
  expect(await client.say("MAIL FROM:<no@sender.example>")).toMatchObject({ code: 550 });
  expect(await client.say("RCPT TO:<a@b.example>")).toMatchObject({ code: 503 });
  expect(await client.say("MAIL FROM:<yes@sender.example>")).toMatchObject({ code: 250 });
  await client.quit();
});

test("pipelined commands are answered in order, and one refusal does not break the others", async () => {
  const client = await SmtpClient.open(host.port);
  client.write("MAIL FROM:<a@a.example>\r\nRCPT TO:<no@rcpt.example>\r\nRCPT TO:<pipe@b.example>\r\nDATA\r\n");
  const codes = [];
  for (let i = 0; i < 4; i++) codes.push((await client.reply()).code);
  expect(codes).toEqual([250, 550, 250, 354]);
  expect(await client.content("Subject: x\r\n\r\nx")).toMatchObject({ code: 250 });
  await client.quit();
});

test("nothing that was pipelined behind a denied command is carried out", async () => {
  const client = await SmtpClient.open(host.port);
  client.write("MAIL FROM:<a@a.example>\r\nRCPT TO:<end@rcpt.example>\r\nRCPT TO:<behind@b.example>\r\nDATA\r\n");
  expect((await client.reply()).code).toBe(250);
  expect((await client.reply()).code).toBe(554);
  expect(await client.closedByServer()).toBe(true);
});

test("RSET ends the transaction and keeps the session", async () => {
  const client = await SmtpClient.open(host.port);
  await client.say("MAIL FROM:<a@a.example>");
  await client.say("RCPT TO:<a@b.example>");
  expect(await client.say("RSET")).toMatchObject({ code: 250 });
  expect(await client.say("DATA")).toMatchObject({ code: 503 });
  expect(await client.say("MAIL FROM:<b@a.example>")).toMatchObject({ code: 250 });
  await client.quit();
});

test("a recipient beyond the limit is 452, those before it get the mail", async () => {
  const client = await SmtpClient.open(host.port);
  await client.say("MAIL FROM:<a@a.example>");
  for (const name of ["l1", "l2", "l3"])
    expect(await client.say(`RCPT TO:<${name}@b.example>`)).toMatchObject({ code: 250 });
  expect(await client.say("RCPT TO:<l4@b.example>")).toMatchObject({ code: 452 });
  await client.say("DATA");
  expect(await client.content("Subject: x\r\n\r\nx")).toMatchObject({ code: 250 });
  await client.quit();
  await until(() => ["l1", "l2", "l3"].every((name) => site.mails(`${name}@b.example`).length === 1));
});

test("a recipient named twice gets one copy", async () => {
  const client = await SmtpClient.open(host.port);
  expect(await client.mail("a@a.example", ["twice@b.example", "Twice@b.example"], "x: y\r\n\r\nz")).toMatchObject({
    code: 250,
  });
  await client.quit();
  await until(() => site.spooled().length === 0 && site.mails("twice@b.example").length > 0);
  expect(site.mails("twice@b.example")).toHaveLength(1);
});

test("a mail beyond the size limit is 552, and the session goes on", async () => {
  const client = await SmtpClient.open(host.port);
  expect(await client.say("MAIL FROM:<a@a.example> SIZE=200000")).toMatchObject({ code: 552 });
  expect(await client.mail("a@a.example", ["big@b.example"], "x".repeat(100_001))).toMatchObject({ code: 552 });
  expect(await client.mail("a@a.example", ["fits@b.example"], "Subject: x\r\n\r\nx")).toMatchObject({ code: 250 });
  await client.quit();
  await until(() => site.mails("fits@b.example").length === 1);
  expect(site.mails("big@b.example")).toEqual([]);
});

test.each(["MAIL FROM:<nobody>", "MAIL FROM:<a@b@c>", "MAIL FROM:a@b.example", "MAIL FROM:<a@-b.example>"])(
  "%s is refused",
  async (command) => {
    const client = await SmtpClient.open(host.port);
    expect((await client.say(command)).code).toBeGreaterThanOrEqual(500);
    expect(await client.say("NOOP")).toMatchObject({ code: 250 });
    await client.quit();
  },
);

test.each(["AUTH PLAIN", "STARTTLS", "WIZ x", "SHELL", "KILL", "foo"])("%s is no command here", async (command) => {
  const client = await SmtpClient.open(host.port);
  expect(await client.say(command)).toMatchObject({ code: 500 });
  await client.quit();
});

test("a HELO with control characters or without a name is refused before rules see it", async () => {
  const client = await SmtpClient.connect(host.port);
  await client.reply();
  expect(await client.say("HELO")).toMatchObject({ code: 500 });
  for (const line of ["HELO a b", "HELO a\u0001b", `EHLO ${"x".repeat(301)}`]) {
    expect(await client.say(line)).toMatchObject({ code: 501 });
  }
  expect(await client.say("MAIL FROM:<a@b.example>")).toMatchObject({ code: 503 });
  await client.quit();
});

test("clients that vanish in the middle of a mail leave nothing behind", async () => {
  for (const lines of [
    "",
    "MAIL FROM:<a@a.example>\r\n",
    "RCPT TO:<gone@b.example>\r\n",
    "DATA\r\n",
    "half a mail\r\n.",
  ]) {
    const client = await SmtpClient.open(host.port);
    const session = "MAIL FROM:<a@a.example>\r\nRCPT TO:<gone@b.example>\r\nDATA\r\nSubject: x\r\n\r\nhalf a mail\r\n.";
    client.write(session.slice(0, session.indexOf(lines) + lines.length));
    if (lines !== "") await client.reply();
    client.vanish();
  }
  const client = await SmtpClient.open(host.port);
  expect(await client.mail("a@a.example", ["after@b.example"], "Subject: x\r\n\r\nx")).toMatchObject({ code: 250 });
  await client.quit();
  await until(() => site.mails("after@b.example").length === 1 && site.spooled().length === 0);
  expect(site.mails("gone@b.example")).toEqual([]);
});

test("connections beyond the limit are told to come back", async () => {
  const clients = [];
  for (let i = 0; i < 8; i++) clients.push(await SmtpClient.open(host.port));
  const late = await SmtpClient.connect(host.port);
  expect(await late.reply()).toMatchObject({ code: 421 });
  for (const client of clients) await client.quit();
});

test("the reply of a faccept is for its own stage, and the rules of later stages are passed by", async () => {
  const deny = `[ rule "never" || state::deny() ]`;
  const open = new Site({
    filter: `#{ connect: [ rule "friends" || state::faccept("220 hello friend") ], mail: ${deny.replace("never", "m")}, preq: ${deny} }`,
  });
  const friendly = await Host.start(open);
  const client = await SmtpClient.open(friendly.port);
  expect(client.greeting).toEqual({ code: 220, lines: ["hello friend"] });
  expect(client.hello).toMatchObject({ code: 250, lines: expect.arrayContaining(["PIPELINING"]) });
  const { code, lines } = await client.mail("a@a.example", ["x@b.example"], "Subject: x\r\n\r\nx");
  expect({ code, line: lines[0] }).toEqual({ code: 250, line: expect.stringMatching(/^Ok: queued as /) });
  await client.quit();
  await friendly.stop();
  open.remove();
});

test("a client that talks before the greeting is refused", async () => {
  const slow = new Site({ config: `config.server.smtp.greeting_delay = "10s";` });
  const waiting = await Host.start(slow);
  const client = await SmtpClient.connect(waiting.port);
  client.write("EHLO early.example\r\n");
  expect(await client.reply()).toMatchObject({ code: 421 });
  expect(await client.closedByServer()).toBe(true);
  await waiting.stop();
  slow.remove();
});
