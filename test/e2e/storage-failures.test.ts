/** Storage plugins that hang or end their process: the mails of that process wait, everybody else goes on. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { CrashRecord } from "../../src/observe/index.ts";
import { vsmtp } from "../cli/vsmtp.ts";
import { gate } from "../fixtures/gate.ts";
import { Host, until } from "../fixtures/host.ts";
import { processesOf } from "../fixtures/processes.ts";
import { Site } from "../fixtures/site.ts";
import { SmtpClient } from "../fixtures/smtp-client.ts";

const PATIENT = `config.app.plugins.quarantine = #{ crashes: 100, mail_crashes: 2 };`;
/** Records are what is wanted here, not core files. */
const QUIETLY = { prepare: 'ulimit -c 0; exec "$@"' };

async function send(host: Host, to: string, subject: string): Promise<void> {
  const client = await SmtpClient.open(host.port);
  expect(await client.mail("a@a.example", [to], `Subject: ${subject}\r\n\r\nx`)).toMatchObject({ code: 250 });
  await client.quit();
}

function records(site: Site): CrashRecord[] {
  const folder = site.path("spool/state/crashes");
  return readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), "utf8")) as CrashRecord);
}

test("a plugin that hangs is ended at the deadline, its place is known, and other mails arrive", async () => {
  const site = new Site({ plugins: [gate()], config: `${PATIENT} config.app.storage.deadline = "1s";` });
  const host = await Host.start(site, QUIETLY);
  await send(host, "x@b.example", "hang");
  await host.logged(({ msg }) => msg.includes("gate: hang"));
  await send(host, "x@b.example", "after it");
  const told = await host.logged(({ msg }) => msg.includes("app.storage.deadline"));
  expect(told).toMatchObject({ level: "error", user: "x@b.example", process: "storage 1" });
  await until(() => site.mails("x@b.example").some((mail) => mail.includes("after it")));
  expect(records(site)[0]).toMatchObject({
    process: "storage 1",
    kind: "hung",
    plugin: "gate",
    function: "gate_copy",
    situation: { stage: "deliver", user: "x@b.example" },
  });
  await until(() => site.quarantined("held").length === 1);
  expect(await host.stop()).toBe(0);
  site.remove();
});

for (const [subject, facts] of [
  ["panic", { signal: "SIGABRT", function: "gate_copy" }],
  ["overflow", { signal: "SIGSEGV", note: expect.stringContaining("stack overflow") }],
] as const) {
  test(`the ${subject} of a plugin costs its process only: it is replaced, and no other mail is lost`, async () => {
    const site = new Site({ plugins: [gate()], config: PATIENT });
    const host = await Host.start(site, QUIETLY);
    await send(host, "x@b.example", subject);
    await until(() => site.quarantined("held").length === 1);
    await send(host, "x@b.example", "after it");
    await until(() => site.mails("x@b.example").length === 1);
    expect(records(site)).toHaveLength(2);
    for (const record of records(site)) {
      expect(record).toMatchObject({ process: "storage 1", kind: "signal", plugin: "gate", ...facts });
      expect(record.situation).toMatchObject({ stage: "deliver", user: "x@b.example" });
    }
    if (subject === "panic") expect(host.stderr).toMatch(/the gate has fallen/);
    expect(await host.stop()).toBe(0);
    expect(site.spooled()).toEqual([]);
    site.remove();
  });
}

test("a plugin that hangs does not keep the host from ending when it is told to", async () => {
  const site = new Site({ plugins: [gate()] });
  const host = await Host.start(site, QUIETLY);
  await send(host, "x@b.example", "hang");
  await host.logged(({ msg }) => msg.includes("gate: hang"));
  await send(host, "x@b.example", "after it");
  expect(await host.stop()).toBe(0);
  expect(host.log.some(({ level, msg }) => level === "error" && msg.includes("a plugin hangs"))).toBe(true);
  expect(site.spooled()).toHaveLength(2);
  site.remove();
});

test("while a storage plugin is quarantined nothing is stored without it, and afterwards everything is", async () => {
  const site = new Site({
    plugins: [gate()],
    config: `config.app.plugins.quarantine = #{ crashes: 1, mail_crashes: 1 };`,
  });
  const host = await Host.start(site, QUIETLY);
  await send(host, "x@b.example", "crash");
  await until(() => site.quarantined("held").length === 1);
  await send(host, "x@b.example", "after it");
  await host.logged(({ code, msg }) => code === "STORAGE_UNAVAILABLE" && /gate is out of service/.test(msg));
  expect(site.mails("x@b.example")).toEqual([]);
  expect(vsmtp(["plugin", "release", "gate", "-c", site.config])).toMatchObject({ status: 0 });
  await until(() => site.mails("x@b.example").length === 1);
  expect(await host.stop()).toBe(0);
  site.remove();
});

test("storage processes that are killed amid deliveries lose no mail and deliver none twice", async () => {
  const site = new Site({ config: "config.server.system.thread_pool.delivery = 2;" });
  const host = await Host.start(site);
  const supervisor = Number((await host.logged(({ msg }) => msg === "serving")).pid);
  const numbers = Array.from({ length: 120 }, (_, number) => number);
  const waiting = [...numbers];
  const client = async () => {
    for (let number = waiting.shift(); number !== undefined; number = waiting.shift()) {
      await send(host, `user${number % 7}@b.example`, `mail ${number}.`);
      if (number % 30 !== 15) continue;
      for (const pid of processesOf(supervisor, "storage")) process.kill(pid, "SIGKILL");
    }
  };
  await Promise.all(Array.from({ length: 5 }, client));
  await until(() => site.spooled().length === 0);
  const found = site.everyMail().map((file) => /mail \d+\./.exec(readFileSync(file, "latin1"))?.[0]);
  expect(found.sort()).toEqual(numbers.map((number) => `mail ${number}.`).sort());
  expect(await host.stop()).toBe(0);
  site.remove();
});
