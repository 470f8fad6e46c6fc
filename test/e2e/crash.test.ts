/** kill -9 at any moment: what was acknowledged is delivered once, and nothing is half written. */

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Host, until } from "../fixtures/host.ts";
import { idOf, provenMail } from "../fixtures/load.ts";
import { Site } from "../fixtures/site.ts";
import { SmtpClient } from "../fixtures/smtp-client.ts";
import { plainStorage } from "../fixtures/storage.ts";

const ROUNDS = 15;
const CLIENTS = 8;

/** Sends mails until the server dies; adds the ids of those that were acknowledged. */
async function send(port: number, client: string, acknowledged: Set<string>): Promise<void> {
  try {
    const smtp = await SmtpClient.open(port);
    for (let count = 0; ; count++) {
      const id = `${client}-${count}`;
      const to = count % 3 === 0 ? ["one@b.example", "two@b.example"] : ["one@b.example"];
      const { code } = await smtp.mail("load@a.example", to, provenMail(id, 1 + ((count * 37) % 200)));
      if (code === 250) acknowledged.add(id);
    }
  } catch {
    // The server is gone, in the middle of anything.
  }
}

test(`no acknowledged mail is lost or doubled in ${ROUNDS} rounds of kill -9 under load`, async () => {
  const site = new Site();
  const acknowledged = new Set<string>();
  for (let round = 0; round < ROUNDS; round++) {
    const host = await Host.start(site);
    const clients = Array.from({ length: CLIENTS }, (_, n) => send(host.port, `r${round}c${n}`, acknowledged));
    await new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 400));
    await host.kill();
    await Promise.all(clients);
  }
  const host = await Host.start(site);
  await until(() => site.spooled().length === 0);
  expect(await host.stop()).toBe(0);

  expect(site.unfinished()).toEqual([]);
  expect(site.spooled("damaged")).toEqual([]);
  expect(site.spooled("dead")).toEqual([]);
  const counts = new Map<string, number>();
  for (const [box, ids] of ["one", "two"].map((name) => [name, site.mails(`${name}@b.example`).map(idOf)] as const)) {
    for (const id of ids) counts.set(`${box} ${id}`, (counts.get(`${box} ${id}`) ?? 0) + 1);
  }
  const doubled = [...counts].filter(([, count]) => count > 1);
  expect(doubled).toEqual([]);
  const lost = [...acknowledged].filter((id) => !counts.has(`one ${id}`));
  expect(lost).toEqual([]);
  const lostSecond = [...acknowledged].filter((id) => Number(id.split("-")[1]) % 3 === 0 && !counts.has(`two ${id}`));
  expect(lostSecond).toEqual([]);
  expect(acknowledged.size).toBeGreaterThan(ROUNDS);

  // The mailbox as its user sees it holds what the folder does: every mail has one uid.
  const session = await plainStorage().open({
    name: "one@b.example",
    location: `maildir:${site.path("mailboxes/one@b.example")}`,
  });
  const seen: unknown[] = [];
  for await (const part of session.fetch("INBOX", "all", ["uid", "hdr.x-id"])) {
    if (part.kind === "mail") seen.push(...(part.fields["hdr.x-id"] as string[]));
  }
  await session.close();
  expect(seen.sort()).toEqual(site.mails("one@b.example").map(idOf).sort());
  site.remove();
}, 180_000);

test("a mail that was delivered before the crash took its spool entry is not delivered again", async () => {
  const site = new Site();
  const first = await Host.start(site);
  const client = await SmtpClient.open(first.port);
  await client.mail("a@a.example", ["once@b.example"], "Subject: x\r\n\r\nx");
  await client.quit();
  const [file = ""] = await until(
    () => site.mailFiles("once@b.example").length === 1 && site.mailFiles("once@b.example"),
  );
  await until(() => site.spooled().length === 0);
  await first.stop();

  // The entry as it was before the delivery, named as the Maildir file tells.
  const name = /([^/]+)R[0-9a-f]{12}\./.exec(file)?.[1] ?? "";
  const host = /R[0-9a-f]{12}\.([^,]+),/.exec(file)?.[1] ?? "";
  // Another size than before, as when a rule adds something else this time: the file has another name then.
  const mail = "Subject: x\r\nX-Added: later\r\n\r\nx\r\n";
  const head = {
    version: 1,
    host,
    protocol: "ESMTP",
    step: "postq",
    done: [],
    size: mail.length,
    transaction: {
      version: 1,
      id: "6f1f3e9c-6a0e-4d7e-8b52-0d6c1f1c9a11",
      since: Date.now(),
      mailFrom: { localPart: "a", domain: "a.example" },
      recipients: [{ address: { localPart: "once", domain: "b.example" }, transport: { kind: "maildir" } }],
      connection: {
        client: { ip: "127.0.0.1", port: 1 },
        server: { ip: "127.0.0.1", port: 25 },
        serverName: "mx.example.com",
        secured: false,
        helo: "client.example",
        since: Date.now(),
      },
    },
  };
  site.write(`spool/mails/${name}`, `${JSON.stringify(head)}\n${mail}`);
  const second = await Host.start(site);
  await until(() => site.spooled().length === 0);
  await second.stop();
  expect(site.mailFiles("once@b.example")).toEqual([file]);
  site.remove();
});

test("files that are no entries do not stop the start: damaged ones are set aside, others left alone", async () => {
  const site = new Site();
  const damaged = "1700000000.M000001P1Q1";
  site.write(`spool/mails/${damaged}`, "no entry at all");
  site.write("spool/mails/notes.txt", "what is this?");
  site.write("spool/mails/tmp/1700000000.M000002P1Q1", "half an ent");
  const host = await Host.start(site);
  const line = await host.logged(({ code }) => code === "SPOOL_DAMAGED");
  expect(line.msg).toContain(site.path("spool/mails", damaged));
  await until(() => site.spooled("damaged").length === 1);
  expect(readFileSync(site.path("spool/damaged", damaged), "utf8")).toBe("no entry at all");
  await host.logged(({ file }) => file === site.path("spool/mails/notes.txt"));
  expect(site.spooled()).toEqual([site.path("spool/mails/notes.txt")]);

  const client = await SmtpClient.open(host.port);
  expect(await client.mail("a@a.example", ["x@b.example"], "Subject: x\r\n\r\nx")).toMatchObject({ code: 250 });
  await client.quit();
  await until(() => site.mails("x@b.example").length === 1);
  expect(await host.stop()).toBe(0);
  site.remove();
});
