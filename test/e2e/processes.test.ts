/** The processes of a host: which there are, what follows when one of them ends, and how all of them end. */

import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { compile } from "../fixtures/compile.ts";
import { Host, until } from "../fixtures/host.ts";
import { Load } from "../fixtures/load.ts";
import { Site } from "../fixtures/site.ts";
import { SmtpClient } from "../fixtures/smtp-client.ts";

const SEVERAL = `
  config.server.system.thread_pool.receiver = 2;
  config.server.system.thread_pool.delivery = 2;
  config.server.client_count_max = 100;`;

/** Not one that has ended and was not waited for, by whoever inherits the children of a killed process. */
function isAlive(pid: number): boolean {
  const file = `/proc/${pid}/stat`;
  if (!existsSync(file)) return false;
  try {
    return !/\) [ZX] /.test(readFileSync(file, "utf8"));
  } catch {
    return false;
  }
}

function names(host: Host): string[] {
  return host
    .processes()
    .map(({ name }) => name)
    .sort();
}

test("a host has as many processes for clients and for mailboxes as the configuration says", async () => {
  const site = new Site({ config: SEVERAL });
  const host = await Host.start(site);
  expect(names(host)).toEqual(["smtp 1", "smtp 2", "storage 1", "storage 2"]);
  expect(await host.stop()).toBe(0);
  site.remove();
});

test("lines of the log say which process wrote them", async () => {
  const site = new Site();
  const host = await Host.start(site);
  const client = await SmtpClient.open(host.port);
  await client.mail("a@a.example", ["x@b.example"], "Subject: x\r\n\r\nx");
  await client.quit();
  expect(await host.logged(({ msg }) => msg === "mail accepted")).toMatchObject({ process: "smtp 1" });
  expect(await host.logged(({ msg }) => msg === "serving")).toMatchObject({ process: "supervisor", pid: host.pid });
  await host.stop();
  site.remove();
});

test("processes for clients that are killed under load are replaced, and others deliver what they had accepted", async () => {
  const site = new Site({ config: SEVERAL });
  const host = await Host.start(site);
  const load = new Load({ port: host.port, clients: 6 });
  for (let kill = 0; kill < 6; kill++) {
    const before = load.acknowledged.size;
    await until(() => load.acknowledged.size > before + 20);
    process.kill(host.processOf(`smtp ${1 + (kill % 2)}`), "SIGKILL");
  }
  const after = load.acknowledged.size;
  await until(() => load.acknowledged.size > after + 20);
  await load.end();
  await until(() => site.spooled().length === 0);
  load.check(site);
  expect(names(host)).toEqual(["smtp 1", "smtp 2", "storage 1", "storage 2"]);
  expect(await host.stop()).toBe(0);
  site.remove();
});

test("the only process for clients is replaced, and its successor goes on with its mails", async () => {
  const site = new Site();
  const host = await Host.start(site);
  const load = new Load({ port: host.port, clients: 4 });
  for (let kill = 0; kill < 3; kill++) {
    const before = load.acknowledged.size;
    await until(() => load.acknowledged.size > before + 20);
    process.kill(host.processOf("smtp 1"), "SIGKILL");
  }
  const after = load.acknowledged.size;
  await until(() => load.acknowledged.size > after + 20);
  await load.end();
  await until(() => site.spooled().length === 0);
  load.check(site);
  expect(await host.stop()).toBe(0);
  site.remove();
});

test("processes for mailboxes that are killed are replaced; clients notice nothing, and every mail comes once", async () => {
  const site = new Site({ config: SEVERAL });
  const host = await Host.start(site);
  const load = new Load({ port: host.port, clients: 6 });
  for (let kill = 0; kill < 6; kill++) {
    const before = load.acknowledged.size;
    await until(() => load.acknowledged.size > before + 20);
    process.kill(host.processOf(`storage ${1 + (kill % 2)}`), "SIGKILL");
    await until(() => names(host).length === 4);
  }
  await load.end();
  expect(load.failures).toEqual([]);
  await until(() => site.spooled().length === 0);
  load.check(site);
  expect(await host.stop()).toBe(0);
  site.remove();
});

test("a file that a killed process was writing to the spool is removed by the one that goes on with its mails", async () => {
  const site = new Site({ config: SEVERAL });
  const host = await Host.start(site);
  const [victim, other] = [host.processOf("smtp 1"), host.processOf("smtp 2")];
  const seconds = Math.floor(Date.now() / 1000) + 1;
  site.write(`spool/mails/tmp/${seconds}.M000001P${victim}Q1`, "half an ent");
  site.write(`spool/mails/tmp/${seconds}.M000001P${other}Q1`, "another's");
  process.kill(victim, "SIGKILL");
  await until(() => !existsSync(site.path(`spool/mails/tmp/${seconds}.M000001P${victim}Q1`)));
  expect(existsSync(site.path(`spool/mails/tmp/${seconds}.M000001P${other}Q1`))).toBe(true);
  await host.stop();
  site.remove();
});

test("when the supervisor is killed all processes end, and a host that is started at once takes everything up", async () => {
  const site = new Site({ config: SEVERAL });
  const loads: Load[] = [];
  for (let round = 0; round < 3; round++) {
    const host = await Host.start(site);
    const processes = host.processes();
    const load = new Load({ port: host.port, clients: 4, recipient: `r${round}@b.example` });
    loads.push(load);
    await until(() => load.acknowledged.size > 30);
    process.kill(host.pid, "SIGKILL");
    const next = await Host.start(site);
    expect(processes.filter(({ pid }) => isAlive(pid))).toEqual([]);
    await load.end();
    await next.kill();
  }
  const last = await Host.start(site);
  await until(() => site.spooled().length === 0);
  expect(await last.stop()).toBe(0);
  for (const [round, load] of loads.entries()) load.check(site, `r${round}@b.example`);
  site.remove();
});

test("the limit of clients is that of the host, whichever process has them, and the dead give their places back", async () => {
  const site = new Site({ config: `${SEVERAL} config.server.client_count_max = 6;` });
  const host = await Host.start(site);
  const clients = await Promise.all(Array.from({ length: 6 }, () => SmtpClient.open(host.port)));
  const refused = await SmtpClient.connect(host.port);
  expect(await refused.reply()).toMatchObject({ code: 421 });
  for (const name of ["smtp 1", "smtp 2"]) process.kill(host.processOf(name), "SIGKILL");
  await Promise.all(clients.map((client) => client.closedByServer()));
  const again = await Promise.all(Array.from({ length: 6 }, () => SmtpClient.open(host.port)));
  expect(again.map(({ greeting }) => greeting.code)).toEqual(Array(6).fill(220));
  await Promise.all(again.map((client) => client.quit()));
  await host.stop();
  site.remove();
});

/** A plugin whose init ends the process. */
function crasher(): string {
  return compile(
    `#include <stdlib.h>
#include <vsmtp/plugin.h>
VSMTP_PLUGIN("crasher")
VSMTP_FUNCTION(void, crasher_run, (void), VSMTP_QUICK VSMTP_NAME("run"))
{
}
VSMTP_EXPORT int vsmtp_plugin_init(void)
{
    abort();
}`,
    { name: "libvsmtp-plugin-crasher-1.0.0.so" },
  );
}

test("a plugin that crashes whenever it is loaded is quarantined, and the host serves without it", async () => {
  const site = new Site({
    plugins: [crasher()],
    filter: `import "plugins/vsmtp-plugin-crasher" as crasher;
#{
  mail: [ rule "needs it" || { if ctx::mail_from() == "b@a.example" { crasher::run(); } state::next() } ],
  rcpt: [ rule "to the maildir" || { transport::maildir_all(); state::next() } ],
}`,
  });
  const host = await Host.start(site);
  expect(await host.logged(({ msg }) => msg.includes("is quarantined"))).toMatchObject({ plugin: "crasher" });
  const client = await SmtpClient.open(host.port);
  expect(await client.say("MAIL FROM:<b@a.example>")).toMatchObject({ code: 451 });
  expect(await client.mail("a@a.example", ["x@b.example"], "Subject: x\r\n\r\nx")).toMatchObject({ code: 250 });
  await client.quit();
  expect(await host.stop()).toBe(0);
  site.remove();
});

test("a start that goes on because a process cannot come to work is ended by SIGTERM", async () => {
  const site = new Site({
    plugins: [crasher()],
    config: "config.app.plugins.quarantine.crashes = 1000;",
    filter: `import "plugins/vsmtp-plugin-crasher" as crasher; #{}`,
  });
  const host = Host.begin(site);
  await host.logged(({ msg }) => msg.includes("started again later"));
  expect(await host.stop()).toBe(0);
  site.remove();
});

test("a second signal ends all processes at once", async () => {
  const site = new Site();
  const host = await Host.start(site);
  const processes = host.processes();
  const busy = await SmtpClient.open(host.port);
  await busy.say("MAIL FROM:<a@a.example>");
  host.signal("SIGTERM");
  await host.logged(({ msg }) => msg === "stopping");
  host.signal("SIGTERM");
  expect(await host.exited).toBe("SIGTERM");
  await until(() => processes.every(({ pid }) => !isAlive(pid)));
  site.remove();
});

test("so does a second signal of another kind", async () => {
  const site = new Site();
  const host = await Host.start(site);
  const busy = await SmtpClient.open(host.port);
  await busy.say("MAIL FROM:<a@a.example>");
  host.signal("SIGTERM");
  await host.logged(({ msg }) => msg === "stopping");
  host.signal("SIGINT");
  expect(await host.exited).toBe("SIGINT");
  site.remove();
});

test("signals that a terminal sends to all processes stop the host as if only the supervisor had them", async () => {
  const site = new Site({ config: SEVERAL });
  const host = await Host.start(site);
  const busy = await SmtpClient.open(host.port);
  await busy.say("MAIL FROM:<a@a.example>");
  await busy.say("RCPT TO:<x@b.example>");
  await busy.say("DATA");
  for (const { pid } of host.processes()) process.kill(pid, "SIGINT");
  const stopped = host.stop();
  expect(await busy.content("Subject: x\r\n\r\nx")).toMatchObject({ code: 250 });
  expect(await stopped).toBe(0);
  expect(site.mails("x@b.example")).toHaveLength(1);
  site.remove();
});

test("a second host on the same spool is told who has it, and the first goes on", async () => {
  const site = new Site();
  const host = await Host.start(site);
  await expect(Host.start(site)).rejects.toThrow(`with the process ${host.pid}`);
  await (await SmtpClient.open(host.port)).quit();
  expect(await host.stop()).toBe(0);
  site.remove();
});
