/** What an isolated plugin can do to the worker that calls it: cost it an error, and time. */

import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import { marker } from "../../src/observe/index.ts";
import type { PluginObject } from "../../src/plugin/handle.ts";
import { setCallPolicy } from "../../src/plugin/index.ts";
import { IsolatedPlugin } from "../../src/plugin/isolated/client.ts";
import { IsolatedServer } from "../../src/plugin/isolated/server.ts";
import { loadPlugin } from "../../src/plugin/load.ts";
import { runningPlugin } from "../../src/plugin/running.ts";
import { defaultLimits, type NativeModule, Run, type Value, type VslArray } from "../../src/vsl/index.ts";
import { newFolder } from "../fixtures/compile.ts";
import { until } from "../fixtures/host.ts";
import { Isolation } from "./isolated.ts";
import { caller, fixture, functionOf } from "./loaded.ts";

const file = fixture("isolated");
const failing = fixture("isolated", ["-DFAILS_TO_BEGIN"]);

afterEach(() => setCallPolicy({ deadline: () => 30_000, onLost: () => undefined }));

function start() {
  const isolation = new Isolation(file);
  return { isolation, call: caller(isolation.module) };
}

/** A call for a mail, as directives make it. */
function callFor(module: NativeModule, label: number, name: string, ...args: Value[]) {
  return functionOf(module, name, args.length).call(new Run(defaultLimits, { label }), ...args);
}

describe("a process that ends", () => {
  it("by SIGKILL costs the call under way an error, and nothing else", async () => {
    const { isolation, call } = start();
    await call("add", 1, 2);
    const under = expect(call("nap", 60_000)).rejects.toMatchObject({
      code: "PLUGIN_ISOLATED_ENDED",
      message:
        "nap of plugin isolated got no answer from the process that the plugin has of its own: its process ended",
    });
    await call("add", 1, 2);
    await isolation.kill();
    await under;
    isolation.replace();
    expect(await call("add", 1, 2)).toBe(3);
    expect(isolation.lost).toBe(0);
    expect(runningPlugin("isolated").function("nap").errors).toBe(1);
  });

  it.each([
    ["crash", "SIGSEGV"],
    ["crash_slowly", "SIGSEGV"],
    ["give_up", "SIGABRT"],
  ])("in a call of %s is the end of that call only", async (name, signal) => {
    const { isolation, call } = start();
    await expect(call(name)).rejects.toMatchObject({ code: "PLUGIN_ISOLATED_ENDED" });
    expect(await isolation.ended()).toBe(signal);
    isolation.replace();
    expect(await call("process")).toBe(isolation.pid);
  });

  it("because the plugin calls exit() is no different", async () => {
    const { isolation, call } = start();
    await expect(call("leave", 7)).rejects.toMatchObject({ code: "PLUGIN_ISOLATED_ENDED" });
    expect(await isolation.ended()).toBe(7);
    isolation.replace();
    expect(await call("add", 1, 2)).toBe(3);
  });

  it("is waited for by calls that come before it is replaced", async () => {
    const { isolation, call } = start();
    await call("add", 1, 2);
    await isolation.kill();
    const calls = [call("add", 1, 2), call("add", 3, 4), call("process")];
    await delay(50);
    isolation.replace();
    expect(await Promise.all(calls)).toEqual([3, 7, isolation.pid]);
  });

  it("again and again is connected to again and again", async () => {
    const { isolation, call } = start();
    for (let i = 0; i < 4; i++) {
      await expect(call("crash")).rejects.toMatchObject({ code: "PLUGIN_ISOLATED_ENDED" });
      await isolation.ended();
      isolation.replace();
      expect(await call("add", i, 1)).toBe(i + 1);
    }
  });

  it("fails all calls that are under way, each once", async () => {
    const { isolation, call } = start();
    const naps = Promise.allSettled(Array.from({ length: 100 }, () => call("nap", 60_000) as Promise<Value>));
    await call("add", 1, 2);
    await isolation.kill();
    expect((await naps).map(({ status }) => status)).toEqual(Array.from({ length: 100 }, () => "rejected"));
  });

  it("when it ends an object hurts nobody either", async () => {
    const { isolation, call } = start();
    const box = (await call("make", 666)) as PluginObject;
    box.close();
    expect(await isolation.ended()).toBe("SIGABRT");
    isolation.replace();
    expect(await call("add", 1, 2)).toBe(3);
  });
});

describe("a process that is not there", () => {
  it("is an error at once", async () => {
    const { verdict } = start().isolation;
    const plugin = new IsolatedPlugin({
      manifest: verdict.manifest,
      file,
      sha256: verdict.sha256,
      socket: "/nowhere/isolated.sock",
      onObjectsLost: () => undefined,
    });
    await expect(caller(plugin.module)("add", 1, 2)).rejects.toMatchObject({
      code: "PLUGIN_ISOLATED_ENDED",
      facts: expect.objectContaining({ reason: "it cannot be reached (ENOENT)" }),
    });
    expect(await plugin.open(50)).toBe(undefined);
  });

  it("of that very file is not called", async () => {
    const { verdict, socket } = start().isolation;
    const other = { manifest: verdict.manifest, file, sha256: "0".repeat(64), socket, onObjectsLost: () => undefined };
    const plugin = new IsolatedPlugin(other);
    await expect(caller(plugin.module)("add", 1, 2)).rejects.toMatchObject({
      code: "PLUGIN_ISOLATED_ENDED",
      facts: expect.objectContaining({ reason: "another file of the plugin is in service there" }),
    });
    plugin.close();
  });
});

describe("a plugin that cannot begin", () => {
  it("is named with its reason, before anything is called and by every call", async () => {
    const isolation = new Isolation(failing);
    const problem = await isolation.plugin.open(10_000);
    expect(problem?.code).toBe("PLUGIN_INIT_FAILED");
    expect(problem?.message).toBe("The plugin isolated could not begin: its license has ended");
    await expect(caller(isolation.module)("add", 1, 2)).rejects.toMatchObject({ code: "PLUGIN_INIT_FAILED" });
  });

  it("is named by calls that came before it was known", async () => {
    const call = caller(new Isolation(failing).module);
    const calls = await Promise.allSettled([call("add", 1, 2), call("nap", 1)]);
    expect(calls.map((one) => (one as PromiseRejectedResult).reason.code)).toEqual([
      "PLUGIN_INIT_FAILED",
      "PLUGIN_INIT_FAILED",
    ]);
  });
});

describe("objects", () => {
  it("are used and ended in the process that made them", async () => {
    const { call } = start();
    const [one, two] = [(await call("make", 5)) as PluginObject, (await call("make", 6)) as PluginObject];
    expect([await call("box.value", one), await call("box.value", two), await call("boxes")]).toEqual([5, 6, 2]);
    one.close();
    expect(await call("boxes")).toBe(1);
    expect(() => call("box.value", one)).toThrow("is a box that is closed");
  });

  it("show no address of the other process", async () => {
    const { call } = start();
    const box = (await call("make", 5)) as PluginObject;
    expect(BigInt.asUintN(32, box.handle.pointer)).toBe(1n);
  });

  it("serve one call at a time", async () => {
    const { call } = start();
    const box = await call("make", 5);
    const uses = await Promise.all(Array.from({ length: 5 }, () => call("box.use", box, 5)));
    expect(uses).toEqual([1, 1, 1, 1, 1]);
  });

  it("die with their process, and whoever keeps some wants to be replaced", async () => {
    const { isolation, call } = start();
    const kept = await call("make", 5);
    await isolation.kill();
    await until(() => isolation.lost === 1);
    isolation.replace();
    await call("add", 1, 2);
    await expect(call("box.value", kept)).rejects.toMatchObject({
      code: "PLUGIN_ISOLATED_OBJECT",
      message: "box.value of plugin isolated was called with a box that is gone: the process that made it has ended",
    });
    expect(await call("box.value", await call("make", 6))).toBe(6);
  });

  it("that a rule made for its mail are no reason for that, unless it uses them again", async () => {
    const { isolation } = start();
    const label = marker().begin({ mail: "m1" });
    const box = (await callFor(isolation.module, label, "make", 5)) as Value;
    await expect(callFor(isolation.module, label, "box.crash", box)).rejects.toMatchObject({
      code: "PLUGIN_ISOLATED_ENDED",
    });
    expect(isolation.lost).toBe(0);
    await expect(callFor(isolation.module, label, "box.value", box)).rejects.toMatchObject({
      code: "PLUGIN_ISOLATED_OBJECT",
    });
    expect(isolation.lost).toBe(1);
  });

  it("are no reason either when it is the worker that leaves", async () => {
    const { isolation, call } = start();
    const kept = await call("make", 5);
    isolation.plugin.close();
    await expect(call("box.value", kept)).rejects.toMatchObject({ code: "PLUGIN_ISOLATED_ENDED" });
    expect(isolation.lost).toBe(0);
  });

  it("of a worker end when it is no longer connected", async () => {
    const { isolation, call } = start();
    const { verdict, socket } = isolation;
    const options = { manifest: verdict.manifest, file, sha256: verdict.sha256, socket };
    const other = new IsolatedPlugin({ ...options, onObjectsLost: () => undefined });
    const theirs = [await caller(other.module)("make", 1), await caller(other.module)("make", 2)];
    const ours = await call("make", 3);
    expect([theirs.length, await call("boxes")]).toEqual([2, 3]);
    other.close();
    while ((await call("boxes")) !== 1) await delay(1);
    expect(await call("box.value", ours)).toBe(3);
  });

  it("that a plugin gives to two workers are one object, with one call at a time", async () => {
    const { isolation, call } = start();
    const { verdict, socket } = isolation;
    const options = { manifest: verdict.manifest, file, sha256: verdict.sha256, socket };
    const other = new IsolatedPlugin({ ...options, onObjectsLost: () => undefined });
    const calls = [call, caller(other.module)];
    const boxes = await Promise.all(calls.map((make) => make("single")));
    const uses = await Promise.all(
      Array.from({ length: 6 }, (_, i) => calls[i % 2]?.("box.use", boxes[i % 2], 5) as Promise<Value>),
    );
    expect(uses).toEqual([1, 1, 1, 1, 1, 1]);
    other.close();
    expect(await call("box.value", boxes[0])).toBe(1);
  });

  it("that a plugin gives to a worker twice are an error, as they are without isolation", async () => {
    const { call } = start();
    const box = await call("single");
    await expect(call("single")).rejects.toMatchObject({ code: "PLUGIN_RESULT_TWICE" });
    expect(await call("box.value", box)).toBe(1);
  });
});

describe("calls that do not come back", () => {
  it("are given up at their deadline, and their threads in the other process too", async () => {
    const { call } = start();
    await call("add", 1, 2);
    const lost: string[] = [];
    setCallPolicy({ deadline: (_, fn) => (fn === "hang" ? 50 : 30_000), onLost: (_, fn) => lost.push(fn) });
    const hung = Array.from({ length: 20 }, () => call("hang") as Promise<Value>);
    const ends = await Promise.allSettled(hung);
    expect(ends.map((end) => (end as PromiseRejectedResult).reason.code)).toEqual(
      Array.from({ length: 20 }, () => "PLUGIN_DEADLINE"),
    );
    expect(lost).toHaveLength(20);
    // as many threads as ever
    expect(await Promise.all(Array.from({ length: 16 }, () => call("nap", 10)))).toHaveLength(16);
  });

  it("are counted there, too", async () => {
    const { isolation, call } = start();
    await call("add", 1, 2);
    setCallPolicy({ deadline: () => 300, onLost: () => undefined });
    // one that was given up before it began is not lost
    while (!isolation.told.some(({ lost }) => lost)) {
      await expect(call("hang")).rejects.toMatchObject({ code: "PLUGIN_DEADLINE" });
    }
  });

  it("make room for others when they are given up", async () => {
    const { call } = start();
    await call("add", 1, 2);
    setCallPolicy({ deadline: (_, fn) => (fn === "hang" ? 200 : 30_000), onLost: () => undefined });
    const hung = Promise.allSettled(Array.from({ length: 300 }, () => call("hang") as Promise<Value>));
    expect(await call("add", 3, 4)).toBe(7);
    await hung;
  });

  it("and hold the other process's event loop cost only their own deadlines", async () => {
    const { isolation, call } = start();
    await call("add", 1, 2);
    setCallPolicy({ deadline: () => 100, onLost: () => undefined });
    const both = await Promise.allSettled([call("hang_quickly"), call("add", 1, 2)]);
    expect(both.map((end) => (end as PromiseRejectedResult).reason.code)).toEqual([
      "PLUGIN_DEADLINE",
      "PLUGIN_DEADLINE",
    ]);
    await isolation.kill();
    isolation.replace();
    setCallPolicy({ deadline: () => 30_000, onLost: () => undefined });
    expect(await call("add", 1, 2)).toBe(3);
  });

  it("use their objects for ever: these are not ended", async () => {
    const { call } = start();
    const box = (await call("make", 5)) as PluginObject;
    setCallPolicy({ deadline: () => 50, onLost: () => undefined });
    await expect(call("box.use", box, 600)).rejects.toMatchObject({ code: "PLUGIN_DEADLINE" });
    setCallPolicy({ deadline: () => 30_000, onLost: () => undefined });
    box.close();
    expect(await call("boxes")).toBe(1);
    await expect(async () => call("box.value", box)).rejects.toThrow();
  });

  it("are given up after a minute when their worker is gone", async () => {
    const { verdict } = start().isolation;
    const loaded = loadPlugin(verdict);
    let lost = 0;
    const onLost = () => {
      lost++;
    };
    const { manifest, sha256 } = verdict;
    const server = new IsolatedServer({ manifest, sha256, loaded, onLost, onDamage: () => undefined });
    const socket = join(newFolder(), "here.sock");
    const listener = createServer((one) => server.accept(one)).listen(socket);
    const plugin = new IsolatedPlugin({ manifest, file, sha256, socket, onObjectsLost: () => undefined });
    const call = caller(plugin.module);
    const hung = expect(call("hang")).rejects.toMatchObject({ code: "PLUGIN_ISOLATED_ENDED" });
    while ((await call("hanging")) === 0) await delay(1);
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    try {
      plugin.close();
      await server.alone();
      vi.advanceTimersByTime(59_000);
      expect(lost).toBe(0);
      vi.advanceTimersByTime(1000);
      expect(lost).toBe(1);
    } finally {
      vi.useRealTimers();
      listener.close();
    }
    await hung;
  });

  it("before the other process has greeted were never begun, so that nothing is lost", async () => {
    const { isolation, call } = start();
    await isolation.kill();
    const lost: string[] = [];
    setCallPolicy({ deadline: () => 50, onLost: (_, fn) => lost.push(fn) });
    await expect(call("add", 1, 2)).rejects.toMatchObject({ code: "PLUGIN_DEADLINE" });
    expect(lost).toEqual([]);
  });
});

describe("the other process knows", () => {
  it("for which mail it works while it does, and no longer", async () => {
    const { isolation, call } = start();
    await call("add", 1, 2);
    const label = marker().begin({ mail: "5f1b", directive: "scan", stage: "preq" });
    const under = callFor(isolation.module, label, "nap", 300);
    await call("add", 1, 2);
    expect(await isolation.situations()).toEqual(["mail=5f1b\nstage=preq\ndirective=scan"]);
    await under;
    expect(await isolation.situations()).toEqual([]);
  });

  it("when nobody is connected any more", async () => {
    const { isolation, call } = start();
    await call("add", 1, 2);
    const left = isolation.ended();
    isolation.leave();
    expect(await call("add", 3, 4)).toBe(7);
    isolation.plugin.close();
    expect(await left).toBe(0);
  });
});

describe("results", () => {
  it("may be large", async () => {
    const { call } = start();
    const large = (await call("large", 60)) as VslArray;
    expect(large.items.map((text) => (text as string).length)).toEqual(Array.from({ length: 60 }, () => 2 ** 20));
  });

  it("that are too large fail their call only", async () => {
    const { call } = start();
    await expect(call("large", 80)).rejects.toThrow("large of plugin isolated: its result is larger than 65 MiB");
    expect(await call("add", 1, 2)).toBe(3);
  });
});
