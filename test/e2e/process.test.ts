/** The program as a process: start, stop, blocking plugins, the environment. */

import { expect, test } from "vitest";
import { compile } from "../fixtures/compile.ts";
import { Host, until } from "../fixtures/host.ts";
import { Site } from "../fixtures/site.ts";
import { SmtpClient } from "../fixtures/smtp-client.ts";

test("SIGTERM lets a mail under way end, and leaves no accepted mail undelivered", async () => {
  const site = new Site();
  const host = await Host.start(site);
  const idle = await SmtpClient.open(host.port);
  const busy = await SmtpClient.open(host.port);
  await busy.say("MAIL FROM:<a@a.example>");
  await busy.say("RCPT TO:<x@b.example>");
  await busy.say("DATA");
  const stopped = host.stop();
  expect(await idle.reply()).toMatchObject({ code: 421 });
  await expect(SmtpClient.connect(host.port)).rejects.toThrow("ECONNREFUSED");
  expect(await busy.content("Subject: x\r\n\r\nx")).toMatchObject({ code: 250 });
  expect(await busy.reply()).toMatchObject({ code: 421 });
  expect(await stopped).toBe(0);
  expect(site.mails("x@b.example")).toHaveLength(1);
  expect(site.spooled()).toEqual([]);
  site.remove();
});

test("SIGTERM under load leaves no acknowledged mail behind", async () => {
  const site = new Site();
  const host = await Host.start(site);
  let acknowledged = 0;
  const load = Array.from({ length: 6 }, async () => {
    const client = await SmtpClient.open(host.port);
    for (;;) {
      const { code } = await client.mail("a@a.example", ["x@b.example"], "Subject: x\r\n\r\nx");
      if (code !== 250) return;
      acknowledged += 1;
    }
  }).map((sending) => sending.catch(() => {}));
  await until(() => acknowledged > 50);
  expect(await host.stop()).toBe(0);
  await Promise.all(load);
  expect(site.spooled()).toEqual([]);
  expect(site.mails("x@b.example")).toHaveLength(acknowledged);
  site.remove();
});

/** A command that ends when there is a file `gate`; hosts run in the directory of their site. */
const WAIT_FOR_GATE = `export const wait = cmd::build(#{
  command: "/bin/sh", args: ["-c", "until [ -e gate ]; do sleep 0.02; done"], timeout: "5m",
});`;

test("a plugin function that waits does not delay other clients", async () => {
  const site = new Site({
    files: { "services/command.vsl": WAIT_FOR_GATE },
    filter: `import "services/command" as command;
#{
  mail: [ action "wait" || { if ctx::mail_from() == "patient@a.example" { command::wait.run(); } } ],
  rcpt: [ rule "to the maildir" || { transport::maildir_all(); state::next() } ],
}`,
  });
  const host = await Host.start(site);
  const patient = await SmtpClient.open(host.port);
  const answer = patient.say("MAIL FROM:<patient@a.example>");
  for (let i = 0; i < 20; i++) {
    const client = await SmtpClient.open(host.port);
    expect(await client.mail("hasty@a.example", ["x@b.example"], "Subject: x\r\n\r\nx")).toMatchObject({ code: 250 });
    await client.quit();
  }
  await until(() => site.mails("x@b.example").length === 20);
  site.write("gate", "");
  expect(await answer).toMatchObject({ code: 250 });
  await patient.quit();
  expect(await host.stop()).toBe(0);
  site.remove();
});

test("a refused plugin stops neither the start nor other rules; rules that need it answer 451", async () => {
  const site = new Site({
    files: { "plugins/vsmtp-plugin-broken.so": "no plugin at all" },
    filter: `import "plugins/vsmtp-plugin-broken" as broken;
#{
  mail: [ rule "needs it" || { if ctx::mail_from() == "b@a.example" { broken::judge() } else { state::next() } } ],
  rcpt: [ rule "to the maildir" || { transport::maildir_all(); state::next() } ],
}`,
  });
  const host = await Host.start(site);
  expect(await host.logged(({ area, level }) => area === "plugin" && level === "error")).toMatchObject({
    file: site.path("plugins/vsmtp-plugin-broken.so"),
  });
  const client = await SmtpClient.open(host.port);
  expect(await client.say("MAIL FROM:<b@a.example>")).toMatchObject({ code: 451 });
  expect(await client.mail("a@a.example", ["x@b.example"], "Subject: x\r\n\r\nx")).toMatchObject({ code: 250 });
  await client.quit();
  expect(await host.stop()).toBe(0);
  site.remove();
});

test("what a plugin logs is in the log, under its name and with its level", async () => {
  const plugin = compile(
    `#include <vsmtp/plugin.h>
VSMTP_PLUGIN("talker")
VSMTP_FUNCTION(void, talker_talk, (const char *text), VSMTP_QUICK VSMTP_NAME("talk"))
{
    vsmtp_log(VSMTP_LOG_WARN, "heard %s", text);
}`,
    { name: "libvsmtp-plugin-talker-1.0.0.so" },
  );
  const site = new Site({
    plugins: [plugin],
    filter: `import "plugins/vsmtp-plugin-talker" as talker;
#{ helo: [ action "talk" || talker::talk(ctx::helo()) ] }`,
  });
  const host = await Host.start(site);
  await (await SmtpClient.open(host.port)).quit();
  const line = await host.logged(({ msg }) => msg === "heard client.example");
  expect(line).toMatchObject({ area: "plugin", plugin: "talker", level: "warn" });
  await host.stop();
  site.remove();
});

test("-t stops the server by itself, -n is accepted", async () => {
  const site = new Site();
  const host = await Host.start(site, { args: ["-n", "-t", "200ms"] });
  expect(await host.exited).toBe(0);
  site.remove();
});

test("-e adds to the environment that the configuration reads, and changes nothing that is set", async () => {
  const site = new Site({
    config: `config.server.name = env("VSMTP_FILE") + env("VSMTP_SET");`,
    files: { environment: "VSMTP_FILE=file.\nVSMTP_SET=no.example\n" },
  });
  const host = await Host.start(site, { args: ["-e", site.path("environment")], env: { VSMTP_SET: "set.example" } });
  const client = await SmtpClient.open(host.port);
  expect(client.greeting.lines[0]).toMatch(/^file\.set\.example /);
  await client.quit();
  await host.stop();
  site.remove();
});

test("the log goes to the named file, and with --stdout there too", async () => {
  const site = new Site({ config: `config.server.logs.filename = "log/vsmtp.log";` });
  const host = await Host.start(site, { args: ["--stdout"] });
  await host.stop();
  expect(host.log.map(({ msg }) => msg)).toContain("stopped");
  expect(site.read("log/vsmtp.log")).toContain('"msg":"stopped"');
  site.remove();
});

test("at level trace the log follows a mail through directives, plugin calls, spool and mailbox", async () => {
  const site = new Site({
    config: `config.server.logs.level = ["trace"];`,
    files: { "services/command.vsl": `export const ok = cmd::build(#{ command: "true" });` },
    filter: `import "services/command" as command;
#{
  mail: [ action "run it" || { command::ok.run(); } ],
  rcpt: [ rule "to the maildir" || { transport::maildir_all(); state::next() } ],
}`,
  });
  const host = await Host.start(site);
  const client = await SmtpClient.open(host.port);
  await client.mail("a@a.example", ["x@b.example"], "Subject: x\r\n\r\nx");
  await client.quit();
  const [file] = await until(() => site.mailFiles("x@b.example").length === 1 && site.mailFiles("x@b.example"));
  const directive = await host.logged((line) => line.directive === "run it");
  expect(directive).toMatchObject({ area: "rules", stage: "mail", kind: "action" });
  const call = await host.logged((line) => line.area === "plugin" && line.function !== undefined);
  expect(call).toMatchObject({ plugin: "command" });
  const spooled = await host.logged((line) => line.area === "queue" && line.file !== undefined);
  const delivered = await host.logged((line) => line.area === "delivery" && line.file !== undefined);
  expect(delivered).toMatchObject({ mail: spooled.mail, recipient: "x@b.example", file });
  await host.stop();
  site.remove();
});
