/** Processes that plugins end: what their last record says. */

import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { native } from "../../src/native/index.ts";
import { compilers, includes, nativeFolder, program, sharedLibrary, temporaryFolder } from "./compile.ts";
import { buildId, callPlugin, type End, situation } from "./dying.ts";

let folder = "";
let plugin = "";

beforeAll(() => {
  folder = temporaryFolder("crashes");
  plugin = sharedLibrary(program("crashes.c"), folder, "libvsmtp-plugin-bad-1.0.0.so", ["-fstack-protector-strong"]);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Function, signal, who is named, and how it is known. */
const faults = [
  ["bad_null", "SIGSEGV", "bad_null", "place"],
  ["bad_strlen", "SIGSEGV", "bad_strlen", "stack"],
  ["bad_abort", "SIGABRT", "bad_abort", "stack"],
  ["bad_division", "SIGFPE", "bad_division", "place"],
  ["bad_illegal", "SIGILL", "bad_illegal", "place"],
  ["bad_free", "SIGABRT", "bad_free", "stack"],
  ["bad_jump", "SIGSEGV", "bad_jump", "stack"],
  ["bad_callee", "SIGSEGV", "(static)", "place"],
  ["bad_smash", "SIGABRT", "bad_smash", "stack"],
  ["bad_overflow", "SIGSEGV", "(static)", "place"],
  ["bad_bus", "SIGBUS", "bad_bus", "place"],
] as const;

describe.each(["quick", "blocking"] as const)("a %s call", (how) => {
  it.each(faults)("of %s leaves a record that names it", async (name, signal, named, by) => {
    const end = await callPlugin(plugin, [name], `${how}(${JSON.stringify(name)})`);
    expect([end.status, end.signal]).toEqual([null, signal]);
    expect(end.view.crash()).toMatchObject({
      kind: "signal",
      signal,
      pid: end.pid,
      plugin: "bad",
      function: named,
      offset: expect.stringMatching(/^0x[0-9a-f]+$/),
      file: plugin,
      buildId,
      by,
      situation,
    });
    expect(end.view.inFlight()).toMatchObject([{ plugin: "bad", function: name, situation }]);
    expect(end.view.lastCalled(5)).toEqual([{ plugin: "bad", function: name }]);
  });

  it("that used up its stack is noted as such", async () => {
    const end = await callPlugin(plugin, ["bad_overflow"], `${how}("bad_overflow")`);
    expect(end.view.crash()?.note).toBe("likely a stack overflow");
    expect(end.view.crash()?.backtrace.at(-1)).toMatch(/^\(again \d+ times\)$/);
  });

  it("shows the way to the fault, from libc to the host", async () => {
    const end = await callPlugin(plugin, ["bad_strlen"], `${how}("bad_strlen")`);
    const host = how === "quick" ? /^koffi\.node\+0x/ : /^vsmtp\.node\+0x/;
    const [first, second, third] = end.view.crash()?.backtrace ?? [];
    expect(first).toMatch(/^libc\.so\.6\+0x[0-9a-f]+$/);
    expect(second).toMatch(new RegExp(`^${basename(plugin)}\\+0x[0-9a-f]+ \\(bad_strlen\\+0x[0-9a-f]+\\)$`));
    expect(third).toMatch(host);
  });

  it("tells the address that could not be accessed", async () => {
    const end = await callPlugin(plugin, ["bad_null"], `${how}("bad_null")`);
    expect(end.view.crash()?.address).toBe("0x0");
  });

  it("that returned garbage is known by the marker", async () => {
    const result = how === "quick" ? "str" : "string";
    const end = await callPlugin(plugin, ["bad_text"], `${how}("bad_text", ${JSON.stringify(result)})`);
    expect(end.signal).toBe("SIGSEGV");
    expect(end.view.crash()).toMatchObject({ plugin: "bad", function: "bad_text", by: "marker", situation });
  });

  it("that ends the thread ends the process, and is known", async () => {
    const end = await callPlugin(plugin, ["bad_leave"], `${how}("bad_leave")`);
    expect(end.signal).toBe("SIGABRT");
    const by = how === "quick" ? "marker" : "stack";
    expect(end.view.crash()).toMatchObject({ plugin: "bad", function: "bad_leave", by, situation });
  });

  it("of exit() is known, and ends the process with that status and the last lines of its log", async () => {
    const end = await callPlugin(plugin, ["bad_exit"], `${how}("bad_exit")`);
    expect([end.status, end.signal]).toEqual([3, null]);
    expect(end.view.crash()).toMatchObject({
      kind: "exit",
      status: 3,
      plugin: "bad",
      function: "bad_exit",
      by: "stack",
      situation,
    });
    expect(end.printed).toContain("last words");
  });

  it.each(compilers("c++"))("that an exception leaves is named (%s)", async (compiler) => {
    const file = join(folder, "libvsmtp-plugin-bad-1.0.1.so");
    const flags = ["-std=c++17", "-O2", "-shared", "-fPIC", "-fvisibility=hidden", ...includes];
    execFileSync(compiler, [...flags, program("crashes.cc"), "-o", file, `-L${nativeFolder}`, "-l:libvsmtp.so.1"]);
    const end = await callPlugin(file, ["bad_throw"], `${how}("bad_throw")`);
    expect(end.signal).toBe("SIGABRT");
    expect(end.view.crash()).toMatchObject({ plugin: "bad", function: "bad_throw", by: "stack", file });
  });
});

it("names a call that uses up the JavaScript thread's own stack", async () => {
  const request = `{
    fn: library.symbol("bad_overflow"), result: "int", ints: new BigInt64Array(6), addressSlots: 0, outSlot: -1,
    doubles: new Float64Array(8), block: new Uint8Array(0), relocations: new Uint32Array(0) }`;
  const end = await callPlugin(plugin, [], `native.callNow(${request})`);
  expect(end.signal).toBe("SIGSEGV");
  expect(end.view.crash()).toMatchObject({ plugin: "bad", by: "place", note: "likely a stack overflow" });
});

it("names a function that has overwritten the way back", async () => {
  const flags = ["-fno-stack-protector"];
  const file = sharedLibrary(program("crashes.c"), folder, "libvsmtp-plugin-bad-1.0.2.so", flags);
  const end = await callPlugin(file, ["bad_smash"], `blocking("bad_smash")`);
  expect(end.signal).toBe("SIGSEGV");
  expect(end.view.crash()).toMatchObject({ signal: "SIGSEGV", plugin: "bad", function: "bad_smash", by: "place" });
});

it("leaves one sound record when many threads fault at once", async () => {
  const end = await callPlugin(plugin, ["bad_null"], `for (let i = 0; i < 12; i++) blocking("bad_null");`);
  expect(end.signal).toBe("SIGSEGV");
  const facts = end.view.crash();
  expect(facts).toMatchObject({ kind: "signal", signal: "SIGSEGV", plugin: "bad", function: "bad_null", by: "place" });
  expect(facts?.backtrace.filter((frame) => frame.includes("bad_null"))).toHaveLength(1);
  expect(end.view.inFlight().some(({ tid }) => tid === facts?.tid)).toBe(true);
});

describe("threads of a plugin's own", () => {
  it("are named when they crash later, for nobody's mail", async () => {
    const end = await callPlugin(plugin, ["bad_thread"], `quick("bad_thread"); setTimeout(() => {}, 60_000);`);
    expect(end.signal).toBe("SIGSEGV");
    const facts = end.view.crash();
    expect(facts).toMatchObject({ plugin: "bad", function: "(static)", by: "place", file: plugin });
    expect(facts?.situation).toBeUndefined();
    expect(facts?.tid).not.toBe(end.pid);
    expect(end.view.lastCalled(1)).toEqual([{ plugin: "bad", function: "bad_thread" }]);
  });

  it("are named when they call exit()", async () => {
    const end = await callPlugin(
      plugin,
      ["bad_thread_exit"],
      `quick("bad_thread_exit"); setTimeout(() => {}, 60_000);`,
    );
    expect([end.status, end.signal]).toEqual([4, null]);
    expect(end.view.crash()).toMatchObject({ kind: "exit", status: 4, plugin: "bad", function: "(static)" });
  });
});

describe("a call that does not come back", () => {
  /** As the supervisor ends it. */
  function endWhileHanging(script: string, isIt: (slot: number) => boolean): Promise<End> {
    let wait: NodeJS.Timeout | undefined;
    return callPlugin(plugin, ["bad_sleep"], script, (_, pid, view) => {
      wait ??= setInterval(() => {
        const call = view.inFlight().find(({ slot }) => isIt(slot));
        if (call === undefined) return;
        clearInterval(wait);
        // a little later it is in nanosleep
        setTimeout(() => native().signalThread(pid, call.tid, 6), 100);
      }, 10);
    });
  }

  it("is named, with its mail, when its thread gets SIGABRT from outside", async () => {
    const end = await endWhileHanging(`console.log("ready"); blocking("bad_sleep");`, (slot) => slot > 1);
    expect(end.signal).toBe("SIGABRT");
    expect(end.view.crash()).toMatchObject({
      signal: "SIGABRT",
      sender: process.pid,
      note: `sent by process ${process.pid}`,
      plugin: "bad",
      function: "bad_sleep",
      by: "stack",
      situation,
    });
  });

  it("is named when it holds the event loop", async () => {
    const script = `require("node:fs").writeSync(1, "ready\\n"); quick("bad_sleep");`;
    const end = await endWhileHanging(script, (slot) => slot === 0);
    expect(end.view.crash()).toMatchObject({ plugin: "bad", function: "bad_sleep", by: "stack", situation });
  });
});
