/** `vsmtp rules run`: one mail through the rules, told stage by stage. */

import { afterAll, expect, test } from "vitest";
import { compile } from "../fixtures/compile.ts";
import { Site } from "../fixtures/site.ts";
import { vsmtp } from "./vsmtp.ts";

const MAIL = "From: A <a@example.org>\nTo: b@example.com\nSubject: folded\n line\n\nbody\n";

const sites: Site[] = [];
afterAll(() => {
  for (const site of sites) site.remove();
});

function siteWith(filter: string, more: ConstructorParameters<typeof Site>[0] = {}): Site {
  const site = new Site({ filter, ...more });
  sites.push(site);
  return site;
}

function run(site: Site, ...args: readonly string[]) {
  const given = ["--from", "a@example.org", "--rcpt", "b@example.com"];
  const words = ["rules", "run", "-c", site.config, ...(args.includes("--from") ? [] : given), ...args];
  return vsmtp(words, { input: MAIL });
}

function told(site: Site, ...args: readonly string[]) {
  const { stdout, status, stderr } = run(site, "--json", ...args);
  expect(stderr).toBe("");
  return { ...(JSON.parse(stdout) as Told), status };
}

interface Told {
  readonly accepted: boolean;
  readonly commands: {
    readonly command: string;
    readonly passed: boolean;
    readonly reply: string[] | null;
    readonly stages: {
      readonly stage: string;
      readonly rules?: string;
      readonly status: string;
      readonly events: object[];
    }[];
  }[];
  readonly mails: {
    readonly from: string;
    readonly recipients: object[];
    readonly headers: string[];
    readonly outcome: string;
  }[];
}

test("a mail passes all stages in their order and is accepted", () => {
  const { commands, accepted, status } = told(siteWith(`#{ connect: [], delivery: [] }`));
  expect({ accepted, status }).toEqual({ accepted: true, status: 0 });
  expect(commands.map(({ command }) => command.replace(/queue .*/, "queue"))).toEqual([
    "connect from 127.0.0.1",
    "EHLO localhost",
    "MAIL FROM:<a@example.org>",
    "RCPT TO:<b@example.com>",
    "DATA",
    "queue",
  ]);
  const stages = commands.flatMap((command) => command.stages.map(({ stage }) => stage));
  expect(stages).toEqual(["connect", "helo", "mail", "rcpt", "preq", "postq", "delivery"]);
});

test("each directive is told with its status, and a reply that a rule gives", () => {
  const site = siteWith(`#{
    connect: [ action "look" || 1, rule "greet" || state::accept("220 hello"), rule "never" || state::next() ],
  }`);
  const [connect] = told(site).commands;
  expect(connect).toMatchObject({
    reply: ["220 hello"],
    stages: [
      {
        status: "accept",
        events: [
          { kind: "directive", type: "action", name: "look", status: "next" },
          { kind: "directive", type: "rule", name: "greet", status: "accept" },
        ],
      },
    ],
  });
});

test("rules see the client, its name and the sender that are given", () => {
  const site = siteWith(`#{
    mail: [ rule "who" || state::reject(code(450, \`\${ctx::client_ip()} \${ctx::helo()} \${ctx::mail_from()}\`)) ],
  }`);
  const { commands } = told(
    site,
    "--client-ip",
    "192.0.2.7",
    "--helo",
    "[192.0.2.7]",
    "--from",
    "<x@example.net>",
    "--rcpt",
    "b@example.com",
  );
  expect(commands.at(-1)?.reply).toEqual(["450 192.0.2.7 192.0.2.7 x@example.net"]);
});

test("a refused mail ends with 1", () => {
  const site = siteWith(`#{ preq: [ rule "no" || state::reject("550 5.7.1 no") ] }`);
  const { stdout, status } = run(site);
  expect(status).toBe(1);
  expect(stdout).toContain('rule "no": reject\n  ! 550 5.7.1 no\n');
  expect(stdout).toContain("would be refused");
});

test("a deny ends the session at once", () => {
  const { commands, accepted } = told(siteWith(`#{ helo: [ rule "no" || state::deny() ] }`));
  expect(accepted).toBe(false);
  expect(commands.map(({ command }) => command)).toEqual(["connect from 127.0.0.1", "EHLO localhost"]);
});

test("one recipient that is refused leaves the others", () => {
  const site = siteWith(`#{
    rcpt: [ rule "only b" || if ctx::rcpt().local_part is "b" { state::next() } else { state::reject() } ],
  }`);
  const { commands, mails, status } = told(site, "--rcpt", "c@example.com", "d@example.com");
  expect(status).toBe(0);
  expect(commands.map(({ passed }) => passed)).toEqual([true, true, true, true, false, false, true, true]);
  expect(mails[0]?.recipients).toEqual([{ address: "b@example.com", transport: { kind: "deliver" } }]);
});

test("the final mail is told with envelope, transports and headers", () => {
  const site = siteWith(`#{
    rcpt: [ action "box" || transport::maildir(ctx::rcpt()) ],
    preq: [ action "change" || { msg::set_header("Subject", "new"); envelop::add_rcpt("c@example.net"); envelop::rw_mail_from("z@example.org"); } ],
    postq: [ action "late" || msg::prepend_header("X-Late", "yes") ],
  }`);
  expect(told(site).mails).toEqual([
    {
      id: expect.any(String),
      from: "z@example.org",
      recipients: [
        { address: "b@example.com", transport: { kind: "maildir" } },
        { address: "c@example.net", transport: { kind: "deliver" } },
      ],
      headers: ["X-Late: yes", "From: A <a@example.org>", "To: b@example.com", "Subject: new"],
      bytes: expect.any(Number),
      outcome: "delivery",
    },
  ]);
});

test("what nobody changed has the bytes of the mail, with the line ends of SMTP", () => {
  expect(told(siteWith("#{}")).mails[0]?.headers).toContain("Subject: folded\r\n line");
});

test("a mail without sender is told as such", () => {
  const { commands, mails } = told(siteWith("#{}"), "--from", "<>", "--rcpt", "b@example.com");
  expect(commands[2]?.command).toBe("MAIL FROM:<>");
  expect(mails[0]?.from).toBe("");
});

test("a quarantined mail goes no further", () => {
  const { mails, status } = told(siteWith(`#{ mail: [ rule "q" || state::quarantine("bad/mails") ] }`));
  expect(status).toBe(0);
  expect(mails.map(({ outcome }) => outcome)).toEqual(["quarantine bad/mails"]);
});

test("a mail that postq refuses is refused", () => {
  const { mails, status } = told(siteWith(`#{ postq: [ rule "no" || state::deny() ] }`));
  expect(status).toBe(1);
  expect(mails.map(({ outcome }) => outcome)).toEqual(["refused"]);
});

test("a rule that fails is told with file and line, and the mail is refused for now", () => {
  const site = siteWith(`#{\n  mail: [\n    rule "broken" || { 1 / 0; state::next() },\n  ],\n}`);
  const { stdout, status } = run(site);
  expect(status).toBe(1);
  expect(stdout).toContain(`(${site.path("filter.vsl")}:3)`);
  expect(stdout).toContain("! 451 ");
});

test("what rules log is told where they log it", () => {
  const site = siteWith(`#{ mail: [ action "tell" || log("debug", "seen") ] }`);
  expect(told(site).commands[2]?.stages[0]?.events[0]).toMatchObject({
    kind: "log",
    area: "app",
    level: "debug",
    text: "seen",
  });
});

test("plugins are loaded, and their calls are told", () => {
  const plugin = compile(
    `#include <vsmtp/plugin.h>
VSMTP_PLUGIN("sums")
VSMTP_FUNCTION(int64_t, sums_add, (int64_t a, int64_t b), VSMTP_QUICK VSMTP_NAME("add")) { return a + b; }`,
    { name: "libvsmtp-plugin-sums-1.0.0.so" },
  );
  const site = siteWith(
    `import "plugins/vsmtp-plugin-sums" as sums;
#{ rcpt: [ rule "count" || if sums::add(1, 2) == 3 { state::next() } else { state::deny() } ] }`,
    { plugins: [plugin] },
  );
  expect(run(site).stdout).toContain("sums: add(1, 2) = 3\n");
});

test("a mail for an own domain is split, and each part is told with its rules", () => {
  const site = siteWith("#{}", {
    config: `config.app.vsl.domain_dir = "domains";`,
    files: {
      "domains/example.org/outgoing.vsl": `#{ preq: [ action "out" || msg::append_header("X-Out", "1") ] }`,
      "domains/example.org/internal.vsl": `#{ preq: [ action "in" || msg::append_header("X-In", "1") ] }`,
    },
  });
  const { mails, commands } = told(site, "--rcpt", "c@example.org");
  expect(mails.map(({ recipients, headers }) => [recipients, headers.at(-1)])).toEqual([
    [[expect.objectContaining({ address: "c@example.org" })], "X-In: 1"],
    [[expect.objectContaining({ address: "b@example.com" })], "X-Out: 1"],
  ]);
  const data = commands.find(({ command }) => command === "DATA");
  expect(data?.stages.map(({ rules }) => rules)).toEqual(["internal example.org", "outgoing example.org"]);
});

test("nothing is put into the spool, and nothing delivered", () => {
  const site = siteWith(`#{ rcpt: [ action "box" || transport::maildir_all() ] }`);
  expect(run(site).status).toBe(0);
  expect(site.spooled()).toEqual([]);
  expect(site.everyMail()).toEqual([]);
});

test("scripts that are wrong are told, all of them", () => {
  const site = siteWith(`#{\n  connect: [ rule "a" || no_such(1) ],\n  mail: [ rule "b" || nor_this() ],\n}`);
  const { status, stderr } = run(site);
  expect(status).toBe(1);
  expect(stderr).toContain("filter.vsl:2:");
  expect(stderr).toContain("filter.vsl:3:");
});

test("the sender and a recipient must be given, and the address of the client must be one", () => {
  const site = siteWith("#{}");
  expect(vsmtp(["rules", "run", "-c", site.config, "--from", "a@b.c"]).stderr).toContain("--rcpt");
  expect(vsmtp(["rules", "run", "-c", site.config, "--rcpt", "a@b.c"]).stderr).toContain("--from");
  expect(run(site, "--client-ip", "here").stderr).toContain("IPv4 or IPv6");
});
