/**
 * Mailbox files of users of the system. Only root can write them all, by a process that does nothing else; for anybody
 * else the processes that talk to clients do it, each file that they may.
 */

import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { expect, test } from "vitest";
import { Host, until } from "../fixtures/host.ts";
import { processesOf } from "../fixtures/processes.ts";
import { Site } from "../fixtures/site.ts";
import { SmtpClient } from "../fixtures/smtp-client.ts";

const isRoot = process.getuid?.() === 0;
/** A user of the system whose mails can be delivered here. */
const user = isRoot ? "games" : execFileSync("id", ["-un"], { encoding: "utf8" }).trim();

const FILTER = `#{
  connect: [ rule "everybody" || state::accept() ],
  rcpt: [ action "box" || transport::mbox(ctx::rcpt()) ],
}`;

function siteOf(more = ""): Site {
  const system = isRoot ? `config.server.system.user = "daemon"; config.server.system.group = "daemon";` : "";
  const config = `config.app.mbox = #{ directory: "boxes", users: "system" }; ${system} ${more}`;
  const site = new Site({ filter: FILTER, config });
  chmodSync(site.directory, 0o711);
  mkdirSync(site.path("boxes"), { mode: 0o755 });
  return site;
}

async function send(host: Host, to: string, subject: string): Promise<void> {
  const client = await SmtpClient.open(host.port);
  expect(await client.mail("a@a.example", [to], `Subject: ${subject}\r\n\r\nFrom here\r\n`)).toMatchObject({
    code: 250,
  });
  await client.quit();
}

test("a mail is appended to the user's file, which is the user's, by whoever may do that", async () => {
  const site = siteOf();
  const host = await Host.start(site);
  await send(host, `${user}@b.example`, "one");
  await send(host, `${user}@b.example`, "two");
  await until(() => site.spooled().length === 0);
  const file = site.path("boxes", user);
  const text = readFileSync(file, "utf8");
  expect(text.match(/^Subject: (one|two)$/gm)?.sort()).toEqual(["Subject: one", "Subject: two"]);
  expect(text).toContain("\n>From here");
  expect(statSync(file).uid).toBe(Number(execFileSync("id", ["-u", user], { encoding: "utf8" })));
  expect(host.log.filter(({ level }) => level === "error")).toEqual([]);
  expect(await host.stop()).toBe(0);
  site.remove();
});

test("what is in the way keeps the mail in the spool, and is told as it was found", async () => {
  const site = siteOf();
  mkdirSync(site.path("boxes", user));
  const host = await Host.start(site);
  await send(host, `${user}@b.example`, "two");
  expect((await host.logged(({ code }) => code === "STORAGE_WRITE")).msg).toContain(site.path("boxes", user));
  expect(await host.stop()).toBe(0);
  expect(site.spooled()).toHaveLength(1);
  site.remove();
});

test("the process that writes them is replaced when it ends, and no mail is lost or there twice", async () => {
  const site = siteOf();
  const host = await Host.start(site);
  const supervisor = Number((await host.logged(({ msg }) => msg === "serving")).pid);
  const numbers = Array.from({ length: 40 }, (_, number) => number);
  const waiting = [...numbers];
  let killed = 0;
  const client = async () => {
    for (let number = waiting.shift(); number !== undefined; number = waiting.shift()) {
      await send(host, `${user}@b.example`, `mail ${number}.`);
      if (number % 10 !== 5) continue;
      for (const pid of processesOf(supervisor, "mbox")) {
        process.kill(pid, "SIGKILL");
        killed += 1;
      }
    }
  };
  await Promise.all(Array.from({ length: 5 }, client));
  await until(() => site.spooled().length === 0);
  // Nobody but root has such a process.
  expect(killed > 0).toBe(isRoot);
  const found = readFileSync(site.path("boxes", user), "utf8").match(/^Subject: mail \d+\.$/gm);
  expect(found?.sort()).toEqual(numbers.map((number) => `Subject: mail ${number}.`).sort());
  expect(await host.stop()).toBe(0);
  site.remove();
});
