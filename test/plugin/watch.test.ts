/** What is noted around calls: figures, what is in flight, and whether a plugin is in service. */

import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { VsmtpError } from "../../src/errors.ts";
import { native } from "../../src/native/index.ts";
import { CELL, MARKER, marker, useMarker } from "../../src/observe/index.ts";
import { PluginObject } from "../../src/plugin/handle.ts";
import {
  type FunctionFigures,
  type PluginFigures,
  pluginFigures,
  setCallPolicy,
  startPlugin,
  stopPlugin,
} from "../../src/plugin/index.ts";
import { defaultLimits, Run, type Value } from "../../src/vsl/index.ts";
import { bind, caller, fixture, functionOf } from "./loaded.ts";

useMarker(native().openMarker(undefined));
const module = bind(fixture("slow"));
const call = caller(module);

beforeEach(() => call("gate", false));
afterEach(async () => {
  startPlugin("slow");
  call("gate", true);
  while (call("waiting") !== 0) await delay(5);
});

function figures(): PluginFigures {
  const found = pluginFigures().find(({ plugin }) => plugin === "slow");
  if (!found) throw new Error("no figures");
  return found;
}

function of(name: string): FunctionFigures {
  const found = figures().functions.find((one) => one.function === name);
  if (!found) throw new Error(`no figures of ${name}`);
  return found;
}

async function errorOf(result: () => Value | Promise<Value>): Promise<VsmtpError> {
  try {
    await result();
  } catch (error) {
    return error as VsmtpError;
  }
  throw new Error("no error");
}

function make(): PluginObject {
  const object = call("make", 1);
  if (!(object instanceof PluginObject)) throw new Error("no object");
  return object;
}

describe("figures", () => {
  it("count the calls of quick and of blocking functions, and say how long these took.", async () => {
    const before = [of("length").calls, of("echo").calls] as const;
    for (let i = 0; i < 200; i++) call("length", "text");
    for (let i = 0; i < 5; i++) await call("echo", i);
    expect([of("length").calls - before[0], of("echo").calls - before[1]]).toEqual([200, 5]);
    for (const name of ["length", "echo"]) {
      const { p50 = 0, p99 = 0 } = of(name);
      expect(p50).toBeGreaterThan(0);
      expect(p99).toBeGreaterThanOrEqual(p50);
    }
  });

  it("count what the plugin fails, not what a script calls wrongly.", async () => {
    expect(await errorOf(() => call("refuse", "no"))).toMatchObject({ code: "PLUGIN_CALL_FAILED" });
    expect(await errorOf(() => call("fail", "no"))).toMatchObject({ code: "PLUGIN_CALL_FAILED" });
    expect(await errorOf(() => call("fail", 1))).toMatchObject({ code: "PLUGIN_ARGUMENT_TYPE" });
    expect(await errorOf(() => call("refuse", "a\0b"))).toMatchObject({ code: "PLUGIN_ARGUMENT_NUL" });
    expect(of("refuse")).toMatchObject({ calls: 1, errors: 1, lost: 0 });
    expect(of("fail")).toMatchObject({ calls: 1, errors: 1, lost: 0 });
  });

  it("name a method with its type, and know nothing of the time of what was never called.", async () => {
    expect(of("thing.hang")).toEqual({
      function: "thing.hang",
      calls: 0,
      errors: 0,
      lost: 0,
      p50: undefined,
      p99: undefined,
    });
  });

  it("say how many objects are alive, by their type.", () => {
    const before = figures().handles.thing ?? 0;
    const objects = [make(), make(), make()];
    expect(figures().handles).toEqual({ thing: before + 3 });
    for (const object of objects) object.close();
    expect(figures().handles).toEqual({ thing: before });
  });
});

describe("the marker", () => {
  const cell = (index: number): number => marker().cells[index] as number;

  it("says after a quick call which function was called last, for whom, and that none is in flight.", () => {
    const id = marker().functionId("slow", "length");
    const clock = cell(CELL.clock);
    const run = new Run(defaultLimits, { label: 7 });
    functionOf(module, "length", 1).call(run, "text");
    expect(cell(CELL.clock)).toBe(clock + 1);
    expect(cell(CELL.last + id)).toBe(clock + 1);
    expect(cell(CELL.situation)).toBe(7);
    expect(cell(CELL.function)).toBe(0);
  });

  it("says that none is in flight after a call that failed.", async () => {
    await errorOf(() => call("refuse", "no"));
    expect(cell(CELL.function)).toBe(0);
  });

  it("shows a blocking call and its situation while it is under way, also when nobody waits for it any more.", async () => {
    setCallPolicy({ deadline: () => 100, onLost: () => undefined });
    const situation = marker().begin({ mail: "the-mail", directive: "the directive" });
    const run = new Run(defaultLimits, { label: situation });
    const failed = errorOf(() => functionOf(module, "hang", 1).call(run, ""));
    expect((await failed).code).toBe("PLUGIN_DEADLINE");
    marker().end(situation);

    const id = marker().functionId("slow", "hang");
    const slots = Array.from({ length: MARKER.slots.count }, (_, i) => CELL.function + (i * MARKER.slots.size) / 4);
    const slot = slots.find((first) => cell(first) === id) ?? 0;
    expect(cell(slot + 1)).toBe(situation);
    // another mail does not get the number that the lost thread still shows
    expect(marker().begin({ mail: "another" })).not.toBe(situation);
  });
});

describe("a plugin out of service", () => {
  it("answers every call at once with the reason, and calls again when it is taken back.", async () => {
    const calls = of("length").calls;
    stopPlugin("slow", "it crashed 3 times");
    for (const refused of [() => call("length", "text"), () => call("echo", 1)]) {
      const error = await errorOf(refused);
      expect(error).toMatchObject({ code: "PLUGIN_QUARANTINED" });
      expect(error.message).toBe("The plugin slow is out of service: it crashed 3 times");
    }
    startPlugin("slow");
    expect(call("length", "text")).toBe(4);
    expect(of("length").calls).toBe(calls + 1);
  });

  it("does not begin calls that waited for their turn on an object.", async () => {
    setCallPolicy({ deadline: () => 60_000, onLost: () => undefined });
    const object = make();
    const running = call("thing.hang", object);
    const behind = errorOf(() => call("thing.add", object, 1));
    while (call("waiting") !== 1) await delay(5);
    call("gate", true);
    stopPlugin("slow", "enough");
    expect(await running).toBe(2);
    expect(await behind).toMatchObject({ code: "PLUGIN_QUARANTINED" });
  });

  it("runs no code of its own to end its objects.", () => {
    const object = make();
    const before = call("destroyed");
    stopPlugin("slow", "enough");
    object.close();
    startPlugin("slow");
    expect(call("destroyed")).toBe(before);
  });
});
