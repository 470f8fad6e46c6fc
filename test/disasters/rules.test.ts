/**
 * Rule plugins that do what no plugin should, while mails come in over several connections. Whatever they do, every
 * mail that was answered with 250 is found once and whole, the host goes on, and the culprit is named.
 */

import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Host, until } from "../fixtures/host.ts";
import { Site } from "../fixtures/site.ts";
import { SmtpClient } from "../fixtures/smtp-client.ts";
import { badPlugin, throwerPlugin } from "./compiled.ts";
import { foundMails } from "./found.ts";
import { type Fate, sendLoad } from "./load.ts";

const MAILS = 60;
const CONNECTIONS = 6;
/** Every so many mails one asks for a disaster. */
const EVERY = 15;

const CONFIG = `
  config.server.system.thread_pool.receiver = 2;
  config.app.plugins.quarantine.crashes = 1000;
  config.app.plugins.quarantine.losses = 1000;
  config.app.plugins.quarantine.mail_crashes = 1000;
  config.app.plugins.stall = "200ms";
  config.app.plugins.defaults.deadline = "1s";
`;

/** Calls the plugin once the whole mail is there, for mails of bad@a.example only. */
function filter(plugin: string, call: string): string {
  return `import "plugins/vsmtp-plugin-${plugin}" as bad;
#{
  rcpt: [ rule "to the maildir" || { transport::maildir_all(); state::next() } ],
  preq: [ action "ask the plugin" || { if ctx::mail_from() == "bad@a.example" { ${call}; } } ],
}`;
}

interface Aftermath {
  readonly fates: readonly Fate[];
  readonly records: readonly Record<string, unknown>[];
  readonly host: Host;
}

/** Sends the load through a host whose rules make that call, and looks that nothing is lost and the host still serves. */
async function survive(plugin: string, call: string, look: (aftermath: Aftermath) => unknown): Promise<void> {
  const file = plugin === "thrower" ? throwerPlugin() : badPlugin();
  const site = new Site({ plugins: [file], config: CONFIG, filter: filter(plugin, call) });
  const host = await Host.start(site);
  const fates = await sendLoad({
    port: host.port,
    mails: MAILS,
    connections: CONNECTIONS,
    mail: (number) => {
      const isBad = number % EVERY === EVERY - 1;
      return { from: isBad ? "bad@a.example" : "good@a.example", to: `user${number % 3}@b.example`, once: isBad };
    },
  });
  const good = fates.filter(({ mail }) => mail.from.startsWith("good"));
  expect(good.filter(({ code }) => code !== 250)).toEqual([]);
  const accepted = fates.filter(({ code }) => code === 250).map(({ number }) => number);
  await until(() => site.spooled().length === 0);
  const found = foundMails(site);
  expect(accepted.filter((number) => (found.get(number) ?? 0) === 0)).toEqual([]);
  // One that was answered once was delivered once; after a lost answer its client has sent it again.
  const certain = fates.filter(({ code, tries }) => code === 250 && tries === 1);
  expect(certain.filter(({ number }) => found.get(number) !== 1)).toEqual([]);

  const client = await SmtpClient.open(host.port);
  expect(await client.mail("after@a.example", ["after@b.example"], "Subject: after\r\n\r\nafter")).toMatchObject({
    code: 250,
  });
  await client.quit();
  await until(() => site.mails("after@b.example").length === 1);
  await look({ fates, records: recordsOf(site), host });
  expect(await host.stop()).toBe(0);
  site.remove();
}

function recordsOf(site: Site): Record<string, unknown>[] {
  const directory = site.path("spool/state/crashes");
  try {
    return readdirSync(directory).map((name) => JSON.parse(readFileSync(`${directory}/${name}`, "utf8")));
  } catch {
    return [];
  }
}

const DISASTERS = Math.floor(MAILS / EVERY);

/** Each disaster ended a process, and each has a record that names the function and the mail. */
function everyCrashNamed({ records, fates }: Aftermath, expected: Record<string, unknown>): void {
  expect(records.length).toBe(DISASTERS);
  for (const record of records) {
    expect(record).toMatchObject({ plugin: "bad", ...expected });
    expect(record.situation).toMatchObject({ stage: "preq", directive: "ask the plugin" });
  }
  const bad = fates.filter(({ mail }) => mail.from.startsWith("bad"));
  expect(bad.filter(({ code }) => code === 250)).toEqual([]);
}

const CRASHES = [
  ["null", "SIGSEGV"],
  ["overflow", "SIGSEGV"],
  ["abort", "SIGABRT"],
  ["double-free", "SIGABRT"],
  ["divide", "SIGFPE"],
] as const;

for (const [name, signal] of CRASHES) {
  for (const call of ["quick", "blocking"] as const) {
    test(`${name} in a ${call} function costs its own mails, and names the culprit every time`, async () => {
      await survive("bad", `bad::${call}("${name}")`, (aftermath) =>
        everyCrashNamed(aftermath, { kind: "signal", signal, buildId: expect.any(String) }),
      );
    });
  }
}

for (const call of ["quick", "blocking"] as const) {
  test(`exit() in a ${call} function is a crash like others`, async () => {
    await survive("bad", `bad::${call}("exit")`, (aftermath) =>
      everyCrashNamed(aftermath, { kind: "exit", status: 3 }),
    );
  });
}

test("a text that is no address is a crash of the plugin that returned it", async () => {
  await survive("bad", "bad::text()", (aftermath) => everyCrashNamed(aftermath, { function: "text", by: "marker" }));
});

test("a blocking function that hangs costs its mails 451 and no process", async () => {
  await survive("bad", 'bad::blocking("hang")', ({ fates, records }) => {
    expect(records).toEqual([]);
    const bad = fates.filter(({ mail }) => mail.from.startsWith("bad"));
    expect(bad.map(({ code }) => code)).toEqual(bad.map(() => 451));
  });
});

test("a quick function that spins is named while it does, and ended at its deadline", async () => {
  await survive("bad", 'bad::quick("spin")', async (aftermath) => {
    everyCrashNamed(aftermath, { kind: "hung" });
    const stall = await aftermath.host.logged(
      ({ level, plugin, msg }) => level === "warn" && plugin === "bad" && /hold/.test(msg),
    );
    expect(stall).toMatchObject({ function: expect.stringContaining("quick"), directive: "ask the plugin" });
  });
});

test("a thread of the plugin that crashes later is named", async () => {
  await survive("bad", 'bad::quick("later")', ({ records }) => {
    expect(records.length).toBeGreaterThan(0);
    for (const record of records) expect(record).toMatchObject({ plugin: "bad", signal: "SIGSEGV" });
  });
});

test("damage of the heap that shows later lists the plugins that were called last", async () => {
  await survive("bad", 'bad::blocking("corrupt-heap")', ({ records }) => {
    for (const { lastCalled } of records) {
      expect(lastCalled).toContainEqual({ plugin: "bad", function: expect.stringContaining("blocking") });
    }
  });
});

test("a plugin that closes the files of its process costs the process and not the mails", async () => {
  await survive("bad", 'bad::quick("close")', () => {});
});

test("a function that is only slow is only slow", async () => {
  await survive("bad", 'bad::blocking("sleep")', ({ fates, records }) => {
    expect(records).toEqual([]);
    expect(fates.filter(({ code }) => code !== 250)).toEqual([]);
  });
});

test("a function that leaks, changes the locale or calls back late harms nobody", async () => {
  const calls = 'bad::quick("leak"); bad::quick("locale"); bad::blocking("late-callback")';
  await survive("bad", calls, ({ fates, records }) => {
    expect(records).toEqual([]);
    expect(fates.filter(({ code }) => code !== 250)).toEqual([]);
  });
});

test("an incomplete result is an error of the rule, 451", async () => {
  await survive("bad", "bad::result()", ({ fates, records }) => {
    expect(records).toEqual([]);
    const bad = fates.filter(({ mail }) => mail.from.startsWith("bad"));
    expect(bad.map(({ code }) => code)).toEqual(bad.map(() => 451));
  });
});

for (const call of ["quick", "blocking"] as const) {
  test(`a C++ exception that leaves a ${call} function ends the process, and names the plugin`, async () => {
    await survive("thrower", `bad::${call}("thrown")`, ({ records }) => {
      expect(records.length).toBe(DISASTERS);
      for (const record of records) expect(record).toMatchObject({ plugin: "thrower", signal: "SIGABRT" });
    });
  });
}
