/** What a host learns from crashes, hangs and stalls of a plugin, and what an admin sees of it and can do. */

import { readdirSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { type LogLine, until } from "../fixtures/host.ts";
import { mailFor, PoisonedHost } from "./poison.ts";

let poisoned: PoisonedHost;

afterEach(() => poisoned.stop());

/** A policy under which a plugin stays in service, or a mail is never held. */
const POLICY = {
  holdsMails: "config.app.plugins.quarantine.crashes = 1000; config.app.plugins.quarantine.mail_crashes = 2;",
  quarantines: "config.app.plugins.quarantine.crashes = 2; config.app.plugins.quarantine.mail_crashes = 1000;",
};

const isDead = ({ worker, plugin }: LogLine) => worker === "smtp 1" && plugin === "poison";

describe.each(["quick", "slow"] as const)("A crash of a %s function", (fn) => {
  it("leaves a record that names function, place, file, mail and directive, in the log and for `plugin crashes`.", async () => {
    poisoned = await PoisonedHost.start(POLICY.holdsMails);
    expect(await poisoned.send(mailFor(fn, "crash"))).toBeUndefined();
    const line = await poisoned.host.logged(isDead);
    expect(line).toMatchObject({
      level: "error",
      function: "swallow",
      call: fn,
      directive: `${fn} one`,
      stage: "preq",
    });
    const { crashes } = poisoned.pluginJson("crashes");
    expect(crashes).toMatchObject([
      {
        ...{ process: "smtp 1", kind: "signal", signal: "SIGSEGV", address: "0x0" },
        ...{
          plugin: "poison",
          call: { plugin: "poison", function: fn },
          function: "swallow",
          by: "place",
          offset: line.offset,
          buildId: line.buildId,
        },
        situation: { mail: line.mail, stage: "preq", directive: `${fn} one` },
        inFlight: [{ plugin: "poison", function: fn }],
      },
    ]);
    expect(crashes[0].file).toMatch(/plugins\/libvsmtp-plugin-poison-1\.0\.0\.so$/);
    expect(readdirSync(poisoned.site.path("spool/state/crashes"))).toHaveLength(1);
    const { stdout } = poisoned.plugin("crashes", "poison", "-n", "1");
    for (const part of ["the plugin poison", "the function swallow", String(line.mail), "what to do", "addr2line"]) {
      expect(stdout).toContain(part);
    }
  });
});

it("A plugin that calls exit() is named like one that crashes.", async () => {
  poisoned = await PoisonedHost.start(POLICY.holdsMails);
  expect(await poisoned.send(mailFor("quick", "leave"))).toBeUndefined();
  expect(await poisoned.host.logged(isDead)).toMatchObject({ call: "quick", function: "swallow" });
  expect(poisoned.pluginJson("crashes").crashes).toMatchObject([{ kind: "exit", status: 0, plugin: "poison" }]);
});

describe("A mail that was under way at several crashes", () => {
  it("is accepted and held the next time it comes, and others go their way.", async () => {
    poisoned = await PoisonedHost.start(POLICY.holdsMails);
    for (const _ of [1, 2]) expect(await poisoned.send(mailFor("quick", "crash"))).toBeUndefined();
    expect(await poisoned.send(mailFor("quick", "crash"))).toMatchObject({ code: 250 });
    expect(await poisoned.send(mailFor("quick", "nothing"))).toMatchObject({ code: 250 });
    await until(() => poisoned.delivered.length === 1);
    expect(poisoned.delivered).toEqual(["quick nothing"]);
    expect(poisoned.site.quarantined("held")).toHaveLength(1);
  });

  it("goes its way, once, when it is released after the plugin was mended.", async () => {
    poisoned = await PoisonedHost.start(POLICY.holdsMails);
    for (const _ of [1, 2, 3]) await poisoned.send(mailFor("quick", "crash"));
    poisoned.heal();
    expect(poisoned.plugin("release", "poison")).toMatchObject({ status: 1, stderr: /RELEASE_MAILS/ });
    expect(poisoned.pluginJson("release", "poison", "--mails")).toEqual({ ok: true, plugin: false, mails: 1, held: 0 });
    await until(() => poisoned.delivered.length === 1 && poisoned.site.spooled().length === 0);
    expect(poisoned.site.quarantined("held")).toEqual([]);
    expect(poisoned.plugin("release", "poison", "--mails")).toMatchObject({ status: 1, stderr: /RELEASE_NOTHING/ });
  });
});

describe("A plugin that crashed several times", () => {
  it("is out of service with the reason, while the host and other mails go on.", async () => {
    poisoned = await PoisonedHost.start(POLICY.quarantines);
    for (const n of [1, 2]) expect(await poisoned.send(mailFor("slow", "crash", `${n}`))).toBeUndefined();
    expect(await poisoned.send(mailFor("slow", "nothing"))).toMatchObject({ code: 451 });
    expect(await poisoned.send("Subject: another\r\n\r\n")).toMatchObject({ code: 250 });
    const line = await poisoned.host.logged(({ area, level }) => area === "rules" && level === "error");
    expect(line).toMatchObject({ directive: "slow one", msg: expect.stringContaining("2 crashes within 10m") });
  });

  it("is back in service when it is released.", async () => {
    poisoned = await PoisonedHost.start(POLICY.quarantines);
    for (const n of [1, 2]) await poisoned.send(mailFor("quick", "crash", `${n}`));
    expect(poisoned.pluginJson("release", "poison")).toEqual({ ok: true, plugin: true, mails: 0, held: 0 });
    expect(await poisoned.send(mailFor("quick", "nothing"))).toMatchObject({ code: 250 });
  });

  it("is back in service when its file is another one, and not before the reload.", async () => {
    poisoned = await PoisonedHost.start(POLICY.quarantines);
    for (const n of [1, 2]) await poisoned.send(mailFor("quick", "crash", `${n}`));
    poisoned.replacePlugin("1.1");
    expect(await poisoned.send(mailFor("quick", "nothing"))).toMatchObject({ code: 451 });
    expect(poisoned.reload()).toMatchObject({ status: 0 });
    expect(await poisoned.send(mailFor("quick", "nothing"))).toMatchObject({ code: 250 });
  });

  it("is out of service in the next host too, until it is released without one.", async () => {
    poisoned = await PoisonedHost.start(POLICY.quarantines);
    for (const n of [1, 2]) await poisoned.send(mailFor("quick", "crash", `${n}`));
    await poisoned.restart();
    expect(await poisoned.send(mailFor("quick", "nothing"))).toMatchObject({ code: 451 });
    await poisoned.host.stop();
    expect(poisoned.pluginJson("crashes").crashes).toHaveLength(2);
    expect(poisoned.pluginJson("release", "poison")).toMatchObject({ ok: true, plugin: true });
    await poisoned.restart();
    expect(await poisoned.send(mailFor("quick", "nothing"))).toMatchObject({ code: 250 });
  });
});

it("A quick function that holds the event loop is named while it does, with the mail and the directive.", async () => {
  poisoned = await PoisonedHost.start(`config.app.plugins.stall = "100ms";`);
  const reply = poisoned.send(mailFor("quick", "hold"));
  const line = await poisoned.host.logged(({ plugin, level }) => plugin === "poison" && level === "warn");
  expect(line).toMatchObject({ worker: "smtp 1", function: "quick", directive: "quick one", stage: "preq" });
  expect(line.mail).toBeDefined();
  poisoned.heal();
  expect(await reply).toMatchObject({ code: 250 });
});

it("A quick function that passes its deadline costs its process, and is named.", async () => {
  poisoned = await PoisonedHost.start(
    `config.app.plugins.stall = "100ms"; config.app.plugins.named.poison = #{ deadline: "400ms" };`,
  );
  expect(await poisoned.send(mailFor("quick", "hold"))).toBeUndefined();
  poisoned.heal();
  expect(await poisoned.send(mailFor("quick", "hold"))).toMatchObject({ code: 250 });
  expect(poisoned.pluginJson("crashes").crashes).toMatchObject([
    { kind: "hung", plugin: "poison", situation: { directive: "quick one" } },
  ]);
});

it("The metrics of the host count calls, crashes and restarts, over all its processes.", async () => {
  poisoned = await PoisonedHost.start(
    `${POLICY.holdsMails} config.server.metrics = #{ addr: "127.0.0.1:0" }; config.server.system.thread_pool.receiver = 2;`,
  );
  for (let n = 0; n < 4; n++) await poisoned.send(mailFor("slow", "nothing", `${n}`));
  await poisoned.send(mailFor("quick", "crash"));
  await poisoned.host.logged(({ plugin, level }) => plugin === "poison" && level === "error");
  await poisoned.send(mailFor("slow", "nothing"));
  const text = await poisoned.metrics();
  expect(text).toContain('vsmtp_plugin_crashes_total{plugin="poison"} 1');
  expect(text).toContain('vsmtp_process_restarts_total{kind="smtp"} 1');
  expect(text).toMatch(/vsmtp_plugin_calls_total\{plugin="poison",function="slow"\} [1-5]/);
  expect(text).toContain('vsmtp_plugin_quarantined{plugin="poison"} 0');
});
