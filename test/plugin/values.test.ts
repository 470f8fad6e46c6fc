import { beforeAll, describe, expect, it } from "vitest";
import { Blob, Char, Float, FnPtr, type Value, VslArray, VslMap } from "../../src/vsl/index.ts";
import { bind, caller, fixture } from "./loaded.ts";

let call: ReturnType<typeof caller>;

beforeAll(() => {
  call = caller(bind(fixture("values")));
});

async function errorOf(name: string, ...args: Value[]): Promise<{ code?: string; message: string }> {
  try {
    return { message: `no error, but ${String(await call(name, ...args))}` };
  } catch (error) {
    return error as { code?: string; message: string };
  }
}

const map = VslMap.of;
const array = (...items: Value[]): VslArray => new VslArray(items);

function nested(depth: number): Value {
  let value: Value = "core";
  for (let i = 0; i < depth; i++) value = i % 2 ? array(i, value) : map({ k: value });
  return value;
}

describe.each(["echo", "slow_echo"])("%s", (echo) => {
  it.each([
    ["()", undefined],
    ["booleans", array(true, false)],
    ["integers", array(0, -1, 2 ** 53 - 1, 2n ** 63n - 1n, -(2n ** 63n))],
    ["floats", array(new Float(0.1), new Float(Number.NaN), new Float(-0))],
    ["characters", array(new Char(0), new Char(0x10ffff))],
    ["texts", array("", "a\0b", "日本", "x".repeat(100_000))],
    ["bytes", array(new Blob(), new Blob(Uint8Array.of(0, 1, 255)))],
    ["a map", map({ command: "echo", args: array("-n", "a"), timeout: 30, "": map({}), "😀": 1, "\uffff": 2 })],
    ["64 containers", nested(64)],
    ["many elements", new VslArray(Array.from({ length: 200_000 }, (_, i) => i))],
  ] as const)("%s come back through C", async (_name, value) => {
    expect(await call(echo, value)).toEqual(value);
  });

  it("65 containers inside one another are refused", async () => {
    expect(await errorOf(echo, nested(65))).toMatchObject({ code: "PLUGIN_ARGUMENT_VALUE" });
  });

  it("a function inside containers is refused, with the way to it", async () => {
    const fn = new FnPtr({ name: "f", arity: 0, usesThis: false, bind: () => () => undefined });
    const error = await errorOf(echo, map({ when: array(1, fn) }));
    expect(error).toMatchObject({ code: "PLUGIN_ARGUMENT_VALUE" });
    expect(error.message).toContain('the argument value cannot be handed over: key "when", element 1 is a Fn');
  });
});

describe("values and other parameters side by side", () => {
  it.each(["pair", "slow_pair"])("%s keeps them apart", async (pair) => {
    const large = array("x".repeat(300_000));
    expect(await call(pair, map({ a: 1 }), "zwischen", large)).toEqual(array(map({ a: 1 }), "zwischen", large));
  });

  it("the next call finds the memory of the last one free again", () => {
    for (let i = 0; i < 1000; i++) {
      expect(call("pair", array(i), "", map({ i }))).toEqual(array(array(i), "", map({ i })));
    }
  });

  it("many calls on threads at once do not mix up their arguments", async () => {
    const calls = Array.from({ length: 500 }, (_, i) => call("slow_pair", i, `between ${i}`, "x".repeat(i)));
    expect(await Promise.all(calls)).toEqual(calls.map((_, i) => array(i, `between ${i}`, "x".repeat(i))));
  });
});

describe("what C reads and writes", () => {
  it("C finds the type, the count and the keys in order", () => {
    expect(call("described", map({ b: 1, a: 2, "😀": 3, "\uffff": 4 }))).toEqual(
      map({ type: "map", count: 4, keys: array("a", "b", "\uffff", "😀") }),
    );
    expect(call("described", array(1, 2))).toEqual(map({ type: "array", count: 2, keys: array() }));
    expect(call("described", undefined)).toEqual(map({ type: "()", count: 0, keys: array() }));
  });

  it("a function may take a value and return a number", () => {
    expect(call("count", array(1, 2, 3))).toBe(3);
  });

  it("nothing written is ()", () => {
    expect(call("nothing")).toBe(undefined);
  });

  it.each(["unfinished", "slow_unfinished"])("%s: a container that was not ended fails the call", async (name) => {
    expect(await errorOf(name)).toMatchObject({ code: "PLUGIN_CALL_FAILED" });
    expect(call("echo", 1)).toBe(1);
  });

  it("what was written before a failure is gone", async () => {
    expect((await errorOf("written_and_failed")).message).toContain("failed all the same");
    expect(call("nothing")).toBe(undefined);
  });

  it("text that is not UTF-8 gets replacement characters", () => {
    expect(call("not_utf8")).toEqual(array("a\ufffd\0\ufffdz"));
  });
});
