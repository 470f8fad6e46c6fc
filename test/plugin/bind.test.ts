import { setTimeout as delay } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { type Trace, traces } from "../../src/observe/index.ts";
import { bindModule } from "../../src/plugin/bind.ts";
import { admitFile } from "../../src/plugin/index.ts";
import { Float, Run, VslMap } from "../../src/vsl/index.ts";
import { bind, caller, fixture, functionOf } from "./loaded.ts";

/** What is published while `during` runs. */
async function tracedCalls(during: () => Promise<void>): Promise<Trace["call"][]> {
  const seen: Trace["call"][] = [];
  const listen = (message: unknown): void => {
    seen.push(message as Trace["call"]);
  };
  traces.call.subscribe(listen);
  try {
    await during();
  } finally {
    traces.call.unsubscribe(listen);
  }
  return seen;
}

describe("traces of calls", () => {
  it("show function, arguments and result or error", async () => {
    const seen = await tracedCalls(async () => {
      const call = caller(bind(fixture("types")));
      call("sum", 1, 2);
      call("quick_double", new Float(2));
      await call("slow_copy", "text");
      expect(() => call("quick_fail", "x", 1)).toThrow();
      await expect(call("slow_fail", "y", 1)).rejects.toThrow();
    });
    expect(seen).toEqual([
      { plugin: "types", function: "sum", arguments: ["1", "2"], result: "3" },
      { plugin: "types", function: "quick_double", arguments: ["2.0"], result: "2.0" },
      { plugin: "types", function: "slow_copy", arguments: ["text"], result: "text" },
      { plugin: "types", function: "quick_fail", arguments: ["x", "1"], error: expect.stringContaining("because x") },
      { plugin: "types", function: "slow_fail", arguments: ["y", "1"], error: expect.stringContaining("because y") },
    ]);
  });

  it("are not there for functions that were bound while nobody listened", async () => {
    const call = caller(bind(fixture("types")));
    expect(await tracedCalls(async () => void call("sum", 1, 2))).toEqual([]);
  });
});

describe("a module", () => {
  it("looks the same described and loaded", () => {
    const file = fixture("objects");
    const verdict = admitFile(file);
    if (verdict.kind !== "admitted") throw new Error("refused");
    const shape = (module: ReturnType<typeof bind>): unknown => [
      [...module.functions].map(([name, overloads]) => [name, overloads.map(({ call: _, ...rest }) => rest)]),
      [...module.types].map(([name, { methods }]) => [name, [...methods.keys()]]),
    ];
    expect(shape(bindModule(verdict.manifest, undefined))).toEqual(shape(bind(file)));
  });

  it("has methods on their type and not among the functions", () => {
    const module = bind(fixture("objects"));
    expect(module.functions.has("value")).toBe(false);
    expect([...(module.types.get("counter")?.methods.keys() ?? [])].sort()).toEqual([
      "add",
      "same",
      "value",
      "wait",
      "wait_gate",
    ]);
  });

  it("says `any` for what a function writes to its vsmtp_out", () => {
    expect(functionOf(bind(fixture("values")), "echo", 1)).toMatchObject({
      parameters: [{ name: "value", type: "any" }],
      returns: "any",
    });
  });
});

describe("memory", () => {
  const text = "x".repeat(1000);
  const map = VslMap.of({ text });
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;

  /** Resident memory after `count` calls, once all that can be freed is. */
  async function rssAfter(count: number, call: () => unknown): Promise<number> {
    for (let i = 0; i < count; i++) {
      const result = call();
      if (i % 50 === 0) await result;
    }
    for (let i = 0; i < 3; i++) {
      collect();
      await delay(20);
    }
    return process.memoryUsage().rss;
  }

  it.each([
    ["types", "quick_string", [text]],
    ["types", "quick_copy", [text]],
    ["types", "slow_copy", [text]],
    ["types", "quick_fail", [text, 1]],
    ["values", "echo", [map]],
    ["values", "slow_echo", [map]],
    ["objects", "make", [1]],
  ] as const)("a hundred thousand calls of %s, %s leave nothing that could be measured", async (plugin, name, args) => {
    const fn = functionOf(bind(fixture(plugin)), name, args.length);
    const run = new Run();
    const call = (): unknown => {
      try {
        return fn.call(run, ...args);
      } catch {
        return undefined;
      }
    };
    const before = await rssAfter(50_000, call);
    // one kilobyte a call would be 100 MiB
    expect((await rssAfter(100_000, call)) - before).toBeLessThan(40 * 2 ** 20);
  });
});
