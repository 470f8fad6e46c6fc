/** Storage plugins and the storage stage of the rules in a running host: a mail on its way passes both. */

import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { compile } from "../fixtures/compile.ts";
import { gateFlags as flags, gate } from "../fixtures/gate.ts";
import { Host, until } from "../fixtures/host.ts";
import { Site } from "../fixtures/site.ts";
import { SmtpClient } from "../fixtures/smtp-client.ts";

async function send(host: Host, to: readonly string[], mail: string): Promise<void> {
  const client = await SmtpClient.open(host.port);
  expect(await client.mail("a@a.example", to, mail)).toMatchObject({ code: 250 });
  await client.quit();
}

test("a storage plugin sees deliveries, is in the log by its name, and ends with the host", async () => {
  const site = new Site({ plugins: [gate()], config: `config.server.logs.level = ["info", "storage=debug"];` });
  const host = await Host.start(site);
  await send(host, ["x@b.example"], "Subject: through the gate\r\n\r\nx");
  const line = await host.logged(({ area, msg }) => area === "storage" && msg.includes("gate:"));
  const accepted = await host.logged(({ msg }) => msg === "mail accepted");
  expect(line).toMatchObject({ level: "info", plugin: "gate", mail: accepted.mail, user: "x@b.example" });
  expect(line.msg).toContain("through the gate");
  await until(() => site.mails("x@b.example").length === 1);
  expect(existsSync(site.path("deinit"))).toBe(false);
  expect(await host.stop()).toBe(0);
  expect(existsSync(site.path("deinit"))).toBe(true);
  site.remove();
});

test("what a plugin refuses stays in the spool, with its reason, and others get their mail", async () => {
  const config = `config.app.storage.settings = #{ gate_closed: "shut@b.example" };`;
  const site = new Site({ plugins: [gate()], config });
  const host = await Host.start(site);
  await send(host, ["shut@b.example", "open@b.example"], "Subject: x\r\n\r\nx");
  const line = await host.logged(({ recipient }) => recipient === "shut@b.example");
  expect(line).toMatchObject({ code: "STORAGE_OPERATION", msg: expect.stringContaining("The gate is closed") });
  await until(() => site.mails("open@b.example").length === 1);
  expect(site.mails("shut@b.example")).toEqual([]);
  expect(await host.stop()).toBe(0);
  expect(site.spooled()).toHaveLength(1);
  site.remove();
});

test("a plugin that is wanted and not there makes mails wait, and says so at the start", async () => {
  const site = new Site({ config: `config.app.storage.plugins = ["gate"];` });
  const host = await Host.start(site);
  await host.logged(({ area, code }) => area === "storage" && code === "STORAGE_PLUGIN");
  await send(host, ["x@b.example"], "Subject: x\r\n\r\nx");
  const line = await host.logged(({ code }) => code === "STORAGE_UNAVAILABLE");
  expect(line.msg).toContain("The storage plugin gate is to take part");
  expect(await host.stop()).toBe(0);
  expect(site.spooled()).toHaveLength(1);

  const again = new Site({ config: `config.app.storage.plugins = [];`, plugins: [gate()] });
  const without = await Host.start(again);
  await send(without, ["x@b.example"], "Subject: x\r\n\r\nx");
  await until(() => again.mails("x@b.example").length === 1);
  expect(await without.stop()).toBe(0);
  expect(existsSync(again.path("deinit"))).toBe(false);
  site.remove();
  again.remove();
});

test("a plugin that is refused stops nothing", async () => {
  const name = "20_gate_plugin.so";
  const site = new Site({ plugins: [compile("#include <lib.h>\nint gate;", { name, core: false, flags })] });
  const host = await Host.start(site);
  await host.logged(({ area, level, file }) => area === "plugin" && level === "error" && String(file).endsWith(name));
  await send(host, ["x@b.example"], "Subject: x\r\n\r\nx");
  await until(() => site.mails("x@b.example").length === 1);
  expect(await host.stop()).toBe(0);
  site.remove();
});

test("the storage stage of the rules decides about deliveries", async () => {
  const filter = `#{
    rcpt: [ rule "to the maildir" || { transport::maildir_all(); state::next() } ],
    storage: [ rule "not for everybody" || {
      if storage::user() == "closed@b.example" { state::deny("550 5.2.1 no mails here") } else { state::next() }
    } ],
  }`;
  const site = new Site({ filter });
  const host = await Host.start(site);
  await send(host, ["closed@b.example", "open@b.example"], "Subject: x\r\n\r\nx");
  const line = await host.logged(({ recipient }) => recipient === "closed@b.example");
  expect(line.msg).toContain("no mails here");
  await until(() => site.mails("open@b.example").length === 1);
  expect(site.mails("closed@b.example")).toEqual([]);
  expect(await host.stop()).toBe(0);
  site.remove();
});

test("addresses cannot reach what is not theirs by their names", async () => {
  const site = new Site();
  const host = await Host.start(site);
  await send(host, [`"a:INDEX=/x"@b.example`, `"%u"@b.example`], "Subject: x\r\n\r\nx");
  await until(() => site.everyMail().length === 2);
  const folders = site.everyMail().map((file) => file.replace(site.path("mailboxes/"), "").split("/")[0]);
  expect(folders.sort()).toEqual([`"%25u"@b.example`, `"a%3aindex=%2fx"@b.example`]);
  expect(readFileSync(site.everyMail()[0] as string, "utf8")).toContain("Subject: x");
  expect(await host.stop()).toBe(0);
  site.remove();
});
