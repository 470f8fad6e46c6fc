/** Plugins in processes of their own, in a host that runs: what mails see of it, and what they do not. */

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { Host, program, until } from "../fixtures/host.ts";
import { Site, type SiteOptions } from "../fixtures/site.ts";
import { SmtpClient } from "../fixtures/smtp-client.ts";
import { fixture } from "../plugin/loaded.ts";

const plugin = fixture("isolated");
const failing = fixture("isolated", ["-DFAILS_TO_BEGIN"]);
const crashing = fixture("isolated", ["-DCRASHES_AT_ONCE"]);
const mailcheck = fileURLToPath(new URL("../../build/plugins/libvsmtp-plugin-mailcheck-1.0.0.so", import.meta.url));

/** A header field for what the plugin answers, and what the subject asks for. */
const FILTER = `import "plugins/vsmtp-plugin-isolated" as isolated;
#{
  mail: [
    rule "what the sender wants" || {
      let wish = ctx::mail_from().local_part;
      if wish == "crash" { isolated::crash(); }
      if wish == "crash-slowly" { isolated::crash_slowly(); }
      if wish == "leave" { isolated::leave(3); }
      if wish == "hang" { isolated::hang(); }
      if wish == "hang-quickly" { isolated::hang_quickly(); }
      if wish == "caught" { try { isolated::crash(); } catch (e) { log("warn", \`caught \${e}\`); } }
      state::next()
    },
  ],
  rcpt: [ rule "to the maildir" || { transport::maildir_all(); state::next() } ],
  preq: [
    action "say who works" || {
      msg::append_header("X-Sum", \`\${isolated::add(40, 2)}\`);
      msg::append_header("X-Process", \`\${isolated::process()}\`);
      msg::append_header("X-User", \`\${isolated::user()}\`);
    },
  ],
}`;

function isolating(options: SiteOptions & { readonly isolate?: string } = {}): Site {
  const { isolate = "true", config = "", ...rest } = options;
  const named = `config.app.plugins.named = #{ isolated: #{ isolate: ${isolate} } };`;
  return new Site({ filter: FILTER, plugins: [plugin], config: `${named}\n${config}`, ...rest });
}

function send(client: SmtpClient, from = "a") {
  return client.mail(`${from}@a.example`, ["x@b.example"], "Subject: x\r\n\r\nx");
}

async function delivered(site: Site, count: number): Promise<string[]> {
  await until(() => site.mails("x@b.example").length === count);
  return site.mails("x@b.example");
}

function field(mail: string, name: string): string | undefined {
  return new RegExp(`^${name}: (.*?)\\r$`, "m").exec(mail)?.[1];
}

function title(pid: string | undefined): string {
  return readFileSync(`/proc/${pid}/cmdline`, "latin1").replaceAll("\0", " ").trim();
}

test("the plugin's functions run in a process of its own, for mails as for any plugin", async () => {
  const site = isolating();
  const host = await Host.start(site);
  const client = await SmtpClient.open(host.port);
  expect(await send(client)).toMatchObject({ code: 250 });
  const [mail = ""] = await delivered(site, 1);
  expect(field(mail, "X-Sum")).toBe("42");
  expect(title(field(mail, "X-Process"))).toBe("vsmtp: isolated isolated");
  await client.quit();
  expect(await host.stop()).toBe(0);
});

test("its crash costs the mail a 451 and nothing else: the client goes on, and so does everybody", async () => {
  const site = isolating();
  const host = await Host.start(site);
  const [one, other] = [await SmtpClient.open(host.port), await SmtpClient.open(host.port)];
  expect(await send(one)).toMatchObject({ code: 250 });
  for (const wish of ["crash-slowly", "leave"]) {
    expect(await one.say(`MAIL FROM:<${wish}@a.example>`), wish).toMatchObject({ code: 451 });
    expect(await one.say("RSET")).toMatchObject({ code: 250 });
    expect(await send(one)).toMatchObject({ code: 250 });
    expect(await send(other)).toMatchObject({ code: 250 });
  }
  const mails = await delivered(site, 5);
  expect(new Set(mails.map((mail) => field(mail, "X-Process"))).size).toBe(3);
  await Promise.all([one.quit(), other.quit()]);
  expect(await host.stop()).toBe(0);
});

test("its crash is recorded with its function, and with the mail and directive that it worked for", async () => {
  const site = isolating();
  const host = await Host.start(site);
  const client = await SmtpClient.open(host.port);
  expect(await client.say("MAIL FROM:<crash@a.example>")).toMatchObject({ code: 451 });
  const line = await host.logged(({ record }) => record !== undefined);
  expect(line).toMatchObject({ level: "error", plugin: "isolated", function: "crash" });
  const record = JSON.parse(readFileSync(String(line.record), "utf8")) as Record<string, unknown>;
  expect(record).toMatchObject({
    process: "isolated isolated",
    signal: "SIGSEGV",
    plugin: "isolated",
    function: "crash",
    inFlight: [
      { plugin: "isolated", function: "crash", situation: { stage: "mail", directive: "what the sender wants" } },
    ],
  });
  await client.quit();
  expect(await host.stop()).toBe(0);
});

test("a rule can catch the error of a crash", async () => {
  const site = isolating();
  const host = await Host.start(site);
  const client = await SmtpClient.open(host.port);
  expect(await send(client, "caught")).toMatchObject({ code: 250 });
  const { msg } = await host.logged((line) => line.msg.startsWith("caught"));
  expect(msg).toContain("crash of plugin isolated got no answer from the process that the plugin has of its own");
  await client.quit();
  expect(await host.stop()).toBe(0);
});

test("a call that does not come back is a 451 at its deadline", async () => {
  const deadline = `config.app.plugins.named.isolated.deadlines = #{ hang: "200ms" };`;
  const site = isolating({ config: deadline });
  const host = await Host.start(site);
  const client = await SmtpClient.open(host.port);
  expect(await client.say("MAIL FROM:<hang@a.example>")).toMatchObject({ code: 451 });
  expect(await send(client)).toMatchObject({ code: 250 });
  await client.quit();
  expect(await host.stop()).toBe(0);
});

test("a quick function that holds the other process costs that process, and the mail a 451", async () => {
  const deadline = `config.app.plugins.named.isolated.deadlines = #{ hang_quickly: "500ms" };`;
  const site = isolating({ config: deadline });
  const host = await Host.start(site);
  const client = await SmtpClient.open(host.port);
  expect(await client.say("MAIL FROM:<hang-quickly@a.example>")).toMatchObject({ code: 451 });
  const { record } = await host.logged((line) => line.record !== undefined);
  expect(JSON.parse(readFileSync(String(record), "utf8"))).toMatchObject({
    process: "isolated isolated",
    kind: "hung",
    plugin: "isolated",
    function: "hang_quickly",
  });
  expect(await client.say("RSET")).toMatchObject({ code: 250 });
  expect(await send(client)).toMatchObject({ code: 250 });
  await client.quit();
  expect(await host.stop()).toBe(0);
});

test("a plugin that comes with the host can be isolated too", async () => {
  const site = new Site({
    config: `config.app.plugins.named = #{ command: #{ isolate: true } };`,
    files: {
      "services/tool.vsl": `export const parent = cmd::build(#{ command: "sh", args: ["-c", "printf %s $PPID"] });`,
    },
    filter: `import "services/tool" as tool;
#{
  rcpt: [ rule "to the maildir" || { transport::maildir_all(); state::next() } ],
  preq: [ action "ask" || { msg::append_header("X-Parent", tool::parent.run().stdout); } ],
}`,
  });
  const host = await Host.start(site);
  const client = await SmtpClient.open(host.port);
  expect(await send(client)).toMatchObject({ code: 250 });
  const [mail = ""] = await delivered(site, 1);
  expect(title(field(mail, "X-Parent"))).toBe("vsmtp: isolated command");
  await client.quit();
  expect(await host.stop()).toBe(0);
});

test("a reload brings new processes for isolated plugins too, and no client waits for them", async () => {
  const site = isolating();
  const host = await Host.start(site);
  const client = await SmtpClient.open(host.port);
  expect(await send(client)).toMatchObject({ code: 250 });
  for (let count = 2; count <= 3; count++) {
    expect(spawnSync(process.execPath, [program, "reload", "-c", site.config]).status).toBe(0);
    const later = await SmtpClient.open(host.port);
    expect(await send(later)).toMatchObject({ code: 250 });
    await later.quit();
    await delivered(site, count);
  }
  const mails = await delivered(site, 3);
  expect(new Set(mails.map((mail) => field(mail, "X-Process"))).size).toBe(3);
  // the first process of rules still has its client, and so its plugin
  expect(await send(client)).toMatchObject({ code: 250 });
  await client.quit();
  expect(await host.stop()).toBe(0);
});

test("objects that a service holds are made anew after a crash, while clients go on", async () => {
  const site = isolating({
    files: {
      "services/box.vsl": `import "plugins/vsmtp-plugin-isolated" as isolated;\nexport const box = isolated::make(7);`,
    },
    filter: `import "plugins/vsmtp-plugin-isolated" as isolated;
import "services/box" as service;
#{
  mail: [ rule "crash" || {
    if ctx::mail_from().local_part == "crash" { isolated::crash(); }
    state::next()
  } ],
  rcpt: [ rule "to the maildir" || { transport::maildir_all(); state::next() } ],
  preq: [ action "use the box" || { msg::append_header("X-Box", \`\${service::box.value()}\`); } ],
}`,
  });
  const host = await Host.start(site);
  const client = await SmtpClient.open(host.port);
  expect(await send(client)).toMatchObject({ code: 250 });
  expect(await client.say("MAIL FROM:<crash@a.example>")).toMatchObject({ code: 451 });
  // a client of the process that is to leave, and those that come later
  let accepted = 1;
  for (let i = 0; i < 2; accepted++) {
    const later = await SmtpClient.open(host.port);
    const { code } = await send(later);
    await later.quit();
    expect([250, 451]).toContain(code);
    if (code === 250) i++;
    else accepted--;
  }
  const mails = await delivered(site, accepted);
  expect(mails.map((mail) => field(mail, "X-Box"))).toEqual(mails.map(() => "7"));
  await client.quit();
  expect(await host.stop()).toBe(0);
});

test("a plugin that cannot begin there stops nobody; rules that need it answer 451", async () => {
  const site = isolating({ plugins: [failing] });
  const host = await Host.start(site);
  await host.logged(({ msg }) => msg === "The plugin isolated could not begin: its license has ended");
  const client = await SmtpClient.open(host.port);
  expect(await client.say("MAIL FROM:<crash@a.example>")).toMatchObject({ code: 451 });
  await client.quit();
  expect(await host.stop()).toBe(0);
});

test("one that crashes while it is loaded stops nobody either", async () => {
  const site = isolating({
    plugins: [crashing],
    filter: FILTER.replace(/preq: \[[\s\S]*?\n {2}\],/, ""),
    config: `config.app.plugins.named.isolated.deadline = "1s";`,
  });
  const host = await Host.start(site);
  const client = await SmtpClient.open(host.port);
  expect(await client.say("MAIL FROM:<crash@a.example>")).toMatchObject({ code: 451 });
  expect(await client.say("RSET")).toMatchObject({ code: 250 });
  expect(await send(client)).toMatchObject({ code: 250 });
  const { record } = await host.logged((line) => line.record !== undefined);
  expect(JSON.parse(readFileSync(String(record), "utf8"))).toMatchObject({ signal: "SIGABRT", plugin: "isolated" });
  await client.quit();
  expect(await host.stop()).toBe(0);
});

test("after too many crashes it is out of service, until it is released", async () => {
  const site = isolating({ config: "config.app.plugins.quarantine.crashes = 2;" });
  const host = await Host.start(site);
  const client = await SmtpClient.open(host.port);
  for (let crashes = 1; crashes <= 2; crashes++) {
    expect(await client.say("MAIL FROM:<crash@a.example>")).toMatchObject({ code: 451 });
    expect(await client.say("RSET")).toMatchObject({ code: 250 });
  }
  await host.logged(({ msg, plugin }) => plugin === "isolated" && msg.includes("quarantine"));
  expect(await client.say("MAIL FROM:<crash@a.example>")).toMatchObject({ code: 451 });
  await client.quit();
  expect(spawnSync(process.execPath, [program, "plugin", "release", "isolated", "-c", site.config]).status).toBe(0);
  const later = await SmtpClient.open(host.port);
  expect(await send(later)).toMatchObject({ code: 250 });
  expect(field((await delivered(site, 1))[0] ?? "", "X-Sum")).toBe("42");
  await later.quit();
  expect(await host.stop()).toBe(0);
});

test("it runs as the user and within the limits that the configuration gives", async () => {
  const asRoot = process.getuid?.() === 0;
  const site = isolating({ isolate: `#{ user: ${asRoot ? '"nobody"' : "()"}, files: 50 }` });
  const host = await Host.start(site);
  const client = await SmtpClient.open(host.port);
  expect(await send(client)).toMatchObject({ code: 250 });
  const [mail = ""] = await delivered(site, 1);
  const nobody = /^nobody:[^:]*:(\d+):/m.exec(readFileSync("/etc/passwd", "utf8"))?.[1];
  expect(field(mail, "X-User")).toBe(asRoot ? nobody : `${process.getuid?.()}`);
  const limits = readFileSync(`/proc/${field(mail, "X-Process")}/limits`, "latin1");
  expect(Number(/^Max open files +(\d+)/m.exec(limits)?.[1])).toBeLessThan(400);
  await client.quit();
  expect(await host.stop()).toBe(0);
});

/** What the rules of mailcheck's README make of a mail. */
async function checked(isolate: boolean): Promise<{ codes: number[]; field: string | undefined }> {
  const readme = readFileSync(new URL("../../plugins-example/mailcheck/README.md", import.meta.url), "utf8");
  const [, filter = ""] = /```rust\n(.*?)```/s.exec(readme) ?? [];
  const rcpt = `rcpt: [ rule "to the maildir" || { transport::maildir_all(); state::next() } ],`;
  const site = new Site({
    filter: filter.replace("#{", `#{ ${rcpt}`),
    plugins: [mailcheck],
    config: `config.app.plugins.named = #{ mailcheck: #{ isolate: ${isolate} } };`,
  });
  const host = await Host.start(site);
  const codes: number[] = [];
  for (const body of ["hello", "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE"]) {
    const client = await SmtpClient.open(host.port);
    codes.push((await client.mail("a@a.example", ["x@b.example"], `Subject: x\r\n\r\n${body}`)).code);
    // whoever is refused reads that, and then the end of the connection
    if (codes.length === 1) await client.quit();
  }
  const [mail = ""] = await delivered(site, 1);
  expect(await host.stop()).toBe(0);
  return { codes, field: field(mail, "X-Mailcheck") };
}

test("rules see no difference between a plugin that is isolated and one that is not", async () => {
  const [there, here] = [await checked(true), await checked(false)];
  expect(there).toEqual(here);
  expect(here.field).toMatch(/^clean; hops=/);
});
