/** The queue with its real parts, in this process: what waits in memory, what waits in the spool, how it stops. */

import { readFileSync, rmSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Config, loadConfig } from "../../src/config/index.ts";
import { type Log, openLog, parseLevels } from "../../src/observe/index.ts";
import { EVERYTHING, type Mail, Queue, Spool } from "../../src/queue/index.ts";
import { Connection, Rules, Transaction } from "../../src/rules/index.ts";
import { openDeliveries } from "../../src/server/deliveries.ts";
import { nativeFiles } from "../../src/server/files.ts";
import { findPlugins } from "../../src/server/index.ts";
import { until } from "../fixtures/host.ts";
import { Site, type SiteOptions } from "../fixtures/site.ts";
import { plainStorage } from "../fixtures/storage.ts";

let site: Site;
let log: Log;

beforeEach(() => {
  log = openLog({ levels: parseLevels(["off"]) });
});

afterEach(() => {
  log.close();
  site.remove();
});

async function openQueue(options: SiteOptions, heldBytes?: number): Promise<Queue> {
  site = new Site(options);
  const config = (await loadConfig(site.config)) as Config;
  const rules = await Rules.open({ config, plugins: findPlugins(config), log });
  const spool = new Spool({
    directory: site.path("spool"),
    quarantine: site.path("app/quarantine"),
    files: nativeFiles(),
  });
  const { transports } = await openDeliveries(config, plainStorage(), rules);
  const queue = new Queue({ spool, rules, transports, log, ...(heldBytes !== undefined && { heldBytes }) });
  queue.adopt([EVERYTHING]);
  return queue;
}

function mail(content: string, ...to: string[]): Mail {
  const client = { ip: "192.0.2.1", port: 4321 };
  const connection = new Connection(client, { ip: "192.0.2.2", port: 25 }, "mx.example.com");
  const transaction = new Transaction(connection, { localPart: "from", domain: "a.example" });
  for (const localPart of to) {
    transaction.recipients.push({ address: { localPart, domain: "b.example" }, transport: { kind: "maildir" } });
  }
  transaction.message.receive(Buffer.from(content));
  return { transaction, protocol: "ESMTP", step: "postq" };
}

test.each([0, 1000])("with %d bytes of memory for waiting mails, all are delivered as they came", async (heldBytes) => {
  const queue = await openQueue({}, heldBytes);
  const contents = Array.from({ length: 60 }, (_, n) => `Subject: ${n}\r\n\r\n${"x".repeat(n)}\r\n`);
  await Promise.all(contents.map((content) => queue.accept(mail(content, "x"))));
  await queue.stop(60_000);
  const delivered = site.mails("x@b.example").map((text) => text.slice(text.indexOf("Subject: ")));
  expect(delivered.sort()).toEqual(contents.sort());
  expect(site.spooled()).toEqual([]);
});

test("a mail with many recipients goes to each of them once", async () => {
  const queue = await openQueue({});
  const names = Array.from({ length: 50 }, (_, n) => `user${n}`);
  await queue.accept(mail("Subject: x\r\n\r\n", ...names, ...names));
  await queue.stop(60_000);
  for (const name of names) expect(site.mails(`${name}@b.example`)).toHaveLength(1);
});

test("recipients who share a mailbox get a copy each", async () => {
  const queue = await openQueue({ config: `config.app.storage.location = "maildir:mailboxes/everyone";` });
  await queue.accept(mail("Subject: x\r\n\r\n", "one", "two", "three"));
  await queue.stop(60_000);
  const delivered = site.mails("everyone").map((text) => /^Delivered-To: (\w+)@/m.exec(text)?.[1]);
  expect(delivered.sort()).toEqual(["one", "three", "two"]);
});

test("accepting resolves when the whole mail is in the spool", async () => {
  const queue = await openQueue({ filter: `#{ postq: [ rule "broken" || 42 ] }` });
  const content = `Subject: x\r\n\r\n${"y".repeat(100_000)}\r\n`;
  await queue.accept(mail(content, "x"));
  const [file = ""] = site.spooled();
  expect(readFileSync(file, "latin1").endsWith(`\n${content}`)).toBe(true);
  await queue.stop(0);
});

test("an entry that somebody has taken out of the spool is not tried again", async () => {
  const queue = await openQueue({ filter: `#{ postq: [ rule "broken" || 42 ] }` });
  await queue.accept(mail("Subject: x\r\n\r\n", "x"));
  const [file = ""] = site.spooled();
  rmSync(file);
  expect(queue.waiting).toBe(1);
  await until(() => queue.waiting === 0);
  await queue.stop(0);
});

test("several mails are accepted together or not at all", async () => {
  const queue = await openQueue({});
  site.write("app/quarantine/blocked", "a file where a directory is to be");
  const held = { ...mail("Subject: 2\r\n\r\n", "x"), quarantine: "blocked" };
  await expect(queue.accept(mail("Subject: 1\r\n\r\n", "x"), held)).rejects.toMatchObject({ code: "SPOOL_DIRECTORY" });
  expect(site.spooled()).toEqual([]);
  await queue.stop(1000);
  expect(site.mails("x@b.example")).toEqual([]);
});

/** The fates of recipients in the only file among the dead. */
function dead(): unknown {
  const [file = ""] = site.spooled("dead");
  return JSON.parse(readFileSync(file, "utf8").split("\n")[0] ?? "").failed;
}

test.each(["postq", "delivery"])("deny at %s buries the mail with every recipient failed", async (stage) => {
  const queue = await openQueue({ filter: `#{ ${stage}: [ rule "no" || state::deny("554 5.7.1 virus") ] }` });
  await queue.accept(mail("Subject: x\r\n\r\n", "one", "two"));
  await queue.stop(60_000);
  const reason = `rules refused it at ${stage}: 554 5.7.1 virus`;
  expect(dead()).toEqual({ "one@b.example": reason, "two@b.example": reason });
  expect(site.spooled()).toEqual([]);
});

test("a mail that rules leave without recipients after it was accepted is kept among the dead", async () => {
  const queue = await openQueue({ filter: `#{ postq: [ action "rm" || envelop::rm_rcpt("one@b.example") ] }` });
  await queue.accept(mail("Subject: x\r\n\r\n", "one"));
  await queue.stop(60_000);
  expect(site.spooled("dead")).toHaveLength(1);
});

test.each(["postq", "delivery"])("a delegation at %s leaves the mail in the spool", async (stage) => {
  const queue = await openQueue({ filter: `#{ ${stage}: [ delegate "filter" "antivirus" || state::next() ] }` });
  await queue.accept(mail("Subject: x\r\n\r\n", "one"));
  await queue.stop(60_000);
  expect(site.spooled()).toHaveLength(1);
  expect(site.mails("one@b.example")).toEqual([]);
});

test.each(["incoming", "outgoing", "internal"] as const)(
  "mails from the spool are judged by their %s rules",
  async (role) => {
    const queue = await openQueue({
      config: `config.app.vsl.domain_dir = "domains";`,
      files: { [`domains/b.example/${role}.vsl`]: `#{ postq: [ rule "mine" || state::quarantine("${role}") ] }` },
    });
    const judged = mail("Subject: x\r\n\r\n", "x");
    judged.transaction.route = { role, domain: "b.example" };
    await queue.accept(judged);
    await queue.stop(60_000);
    expect(site.quarantined(role)).toHaveLength(1);
  },
);

test("a rule that hangs does not keep the queue from stopping, and its mail stays in the spool", async () => {
  const queue = await openQueue({
    filter: `#{ postq: [ action "wait" || { cmd::build(#{ command: "/bin/sh", args: ["-c", \`cd "\${env("SITE")}" && until [ -e gate ]; do sleep 0.02; done\`] }).run(); } ] }`,
  });
  process.env.SITE = site.directory;
  await queue.accept(mail("Subject: x\r\n\r\n", "x"));
  await queue.stop(50);
  expect(site.spooled()).toHaveLength(1);
  site.write("gate", "");
  // Whoever stops the queue ends the process; here, the mail is let through before its directory goes.
  await until(() => site.spooled().length === 0);
});
