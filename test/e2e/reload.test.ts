/** Reload: fresh processes with what is on disk take over, clients and mails notice nothing; or nothing changes. */

import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { compile } from "../fixtures/compile.ts";
import { Host, program, until } from "../fixtures/host.ts";
import { Load } from "../fixtures/load.ts";
import { Site } from "../fixtures/site.ts";
import { SmtpClient } from "../fixtures/smtp-client.ts";

/** Mails to everyone's Maildir, and a greeting that says which rules these are. */
function filter(which: string): string {
  return `#{
  helo: [ rule "who" || state::accept("250 rules ${which}") ],
  rcpt: [ rule "to the maildir" || { transport::maildir_all(); state::next() } ],
}`;
}

/** Which rules a new client meets. */
async function rulesOf(port: number): Promise<string | undefined> {
  const client = await SmtpClient.connect(port);
  await client.reply();
  const { lines } = await client.say("HELO client.example");
  await client.quit();
  return lines[0];
}

function vsmtp(site: Site, ...args: string[]) {
  return spawnSync(process.execPath, [program, ...args, "-c", site.config], { encoding: "utf8" });
}

test("20 reloads under load refuse no connection, fail no mail and lose none", async () => {
  const site = new Site({ filter: filter("0"), config: "config.server.client_count_max = 100;" });
  const host = await Host.start(site);
  const short = new Load({ port: host.port, clients: 3, mailsEach: 1 });
  const long = new Load({ port: host.port, clients: 2, mailsEach: 40, recipient: "long@b.example" });
  for (let reload = 1; reload <= 20; reload++) {
    site.write("filter.vsl", filter(String(reload)));
    expect(await host.reload()).toBe(true);
    expect(await rulesOf(host.port)).toBe(`rules ${reload}`);
  }
  await Promise.all([short.end(), long.end()]);
  expect([...short.failures, ...long.failures]).toEqual([]);
  await until(() => site.spooled().length === 0);
  short.check(site);
  long.check(site, "long@b.example");
  expect(await host.stop()).toBe(0);
  site.remove();
}, 240_000);

test("a session that began before a reload goes on with the rules that it began with, and its mails are delivered", async () => {
  const site = new Site({ filter: filter("old") });
  const host = await Host.start(site);
  const client = await SmtpClient.connect(host.port);
  await client.reply();
  site.write("filter.vsl", filter("new"));
  expect(await host.reload()).toBe(true);
  expect(await rulesOf(host.port)).toBe("rules new");
  expect(await client.say("HELO client.example")).toMatchObject({ lines: ["rules old"] });
  for (let mail = 0; mail < 2; mail++) {
    expect(await client.mail("a@a.example", ["x@b.example"], "Subject: x\r\n\r\nx")).toMatchObject({ code: 250 });
  }
  await client.quit();
  await until(() => site.mails("x@b.example").length === 2 && host.processes().length === 2);
  expect(await host.stop()).toBe(0);
  site.remove();
});

test("a mail that waits for another try is carried by the processes that take over", async () => {
  const site = new Site();
  const host = await Host.start(site);
  site.write("mailboxes/x@b.example", "a file where the Maildir should be made");
  const client = await SmtpClient.open(host.port);
  await client.mail("a@a.example", ["x@b.example"], "Subject: x\r\n\r\nx");
  await client.quit();
  await host.logged(({ msg }) => msg.startsWith("delivery failed"));
  expect(await host.reload()).toBe(true);
  await until(() => host.processes().length === 2);
  renameSync(site.path("mailboxes/x@b.example"), site.path("mailboxes/moved"));
  await until(() => site.mails("x@b.example").length === 1 && site.spooled().length === 0);
  await host.stop();
  site.remove();
});

test("a reload that fails changes nothing and says why, on the command line and in the log", async () => {
  const site = new Site({ filter: filter("good") });
  const host = await Host.start(site);
  const before = host.processes();
  site.write("filter.vsl", `#{ helo: [ rule "broken" || nobody_knows_this() ] }`);
  const { status, stderr } = vsmtp(site, "reload");
  expect(status).toBe(1);
  expect(stderr).toContain(`${site.path("filter.vsl")}:1:`);
  expect(stderr).toContain("nobody_knows_this");
  await host.logged(({ msg }) => msg.startsWith("the reload has failed"));
  expect(host.processes()).toEqual(before);
  expect(await rulesOf(host.port)).toBe("rules good");
  site.write("filter.vsl", filter("better"));
  expect(vsmtp(site, "reload")).toMatchObject({ status: 0 });
  expect(await rulesOf(host.port)).toBe("rules better");
  await host.stop();
  site.remove();
});

test("a script that is edited is not read by a process that takes the place of a killed one", async () => {
  const site = new Site({ filter: filter("running") });
  const host = await Host.start(site);
  site.write("filter.vsl", filter("edited"));
  const killed = host.processOf("smtp 1");
  process.kill(killed, "SIGKILL");
  await until(() => !existsSync(`/proc/${killed}`) && host.processes().some(({ name }) => name === "smtp 1"));
  expect(await rulesOf(host.port)).toBe("rules running");
  expect(await host.reload()).toBe(true);
  expect(await rulesOf(host.port)).toBe("rules edited");
  await host.stop();
  site.remove();
});

test("addresses are opened and closed as the configuration says, and one with port 0 keeps its port", async () => {
  const addresses = (...more: string[]) =>
    `config.server.interfaces.addr = ${JSON.stringify(["127.0.0.1:0", ...more])};`;
  const site = new Site({ config: addresses("127.0.0.2:0") });
  const host = await Host.start(site);
  const { addresses: first } = await host.logged(({ msg }) => msg === "serving");
  const second = Number(
    String((first as string[])[1])
      .split(":")
      .at(-1),
  );
  const config = site.read("conf.d/config.vsl");
  site.write("conf.d/config.vsl", config.replace(addresses("127.0.0.2:0"), addresses("127.0.0.3:0")));
  expect(await host.reload()).toBe(true);
  const { addresses: after } = await host.logged(({ msg }) => msg === "reloaded");
  expect((after as string[])[0]).toBe(`127.0.0.1:${host.port}`);
  expect((after as string[])[1]).toMatch(/^127\.0\.0\.3:/);
  await (await SmtpClient.open(host.port)).quit();
  await until(() => host.processes().length === 2);
  const gone = spawnSync("bash", ["-c", `exec 3<>/dev/tcp/127.0.0.2/${second}`]);
  expect(gone.status).not.toBe(0);
  await host.stop();
  site.remove();
});

test("an address that cannot be opened fails a reload with its name", async () => {
  const site = new Site();
  const host = await Host.start(site);
  const other = new Site();
  const taker = await Host.start(other);
  const config = site.read("conf.d/config.vsl");
  const wanted = `["127.0.0.1:0", "127.0.0.1:${taker.port}"]`;
  site.write("conf.d/config.vsl", config.replace(`["127.0.0.1:0"]`, wanted));
  const { status, stderr } = vsmtp(site, "reload");
  expect(status).toBe(1);
  expect(stderr).toContain(`127.0.0.1:${taker.port}`);
  await (await SmtpClient.open(host.port)).quit();
  await taker.stop();
  await host.stop();
  site.remove();
  other.remove();
});

test("what holds for the whole life of a host is not changed by a reload, which says so", async () => {
  const site = new Site();
  const host = await Host.start(site);
  const config = site.read("conf.d/config.vsl");
  site.write("conf.d/config.vsl", config.replace(`dirpath = "spool"`, `dirpath = "elsewhere"`));
  await host.reload();
  const line = await host.logged(({ code }) => code === "RELOAD_CHANGED");
  expect(line.msg).toContain("server.queues.dirpath");
  expect(existsSync(site.path("elsewhere"))).toBe(false);
  await host.stop();
  site.remove();
});

/** A plugin `which` whose function says `answer`. */
function plugin(answer: string): string {
  return compile(
    `#include <vsmtp/plugin.h>
VSMTP_PLUGIN("which")
VSMTP_FUNCTION(const char *, which_say, (void), VSMTP_QUICK VSMTP_NAME("say"))
{
    return "250 plugin ${answer}";
}`,
    { name: "libvsmtp-plugin-which-1.0.0.so" },
  );
}

const ASKS_PLUGIN = `import "plugins/vsmtp-plugin-which" as which;
#{
  helo: [ rule "who" || state::accept(which::say()) ],
  rcpt: [ rule "to the maildir" || { transport::maildir_all(); state::next() } ],
}`;

test("a plugin's file that is replaced, even in place, is taken into service by a reload and by nothing else", async () => {
  const [one, two] = [plugin("one"), plugin("two")];
  const site = new Site({ filter: ASKS_PLUGIN });
  mkdirSync(site.path("plugins"), { recursive: true });
  const file = site.path("plugins/libvsmtp-plugin-which-1.0.0.so");
  copyFileSync(one, file);
  const host = await Host.start(site);
  expect(await rulesOf(host.port)).toBe("plugin one");
  copyFileSync(two, file);
  const killed = host.processOf("smtp 1");
  process.kill(killed, "SIGKILL");
  await until(() => !existsSync(`/proc/${killed}`) && host.processes().some(({ name }) => name === "smtp 1"));
  expect(await rulesOf(host.port)).toBe("plugin one");
  expect(await host.reload()).toBe(true);
  expect(await rulesOf(host.port)).toBe("plugin two");
  await host.stop();
  site.remove();
});

test("a reload fails with the reason for which a plugin is refused, and goes on with the one that runs", async () => {
  const site = new Site({ filter: ASKS_PLUGIN });
  mkdirSync(site.path("plugins"), { recursive: true });
  const file = site.path("plugins/libvsmtp-plugin-which-1.0.0.so");
  copyFileSync(plugin("one"), file);
  const host = await Host.start(site);
  writeFileSync(file, "no library at all");
  const { status, stderr } = vsmtp(site, "reload");
  expect(status).toBe(1);
  expect(stderr).toContain(file);
  expect(await rulesOf(host.port)).toBe("plugin one");
  await host.stop();
  site.remove();
});

test("a reload whose new processes crash at their start fails, and the old ones go on", async () => {
  const bad = compile(
    `#include <stdlib.h>
#include <vsmtp/plugin.h>
VSMTP_PLUGIN("which")
VSMTP_FUNCTION(const char *, which_say, (void), VSMTP_QUICK VSMTP_NAME("say"))
{
    return "250 never";
}
VSMTP_EXPORT int vsmtp_plugin_init(void)
{
    abort();
}`,
    { name: "libvsmtp-plugin-which-1.0.0.so" },
  );
  const site = new Site({ filter: ASKS_PLUGIN });
  mkdirSync(site.path("plugins"), { recursive: true });
  const file = site.path("plugins/libvsmtp-plugin-which-1.0.0.so");
  copyFileSync(plugin("one"), file);
  const host = await Host.start(site);
  copyFileSync(bad, file);
  expect(await host.reload()).toBe(false);
  const line = await host.logged(({ code }) => code === "RELOAD_DIED");
  expect(line.msg).toContain("smtp 1");
  expect(await rulesOf(host.port)).toBe("plugin one");
  await host.stop();
  site.remove();
});

test("SIGUSR1 has all processes go on in fresh log files", async () => {
  const site = new Site({ config: `config.server.logs.filename = "log/vsmtp.log";` });
  const host = await Host.start(site, { args: ["--stdout"] });
  renameSync(site.path("log/vsmtp.log"), site.path("log/old.log"));
  host.signal("SIGUSR1");
  await until(() => existsSync(site.path("log/vsmtp.log")));
  const sent = async () => {
    const client = await SmtpClient.open(host.port);
    await client.mail("a@a.example", ["x@b.example"], "Subject: x\r\n\r\nx");
    await client.quit();
  };
  for (;;) {
    await sent();
    if (site.read("log/vsmtp.log").includes('"process":"smtp 1"')) break;
  }
  await host.stop();
  expect(site.read("log/vsmtp.log")).toContain('"msg":"stopped"');
  expect(site.read("log/old.log")).not.toContain('"msg":"stopped"');
  site.remove();
});
