/** Calls of blocking functions that take longer than they may. */

import { lookup } from "node:dns/promises";
import { readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { VsmtpError } from "../../src/errors.ts";
import { PluginObject } from "../../src/plugin/handle.ts";
import { type DeadlineOf, pluginFigures, setCallPolicy } from "../../src/plugin/index.ts";
import type { Value } from "../../src/vsl/index.ts";
import { bind, caller, fixture } from "./loaded.ts";

const call = caller(bind(fixture("slow")));
const other = caller(bind(fixture("objects")));
let lost: string[] = [];

beforeEach(() => {
  lost = [];
  call("gate", false);
});
afterEach(async () => {
  call("gate", true);
  await until(() => call("waiting") === 0);
});

/** Short where a test waits for it to pass, long where it must not. */
function policy(deadline: DeadlineOf): void {
  setCallPolicy({ deadline, onLost: (plugin, fn) => lost.push(`${plugin} ${fn}`) });
}

const hangsShort: DeadlineOf = (_plugin, fn) => (fn.endsWith("hang") ? 200 : 60_000);

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await delay(5);
}

/** As long as a call takes to begin. */
const begun = (count: number): Promise<void> => until(() => call("waiting") === count);

async function errorOf(result: Value | Promise<Value> | (() => Value | Promise<Value>)): Promise<VsmtpError> {
  try {
    await (typeof result === "function" ? result() : result);
  } catch (error) {
    return error as VsmtpError;
  }
  throw new Error("no error");
}

function make(value = 1): PluginObject {
  const object = call("make", value);
  if (!(object instanceof PluginObject)) throw new Error("no object");
  return object;
}

it("A call that does not come back fails at its deadline, and is counted as lost.", async () => {
  policy(hangsShort);
  const error = await errorOf(call("hang", "text"));
  expect(error.code).toBe("PLUGIN_DEADLINE");
  expect(error.message).toBe("hang of plugin slow did not come back within 200 ms");
  expect(lost).toEqual(["slow hang"]);
  const { functions } = pluginFigures().find(({ plugin }) => plugin === "slow") ?? { functions: [] };
  expect(functions.find((one) => one.function === "hang")).toMatchObject({ lost: 1, errors: 1 });
});

it("The deadline of a function is asked for by its name, that of a method with its type.", async () => {
  const asked: string[] = [];
  policy((plugin, fn) => {
    asked.push(`${plugin} ${fn}`);
    return 60_000;
  });
  await call("echo", 1);
  await call("thing.add", make(), 1);
  expect(asked).toEqual(["slow echo", "slow thing.add"]);
});

it("A call that comes back in time is not touched by its deadline.", async () => {
  policy(() => 2 ** 40);
  const waiting = call("hang", "");
  await begun(1);
  call("gate", true);
  expect(await waiting).toBe(1);
  expect(lost).toEqual([]);
});

it("A call that waits for its turn on an object fails at its deadline too, and nothing is lost.", async () => {
  policy((_plugin, fn) => (fn === "thing.add" ? 30 : 60_000));
  const object = make();
  const slow = call("thing.hang", object);
  const error = await errorOf(call("thing.add", object, 5));
  expect(error).toMatchObject({ code: "PLUGIN_DEADLINE" });
  expect(error.message).toContain("did not get its turn");
  call("gate", true);
  expect(await slow).toBe(2);
  expect(lost).toEqual([]);
  expect(await call("thing.add", object, 1)).toBe(3);
});

it("The object of a call that was lost is refused from then on, also to calls that wait for their turn.", async () => {
  policy(hangsShort);
  const object = make();
  const hung = errorOf(call("thing.hang", object));
  const behind = errorOf(call("thing.add", object, 1));
  const quick = errorOf(call("thing.value", object));
  expect((await hung).code).toBe("PLUGIN_DEADLINE");
  expect((await behind).code).toBe("PLUGIN_OBJECT_LOST");
  expect((await quick).code).toBe("PLUGIN_OBJECT_LOST");
  expect((await errorOf(() => call("thing.value", object))).code).toBe("PLUGIN_OBJECT_LOST");
  expect((await errorOf(() => call("thing.add", object, 1))).code).toBe("PLUGIN_OBJECT_LOST");
});

it("A lost object is never destroyed: not when it is closed, not when the function returns after all.", async () => {
  policy(hangsShort);
  const before = call("destroyed");
  const touched = call("touched") as number;
  const object = make();
  await errorOf(call("thing.hang", object));
  object.close();
  call("gate", true);
  await until(() => call("touched") === touched + 1);
  await call("echo", 1);
  expect(call("destroyed")).toBe(before);
});

it("What a lost call was given stays as it was until the function returns.", async () => {
  policy(hangsShort);
  const touched = call("touched") as number;
  const text = "x".repeat(100_000);
  await errorOf(call("hang", text));
  for (let i = 0; i < 100; i++) await errorOf(call("fail", "y".repeat(1000)));
  call("gate", true);
  await until(() => call("touched") === touched + text.length);
});

it("Twelve hung calls leave names, files, other functions and other plugins working.", async () => {
  policy(hangsShort);
  while (lost.length < 12) {
    const codes = await Promise.all(Array.from({ length: 12 }, async () => (await errorOf(call("hang", ""))).code));
    expect(new Set(codes)).toEqual(new Set(["PLUGIN_DEADLINE"]));
  }
  expect(call("waiting")).toBe(lost.length);
  expect(await lookup("localhost")).toMatchObject({ address: expect.any(String) });
  expect((await readFile(import.meta.filename)).length).toBeGreaterThan(0);
  const echoes = Array.from({ length: 40 }, (_, i) => call("echo", i));
  expect(await Promise.all(echoes)).toEqual(Array.from({ length: 40 }, (_, i) => i));
  expect(await other("make_slowly", 3)).toBeInstanceOf(PluginObject);
});

it("More calls than there are threads are all answered, although each hangs.", async () => {
  policy(hangsShort);
  const codes = await Promise.all(Array.from({ length: 60 }, async () => (await errorOf(call("hang", ""))).code));
  expect(codes.every((code) => code === "PLUGIN_DEADLINE")).toBe(true);
  expect(await call("echo", 7)).toBe(7);
});
