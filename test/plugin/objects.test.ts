import { setTimeout as delay } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { beforeAll, describe, expect, it } from "vitest";
import { PluginObject } from "../../src/plugin/handle.ts";
import { type NativeModule, typeName, type Value, VslArray } from "../../src/vsl/index.ts";
import { atOnce, bind, caller, fixture, functionOf } from "./loaded.ts";

let module: NativeModule;
let call: ReturnType<typeof caller>;

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

beforeAll(() => {
  module = bind(fixture("objects"));
  call = caller(module);
});

function make(start = 0): PluginObject {
  const object = call("make", start);
  if (!(object instanceof PluginObject)) throw new Error("no object");
  return object;
}

/** Ends what tests before this one no longer hold. */
async function nothingForgotten(): Promise<void> {
  for (let i = 0; i < 3; i++) {
    collect();
    await delay(1);
  }
}

async function errorOf(name: string, ...args: Value[]): Promise<{ code?: string; message: string }> {
  try {
    return { message: `no error, but ${String(await call(name, ...args))}` };
  } catch (error) {
    return error as { code?: string; message: string };
  }
}

describe("objects as vSL sees them", () => {
  it("have the type that the plugin gave them, and show it", () => {
    const object = make();
    expect(typeName(object)).toBe("counter");
    expect(object.toText()).toBe("counter");
    expect(module.types.get("counter")).toBe(object.type);
  });

  it("show no pointer, neither as text nor as JSON nor as a property of the type", () => {
    const object = make();
    const { pointer } = object.handle;
    expect(JSON.stringify([object.toText(), object.type, [...object.type.methods.keys()]])).not.toContain(`${pointer}`);
  });

  it("have methods whose first parameter is the object", () => {
    const object = make(5);
    expect(call("counter.add", object, 2)).toBe(7);
    expect(call("counter.value", object)).toBe(7);
    expect(functionOf(module, "counter.add", 2).parameters).toEqual([
      { name: "self", type: "counter" },
      { name: "n", type: "i64" },
    ]);
    expect(functionOf(module, "make", 1).returns).toBe("counter");
  });

  it("are () where C returns NULL", async () => {
    expect(call("make", -1)).toBe(undefined);
    expect(await call("make_slowly", -1)).toBe(undefined);
  });

  it("may come from a thread", async () => {
    expect(call("counter.value", await call("make_slowly", 3))).toBe(3);
  });
});

describe("what is not taken for an object", () => {
  it.each([undefined, 0, 139637976727552n, "counter", true, new VslArray()])("%o", async (value) => {
    expect(await errorOf("counter.value", value)).toMatchObject({ code: "PLUGIN_ARGUMENT_TYPE" });
    expect(await errorOf("counter.wait", value, 1)).toMatchObject({ code: "PLUGIN_ARGUMENT_TYPE" });
  });

  it("an object of another type of the same plugin", async () => {
    const error = await errorOf("counter.value", atOnce(call("other_make")));
    expect(error.message).toBe("counter.value of plugin objects: the argument self must be a counter, not an other");
  });

  it("an object of the same type of another plugin", async () => {
    const foreign = atOnce(caller(bind(fixture("objects", ["-DANOTHER"])))("make", 1));
    const error = await errorOf("counter.value", foreign);
    expect(error).toMatchObject({ code: "PLUGIN_ARGUMENT_TYPE" });
    expect(error.message).toContain("must be a counter of this plugin");
  });

  it("a closed object", async () => {
    const object = make();
    object.close();
    for (const name of ["counter.value", "counter.same"]) {
      expect(await errorOf(name, object)).toMatchObject({ code: "PLUGIN_ARGUMENT_CLOSED" });
    }
    expect(await errorOf("counter.wait", object, 1)).toMatchObject({ code: "PLUGIN_ARGUMENT_CLOSED" });
  });

  it("an object inside a container has no form", async () => {
    const values = caller(bind(fixture("values")));
    await expect(async () => values("echo", new VslArray([1, make()]))).rejects.toMatchObject({
      code: "PLUGIN_ARGUMENT_VALUE",
      message: expect.stringContaining("element 1 is a counter"),
    });
  });
});

describe("the end of objects", () => {
  it("close ends an object once", () => {
    const before = call("alive") as number;
    const object = make();
    expect(call("alive")).toBe(before + 1);
    object.close();
    object.close();
    object[Symbol.dispose]();
    expect(call("alive")).toBe(before);
  });

  it("an object that no script holds any more is ended", async () => {
    const before = call("alive") as number;
    for (let i = 0; i < 1000; i++) make();
    for (let i = 0; i < 100 && (call("alive") as number) > before; i++) {
      collect();
      await delay(10);
    }
    expect(call("alive")).toBeLessThanOrEqual(before);
  });

  it("an object that is closed during a call ends when the call has", async () => {
    await nothingForgotten();
    const before = call("alive") as number;
    const object = make(1);
    const waiting = call("counter.wait_gate", object);
    const next = call("counter.wait", object, 1);
    object.close();
    expect(call("alive")).toBe(before + 1);
    call("open_gate");
    expect(await waiting).toBe(2);
    expect(await next).toBe(3);
    expect(call("alive")).toBe(before);
  });

  it("an object that is forgotten during a call lives until the call has ended", async () => {
    await nothingForgotten();
    const before = call("alive") as number;
    const waiting = call("counter.wait_gate", make(1));
    await nothingForgotten();
    expect(call("alive")).toBe(before + 1);
    call("open_gate");
    expect(await waiting).toBe(2);
  });

  it("a pointer that is returned twice is an error, and is not ended twice", async () => {
    const object = make(4);
    expect(await errorOf("counter.same", object)).toMatchObject({ code: "PLUGIN_RESULT_TWICE" });
    expect(call("counter.value", object)).toBe(4);
  });
});

describe("calls on one object", () => {
  it("run one after the other, in their order", async () => {
    const object = make();
    const results = Array.from({ length: 20 }, () => call("counter.wait", object, 1));
    expect(await Promise.all(results)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    expect(call("most_users", object)).toBe(1);
  });

  it("run beside those on other objects", async () => {
    const both = [make(), make()] as const;
    const order: string[] = [];
    const slow = Promise.resolve(call("counter.wait", both[0], 200)).then(() => order.push("slow"));
    const quick = Promise.resolve(call("counter.wait", both[1], 1)).then(() => order.push("quick"));
    await Promise.all([slow, quick]);
    expect(order).toEqual(["quick", "slow"]);
  });

  it("that use two objects in either order do not wait for each other for ever", async () => {
    const [a, b] = [make(), make()];
    const calls = Array.from({ length: 20 }, (_, i) =>
      i % 2 ? call("wait_both", a, b, 1) : call("wait_both", b, a, 1),
    );
    calls.push(call("wait_both", a, a, 1));
    await Promise.all(calls);
    expect([call("most_users", a), call("most_users", b)]).toEqual([1, 1]);
  });

  it("a quick function waits with a promise while a thread uses the object, and not otherwise", async () => {
    const object = make();
    expect(functionOf(module, "counter.add", 2).suspends).toBe(true);
    expect(functionOf(module, "make", 1).suspends).toBe(false);
    expect(call("counter.add", object, 1)).toBe(1);
    const waiting = call("counter.wait", object, 20);
    const added = call("counter.add", object, 10);
    expect(added).toBeInstanceOf(Promise);
    expect([await waiting, await added]).toEqual([2, 12]);
    expect(call("counter.add", object, 1)).toBe(13);
    expect(call("most_users", object)).toBe(1);
  });

  it("a failed call lets the next one in", async () => {
    const object = make();
    const wrong = errorOf("counter.wait", object, 2 ** 40);
    const right = call("counter.wait", object, 1);
    expect(await wrong).toMatchObject({ code: "PLUGIN_ARGUMENT_RANGE" });
    expect(await right).toBe(1);
  });

  it("run at the same time when the plugin locks for itself", async () => {
    const locking = caller(bind(fixture("objects", ["-DLOCKS_ITSELF"])));
    const object = atOnce(locking("make", 0));
    await Promise.all(Array.from({ length: 4 }, () => locking("counter.wait", object, 100)));
    expect(locking("most_users", object)).toBeGreaterThan(1);
  });
});
