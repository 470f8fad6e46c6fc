/** When plugins are taken out of service and mails are held, and until when. */

import { existsSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { CrashRecord } from "../../src/observe/index.ts";
import type { ServiceState } from "../../src/plugin/index.ts";
import { Quarantine } from "../../src/server/incidents/quarantine.ts";
import { newFolder } from "../fixtures/compile.ts";
import { keptLog, POLICY } from "./crash-scene.ts";

const START = Date.parse("2026-01-02T03:00:00Z");

function crash(minute: number, more: Partial<CrashRecord> = {}): CrashRecord {
  const time = new Date(START + minute * 60_000).toISOString();
  const how = { kind: "signal", signal: "SIGSEGV", plugin: "bad", function: "bad_f", buildId: "aa" } as const;
  return { time, pid: 1, process: "smtp 1", ...how, backtrace: [], inFlight: [], lastCalled: [], ...more };
}

function mail(fingerprint: string, more: Partial<CrashRecord> = {}): Partial<CrashRecord> {
  return { situation: { mail: `id of ${fingerprint}`, fingerprint }, ...more };
}

function open(directory = newFolder()) {
  const { log, lines } = keptLog();
  return { directory, lines, quarantine: Quarantine.open({ directory, policy: POLICY, log }) };
}

function state(more: Partial<ServiceState> = {}): ServiceState {
  return { name: "bad", file: "/p/bad.so", sha256: "s1", buildId: "aa", release: "1", state: "ready", ...more };
}

describe("A plugin", () => {
  it("is quarantined with a reason after as many crashes as the policy says.", () => {
    const { quarantine, lines } = open();
    expect(quarantine.after(crash(0)).plugin).toBeUndefined();
    expect(quarantine.after(crash(1)).plugin).toBeUndefined();
    const reason = "3 crashes within 10m, the last by SIGSEGV in bad_f";
    expect(quarantine.after(crash(2)).plugin).toEqual({ name: "bad", reason });
    expect(quarantine.entries.get("bad")).toMatchObject({ reason, since: crash(2).time, buildId: "aa" });
    expect(lines).toMatchObject([{ level: "error", fields: { plugin: "bad", reason } }]);
  });

  it("may have a name that every object has.", () => {
    const { quarantine } = open();
    const plugin = "constructor";
    expect(quarantine.lost(plugin, "f")).toBeUndefined();
    for (const minute of [0, 1]) quarantine.after(crash(minute, { plugin, ...mail(plugin) }));
    expect(quarantine.after(crash(2, { plugin })).plugin?.name).toBe(plugin);
    expect(quarantine.heldMails).toEqual(new Set([plugin]));
    expect(quarantine.release(plugin, true)).toMatchObject({ plugin: true, fingerprints: [plugin] });
  });

  it("is told once, however often it crashes after that.", () => {
    const { quarantine } = open();
    for (const minute of [0, 1, 2]) quarantine.after(crash(minute));
    expect(quarantine.after(crash(3)).plugin).toBeUndefined();
  });

  it("stays when its crashes are far apart.", () => {
    const { quarantine } = open();
    for (const minute of [0, 9, 18, 27]) expect(quarantine.after(crash(minute)).plugin).toBeUndefined();
  });

  it("does not pay for others, nor for ends that nobody is to blame for.", () => {
    const { quarantine } = open();
    const others = [{ plugin: "other" }, { plugin: undefined }, { sender: 9 }, { signal: "SIGKILL" }];
    for (const minute of [0, 1]) quarantine.after(crash(minute));
    for (const more of others) expect(quarantine.after(crash(2, more)).plugin).toBeUndefined();
    expect(quarantine.after(crash(3)).plugin?.name).toBe("bad");
  });

  it("is still quarantined, and still counted, in the next host.", () => {
    const first = open();
    for (const minute of [0, 1]) first.quarantine.after(crash(minute));
    const second = open(first.directory);
    expect(second.quarantine.after(crash(2)).plugin?.name).toBe("bad");
    expect([...open(first.directory).quarantine.forPlugins([state()]).keys()]).toEqual(["bad"]);
  });

  it("comes back when the build-id of its file changes, and counts anew.", () => {
    const { quarantine, lines } = open();
    for (const minute of [0, 1, 2]) quarantine.after(crash(minute));
    expect(quarantine.forPlugins([state({ sha256: "s2" })]).has("bad")).toBe(true);
    expect(quarantine.forPlugins([state({ buildId: "bb" })]).has("bad")).toBe(false);
    quarantine.settle([state({ buildId: "bb" })]);
    expect(quarantine.entries.size).toBe(0);
    expect(lines.at(-1)).toMatchObject({ level: "info", fields: { plugin: "bad" } });
    expect(quarantine.after(crash(3, { buildId: "bb" })).plugin).toBeUndefined();
  });

  it("without a build-id comes back when its bytes change.", () => {
    const { quarantine } = open();
    const record = { buildId: undefined, sha256: "s1" };
    for (const minute of [0, 1, 2]) quarantine.after(crash(minute, record));
    expect(quarantine.forPlugins([state({ buildId: undefined })]).has("bad")).toBe(true);
    expect(quarantine.forPlugins([state({ buildId: undefined, sha256: "s2" })]).has("bad")).toBe(false);
  });

  it("stays quarantined when a generation with another file does not come about.", () => {
    const { quarantine } = open();
    for (const minute of [0, 1, 2]) quarantine.after(crash(minute));
    quarantine.forPlugins([state({ buildId: "bb" })]);
    expect(quarantine.forPlugins([state()]).has("bad")).toBe(true);
  });

  it("stays quarantined while its file is away.", () => {
    const { quarantine } = open();
    for (const minute of [0, 1, 2]) quarantine.after(crash(minute));
    expect(quarantine.forPlugins([]).has("bad")).toBe(true);
  });

  it("is released by an admin, and counts anew.", () => {
    const { quarantine, directory } = open();
    for (const minute of [0, 1, 2]) quarantine.after(crash(minute));
    expect(quarantine.release("bad", false)).toEqual({ plugin: true, fingerprints: [], held: 0 });
    expect(quarantine.release("bad", false)).toEqual({ plugin: false, fingerprints: [], held: 0 });
    expect(open(directory).quarantine.entries.size).toBe(0);
    expect(quarantine.after(crash(3)).plugin).toBeUndefined();
  });

  it("is quarantined when its calls do not come back, counted from the last start or reload.", () => {
    const { quarantine } = open();
    quarantine.settle([state()]);
    expect(quarantine.lost("bad", "query")).toBeUndefined();
    quarantine.settle([state()]);
    expect(quarantine.lost("bad", "query")).toBeUndefined();
    const reason = "2 calls did not come back in time, the last to query";
    expect(quarantine.lost("bad", "query")).toEqual({ name: "bad", reason });
    expect(quarantine.entries.get("bad")).toMatchObject({ file: "/p/bad.so", buildId: "aa" });
  });
});

describe("A mail", () => {
  it("is held when it was under way at as many crashes as the policy says.", () => {
    const { quarantine, lines } = open();
    expect(quarantine.after(crash(0, mail("f1"))).held).toEqual([]);
    expect(quarantine.after(crash(1, mail("f2"))).held).toEqual([]);
    expect(quarantine.after(crash(2, mail("f1"))).held).toEqual(["f1"]);
    expect([...quarantine.heldMails]).toEqual(["f1"]);
    expect(lines[0]).toMatchObject({
      level: "error",
      fields: { mail: "id of f1", fingerprint: "f1", plugins: ["bad"] },
    });
  });

  it("on another thread does not count when it is known which one faulted.", () => {
    const { quarantine } = open();
    const inFlight = [{ plugin: "good", function: "g", tid: 9, situation: { fingerprint: "innocent" } }];
    for (const minute of [0, 1]) quarantine.after(crash(minute, { ...mail("f1"), inFlight }));
    expect([...quarantine.heldMails]).toEqual(["f1"]);
  });

  it("counts on any thread when it is not known which one faulted.", () => {
    const { quarantine } = open();
    const inFlight = ["f1", "f2"].map((fingerprint, tid) => ({
      ...{ plugin: "good", function: "g", tid },
      situation: { fingerprint },
    }));
    for (const minute of [0, 1]) quarantine.after(crash(minute, { plugin: undefined, inFlight }));
    expect([...quarantine.heldMails].sort()).toEqual(["f1", "f2"]);
  });

  it("is not held because somebody ends processes from outside.", () => {
    const { quarantine } = open();
    for (const minute of [0, 1, 2]) quarantine.after(crash(minute, { ...mail("f1"), signal: "SIGKILL" }));
    expect(quarantine.heldMails.size).toBe(0);
  });

  it("stays held in the next host, and when the plugin alone is released.", () => {
    const first = open();
    for (const minute of [0, 1]) first.quarantine.after(crash(minute, mail("f1")));
    const { quarantine } = open(first.directory);
    quarantine.release("bad", false);
    expect([...quarantine.heldMails]).toEqual(["f1"]);
  });

  it("is released with the plugin that crashed, and with no other.", () => {
    const { quarantine } = open();
    for (const minute of [0, 1]) quarantine.after(crash(minute, mail("f1")));
    expect(quarantine.release("other", true)).toMatchObject({ fingerprints: [], held: 0 });
    expect(quarantine.release("bad", false)).toMatchObject({ fingerprints: [], held: 1 });
    expect(quarantine.release("bad", true).fingerprints).toEqual(["f1"]);
    expect(quarantine.heldMails.size).toBe(0);
    expect(quarantine.after(crash(2, mail("f1"))).held).toEqual([]);
  });

  it("that no crash followed for a week is forgotten, unless it is held.", () => {
    const { quarantine } = open();
    quarantine.after(crash(0, mail("once")));
    for (const minute of [0, 1]) quarantine.after(crash(minute, mail("held")));
    const later = 8 * 24 * 60;
    expect(quarantine.after(crash(later, mail("once"))).held).toEqual([]);
    expect([...quarantine.heldMails]).toEqual(["held"]);
  });
});

describe("What is remembered", () => {
  it("is for nobody else to read.", () => {
    const { quarantine, directory } = open();
    quarantine.after(crash(0));
    expect(statSync(join(directory, "plugins.json")).mode & 0o077).toBe(0);
  });

  it("begins anew when its file is damaged, which is set aside.", () => {
    const directory = newFolder();
    writeFileSync(join(directory, "plugins.json"), '{"version": 1, "plugins": [');
    const { quarantine, lines } = open(directory);
    expect(quarantine.entries.size).toBe(0);
    expect(lines).toMatchObject([{ level: "error", fields: { code: "STATE_READ" } }]);
    expect(existsSync(join(directory, "plugins.json.damaged"))).toBe(true);
  });

  it("is known until the end of the host when it cannot be written.", () => {
    const directory = join(newFolder(), "state");
    writeFileSync(directory, "a file where a directory is to be");
    const { quarantine, lines } = open(directory);
    for (const minute of [0, 1, 2]) quarantine.after(crash(minute));
    expect(quarantine.entries.has("bad")).toBe(true);
    expect(lines.filter(({ fields }) => fields.code === "STATE_WRITE").length).toBeGreaterThan(0);
  });
});
