/** What goes wrong beside the rules: disks, mailboxes, transports; and what becomes of the mail. */

import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { expect, test } from "vitest";
import { Host, until } from "../fixtures/host.ts";
import { Site } from "../fixtures/site.ts";
import { SmtpClient } from "../fixtures/smtp-client.ts";

/** For `Host.start`: the spool has room for about a megabyte, on a file system of its own where that is allowed. */
function smallSpool(site: Site): { args?: string[]; prepare: string; env?: NodeJS.ProcessEnv } {
  mkdirSync(site.path("spool"));
  const mount = `mount -t tmpfs -o size=1m none "${site.path("spool")}" && exec "$@"`;
  const namespaces = [
    ["unshare", "-m"],
    ["unshare", "-rm"],
  ];
  for (const unshare of namespaces) {
    const [file = "", ...args] = unshare;
    if (spawnSync(file, [...args, "/bin/sh", "-c", mount, "sh", "true"]).status === 0) {
      return { prepare: `exec ${unshare.join(" ")} /bin/sh -c '${mount}' sh "$@"` };
    }
  }
  // Blocks of 512 bytes: a file cannot grow past a megabyte.
  return { prepare: `ulimit -f 2048; exec "$@"` };
}

test("a full disk is 452 before the mail is acknowledged, and mails that fit go on", async () => {
  const site = new Site();
  const host = await Host.start(site, smallSpool(site));
  const client = await SmtpClient.open(host.port);
  for (let round = 0; round < 3; round++) {
    const big = await client.mail("a@a.example", ["big@b.example"], "x".repeat(1_500_000));
    expect(big).toMatchObject({ code: 452, lines: [expect.stringContaining("4.3.1")] });
    const small = await client.mail("a@a.example", ["small@b.example"], "Subject: small\r\n\r\nx");
    expect(small).toMatchObject({ code: 250 });
  }
  await client.quit();
  await host.logged(({ code }) => code === "SPOOL_FULL");
  await until(() => site.mails("small@b.example").length === 3);
  expect(site.mails("big@b.example")).toEqual([]);
  expect(await host.stop()).toBe(0);
  site.remove();
});

test("a spool that cannot be written is 451", async () => {
  const site = new Site();
  const host = await Host.start(site);
  rmSync(site.path("spool"), { recursive: true });
  const client = await SmtpClient.open(host.port);
  expect(await client.mail("a@a.example", ["x@b.example"], "Subject: x\r\n\r\nx")).toMatchObject({ code: 451 });
  await client.quit();
  await host.logged(({ code }) => code === "SPOOL_WRITE");
  await host.stop();
  site.remove();
});

test("a mailbox that cannot be written keeps its mail in the spool, others get theirs at once and once", async () => {
  const site = new Site();
  // A file where the Maildir should be made.
  site.write("mailboxes/blocked@b.example", "");
  const host = await Host.start(site);
  const client = await SmtpClient.open(host.port);
  const to = ["blocked@b.example", "free@b.example"];
  expect(await client.mail("a@a.example", to, "Subject: x\r\n\r\nx")).toMatchObject({ code: 250 });
  await client.quit();
  await host.logged(({ area, recipient }) => area === "delivery" && recipient === "blocked@b.example");
  await until(() => site.mails("free@b.example").length === 1);
  expect(site.spooled()).toHaveLength(1);

  rmSync(site.path("mailboxes/blocked@b.example"));
  await until(() => site.mails("blocked@b.example").length === 1 && site.spooled().length === 0);
  expect(site.mails("free@b.example")).toHaveLength(1);
  expect(await host.stop()).toBe(0);
  site.remove();
});

test("what could not be delivered is delivered after a restart, to those who lack it", async () => {
  const site = new Site();
  site.write("mailboxes/blocked@b.example", "");
  const first = await Host.start(site);
  const client = await SmtpClient.open(first.port);
  await client.mail("a@a.example", ["blocked@b.example", "free@b.example"], "Subject: x\r\n\r\nx");
  await client.quit();
  await until(() => site.spooled().some((file) => readFileSync(file, "latin1").includes(`"done":["free@b.example"]`)));
  await first.kill();

  rmSync(site.path("mailboxes/blocked@b.example"));
  rmSync(site.path("mailboxes/free@b.example"), { recursive: true });
  const second = await Host.start(site);
  await until(() => site.mails("blocked@b.example").length === 1 && site.spooled().length === 0);
  expect(site.mails("free@b.example")).toEqual([]);
  await second.stop();
  site.remove();
});

test("recipients with a transport that is not there wait in the spool, with a line in the log", async () => {
  const site = new Site({ filter: `#{ rcpt: [ rule "mx" || { transport::deliver_all(); state::next() } ] }` });
  const host = await Host.start(site);
  const client = await SmtpClient.open(host.port);
  expect(await client.mail("a@a.example", ["x@b.example"], "Subject: x\r\n\r\nx")).toMatchObject({ code: 250 });
  await client.quit();
  const line = await host.logged(({ transports }) => transports !== undefined);
  expect(line.transports).toEqual(["deliver"]);
  expect(await host.stop()).toBe(0);
  expect(site.spooled()).toHaveLength(1);
  site.remove();
});

test("a spool directory that cannot be made stops the start with its path", async () => {
  const site = new Site({ config: `config.server.queues.dirpath = "file/spool";`, files: { file: "not a directory" } });
  await expect(Host.start(site)).rejects.toThrow(site.path("file/spool"));
  site.remove();
});

test("a port that is taken stops the start with its address", async () => {
  const site = new Site();
  const host = await Host.start(site);
  const other = new Site({ config: `config.server.interfaces.addr = ["127.0.0.1:${host.port}"];` });
  await expect(Host.start(other)).rejects.toThrow(`127.0.0.1:${host.port}`);
  await host.stop();
  site.remove();
  other.remove();
});
