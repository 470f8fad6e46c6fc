/** What a record says of a process that ended, from what it left in its marker. */

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { HeldPlugin } from "../../src/plugin/index.ts";
import { admitFile } from "../../src/plugin/index.ts";
import { Crashes, recordOf } from "../../src/server/incidents/crashes.ts";
import { compile, minimal, newFolder } from "../fixtures/compile.ts";
import { deathOf, keptLog } from "./crash-scene.ts";

const SITUATION = { mail: "m1", fingerprint: "f1", stage: "preq", directive: "check it" };

/** As the handler writes it of a fault in a plugin's code. */
const PLACE = [
  "kind=signal",
  "signal=SIGSEGV",
  "tid=7",
  "address=0x0",
  "plugin=bad",
  "function=bad_strlen",
  "offset=0x11d7",
  "file=/plugins/libvsmtp-plugin-bad-1.0.0.so",
  "build-id=aabb",
  "by=place",
  "frame=libvsmtp-plugin-bad-1.0.0.so+0x11d7 (bad_strlen+0xf)",
];

function heldPlugin(): HeldPlugin {
  const file = compile(minimal, { flags: ["-Wl,--build-id"] });
  const verdict = admitFile(file);
  if (verdict.kind !== "admitted") throw new Error("the plugin was to be admitted");
  const { realFile, bytes, sha256 } = verdict;
  return { file, realFile, origin: "directory", aliases: [], descriptor: undefined, bytes, sha256, verdict };
}

describe("A record", () => {
  it("of an isolated process accuses no other plugin, whatever that process has written down.", () => {
    const role = { kind: "isolated", plugin: "sly" } as const;
    const calls: [string, string] = ["bad", "strlen"];
    const threads = [{ tid: 7, call: calls, situation: SITUATION }];
    const lies = [{ text: PLACE, threads }, { text: ["kind=signal", "tid=7"], threads }, { threads }];
    const records = lies.map((lie) => recordOf(deathOf({ ...lie, death: { role } })));
    expect(records.map(({ plugin }) => plugin)).toEqual(["sly", "sly", "sly"]);
    expect(records.map(({ file }) => file)).toEqual([undefined, undefined, undefined]);
  });

  it("takes place, file and build from the crash handler, and the mail from the thread that faulted.", () => {
    const record = recordOf(
      deathOf({ threads: [{ tid: 7, call: ["bad", "strlen"], situation: SITUATION }], text: PLACE }),
    );
    expect(record).toMatchObject({
      process: "smtp 1",
      pid: 4711,
      call: { plugin: "bad", function: "strlen" },
      kind: "signal",
      signal: "SIGSEGV",
      address: "0x0",
      plugin: "bad",
      function: "bad_strlen",
      offset: "0x11d7",
      file: "/plugins/libvsmtp-plugin-bad-1.0.0.so",
      buildId: "aabb",
      by: "place",
      situation: SITUATION,
      backtrace: ["libvsmtp-plugin-bad-1.0.0.so+0x11d7 (bad_strlen+0xf)"],
      inFlight: [{ plugin: "bad", function: "strlen", tid: 7, situation: SITUATION }],
    });
  });

  it("accuses the function that the faulting thread was in when the place is nobody's.", () => {
    const threads = [
      { tid: 7, call: ["quick", "look"] as const },
      { tid: 0 },
      { tid: 9, call: ["slow", "query"] as const, situation: SITUATION },
    ];
    const record = recordOf(deathOf({ threads, text: ["kind=signal", "signal=SIGABRT", "tid=9"] }));
    expect(record).toMatchObject({ plugin: "slow", function: "query", by: "marker", situation: SITUATION });
  });

  it("accuses the only plugin in flight when the process could write nothing down.", () => {
    const record = recordOf(deathOf({ threads: [{ tid: 7, call: ["bad", "overflow"] }] }));
    expect(record).toMatchObject({ plugin: "bad", function: "overflow", by: "marker" });
  });

  it("accuses nobody when several plugins were in flight and nothing tells them apart.", () => {
    const threads = [{ tid: 7, call: ["one", "f"] as const }, { tid: 0 }, { tid: 9, call: ["other", "g"] as const }];
    const record = recordOf(deathOf({ threads }));
    expect(record.plugin).toBeUndefined();
    expect(record.inFlight.map(({ plugin }) => plugin)).toEqual(["one", "other"]);
  });

  it("names the plugins that were called last when the fault is in nobody's code.", () => {
    const called = [
      ["early", "f"],
      ["damager", "write"],
      ["harmless", "g"],
    ] as const;
    const record = recordOf(deathOf({ called, threads: [{ tid: 7 }], text: ["kind=signal", "tid=7"] }));
    expect(record.plugin).toBeUndefined();
    expect(record.lastCalled.map(({ plugin }) => plugin)).toEqual(["harmless", "damager", "early"]);
  });

  it("says nothing of a mail for a thread that is in no call: what it worked for is over.", () => {
    const record = recordOf(
      deathOf({ threads: [{ tid: 7, situation: SITUATION }], text: ["kind=signal", "signal=SIGSEGV", "tid=7"] }),
    );
    expect(record.situation).toBeUndefined();
  });

  it("names mail and user of the storage's thread, where functions are not known.", () => {
    const situation = { mail: "m2", user: "jane", stage: "deliver" };
    const record = recordOf(
      deathOf({
        threads: [{ tid: 1 }, { tid: 8, situation }],
        text: PLACE.map((line) => line.replace("tid=7", "tid=8")),
        death: { role: { kind: "storage", number: 2 } },
      }),
    );
    expect(record).toMatchObject({ process: "storage 2", plugin: "bad", situation });
  });

  it("accuses nobody of a signal that another process sent.", () => {
    const record = recordOf(deathOf({ threads: [{ tid: 7, call: ["bad", "f"] }], text: [...PLACE, "sender=4242"] }));
    expect(record).toMatchObject({ sender: 4242 });
    expect(record.plugin).toBeUndefined();
  });

  it("of a process that was ended because it hung says in which call.", () => {
    const death = { hung: true, signal: "SIGABRT" as const };
    const threads = [{ tid: 7, call: ["bad", "spin"] as const, situation: SITUATION }];
    const record = recordOf(deathOf({ threads, death, text: ["kind=signal", "signal=SIGABRT", "tid=7", "sender=1"] }));
    expect(record).toMatchObject({ kind: "hung", plugin: "bad", function: "spin", situation: SITUATION });
  });

  it("of an exit names the status and who called it.", () => {
    const record = recordOf(
      deathOf({
        threads: [{ tid: 7, call: ["bad", "leave"] }],
        death: { status: 3, signal: undefined },
        text: ["kind=exit", "status=3", "tid=7"],
      }),
    );
    expect(record).toMatchObject({ kind: "exit", status: 3, plugin: "bad", function: "leave" });
    expect(record.signal).toBeUndefined();
  });

  it("adds file, build-id and digest of the plugin where only the marker knows it.", () => {
    const held = heldPlugin();
    const record = recordOf(deathOf({ threads: [{ tid: 7, call: ["probe", "answer"] }], death: { plugins: [held] } }));
    const buildId = held.verdict.kind === "admitted" ? held.verdict.buildId : undefined;
    expect(buildId).toMatch(/^[0-9a-f]+$/);
    expect(record).toMatchObject({ plugin: "probe", file: held.file, sha256: held.sha256, buildId });
  });

  it("is read from a marker full of nonsense without a failure.", () => {
    const death = deathOf({});
    new Uint8Array(death.marker).fill(0xa5);
    expect(recordOf(death)).toMatchObject({ kind: "signal", signal: "SIGSEGV" });
  });
});

describe("Crashes", () => {
  it("keeps each record in a file, for the next host too.", () => {
    const directory = newFolder();
    const record = new Crashes({ directory, log: keptLog().log }).record(deathOf({ text: PLACE }));
    const [file = ""] = readdirSync(join(directory, "crashes"));
    expect(JSON.parse(readFileSync(join(directory, "crashes", file), "utf8"))).toEqual(record);
    expect(new Crashes({ directory, log: keptLog().log }).recent()).toEqual([record]);
  });

  it("says in the log who did what where, for which mail, in fields and in words.", () => {
    const { log, lines } = keptLog();
    const threads = [{ tid: 7, call: ["bad", "strlen"] as const, situation: SITUATION }];
    new Crashes({ directory: newFolder(), log }).record(deathOf({ threads, text: PLACE }));
    expect(lines).toMatchObject([
      {
        level: "error",
        text: 'smtp 1 ended by SIGSEGV in bad_strlen, called as strlen, of libvsmtp-plugin-bad-1.0.0.so+0x11d7, mail m1 at preq in "check it": a fault of the plugin bad; see `vsmtp plugin crashes bad`',
        fields: {
          worker: "smtp 1",
          plugin: "bad",
          call: "strlen",
          function: "bad_strlen",
          mail: "m1",
          directive: "check it",
        },
      },
    ]);
  });

  it("makes no record of a process that somebody killed while no plugin was at work.", () => {
    const { log, lines } = keptLog();
    const directory = newFolder();
    const record = new Crashes({ directory, log }).record(deathOf({ death: { signal: "SIGKILL" } }));
    expect(record).toBeUndefined();
    expect(lines).toMatchObject([{ level: "warn", text: "smtp 1 ended by SIGKILL; no plugin was at work in it" }]);
  });

  it("keeps what was under way when somebody killed a process, and counts it against nobody.", () => {
    const crashes = new Crashes({ directory: newFolder(), log: keptLog().log });
    const threads = [{ tid: 7, call: ["hungry", "eat"] as const }];
    const record = crashes.record(deathOf({ threads, death: { signal: "SIGKILL" } }));
    expect(record).toMatchObject({ signal: "SIGKILL", inFlight: [{ plugin: "hungry", function: "eat" }] });
    expect(record?.plugin).toBeUndefined();
    expect(crashes.counts).toEqual({});
  });

  it("makes no record of a fault in a process that never called a plugin.", () => {
    const { log, lines } = keptLog();
    const death = { status: 1, signal: undefined };
    expect(new Crashes({ directory: newFolder(), log }).record(deathOf({ death }))).toBeUndefined();
    expect(lines).toMatchObject([{ level: "warn", text: "smtp 1 ended with status 1; no plugin was at work in it" }]);
  });

  it("keeps the latest records and removes those before.", () => {
    const directory = newFolder();
    const crashes = new Crashes({ directory, log: keptLog().log, most: 2 });
    for (const pid of [1, 2, 3]) crashes.record(deathOf({ text: PLACE, death: { pid } }));
    expect(crashes.recent().map(({ pid }) => pid)).toEqual([3, 2]);
    expect(readdirSync(join(directory, "crashes"))).toHaveLength(2);
    expect(crashes.counts).toEqual({ bad: 3 });
  });

  it("say since when a build of a plugin crashes, also when the record of that is gone.", () => {
    const crashes = new Crashes({ directory: newFolder(), log: keptLog().log, most: 2 });
    const [first, , third] = [1, 2, 3].map((pid) => crashes.record(deathOf({ text: PLACE, death: { pid } })));
    expect(first?.since).toBe(first?.time);
    expect(third?.since).toBe(first?.time);
    const other = PLACE.map((line) => line.replace("aabb", "ccdd"));
    const replaced = crashes.record(deathOf({ text: other }));
    expect(replaced?.since).toBe(replaced?.time);
  });

  it("tells of a record that cannot be read, and goes on without it.", () => {
    const directory = newFolder();
    new Crashes({ directory, log: keptLog().log }).record(deathOf({ text: PLACE }));
    writeFileSync(join(directory, "crashes", "20200101T000000000Z-1.json"), "{");
    const { log, lines } = keptLog();
    expect(new Crashes({ directory, log }).recent()).toHaveLength(1);
    expect(lines).toMatchObject([{ fields: { code: "STATE_READ" } }]);
  });
});
