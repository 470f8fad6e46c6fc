import { beforeAll, describe, expect, it } from "vitest";
import { Float, type NativeModule, type Value, VslMap } from "../../src/vsl/index.ts";
import { bind, caller, fixture, functionOf } from "./loaded.ts";

let module: NativeModule;
let call: ReturnType<typeof caller>;

beforeAll(() => {
  module = bind(fixture("types"));
  call = caller(module);
});

/** The error of a call, whether it throws or rejects. */
async function errorOf(name: string, ...args: Value[]): Promise<{ code?: string; message: string }> {
  try {
    return { message: `no error, but ${String(await call(name, ...args))}` };
  } catch (error) {
    return error as { code?: string; message: string };
  }
}

const integers = [
  ["int8", -128n, 127n],
  ["uint8", 0n, 255n],
  ["int16", -32_768n, 32_767n],
  ["uint16", 0n, 65_535n],
  ["int32", -(2n ** 31n), 2n ** 31n - 1n],
  ["uint32", 0n, 2n ** 32n - 1n],
  ["int64", -(2n ** 63n), 2n ** 63n - 1n],
  ["uint64", 0n, 2n ** 63n - 1n],
] as const;

/** As vSL holds it: a number while it is safe. */
function vsl(value: bigint): number | bigint {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

describe.each(["quick", "slow"])("%s functions", (how) => {
  it.each(integers)("%s takes and gives its lowest and highest value", async (type, lowest, highest) => {
    for (const value of [lowest, highest, 0n, 1n, highest - 1n]) {
      expect(await call(`${how}_${type}`, vsl(value))).toBe(vsl(value));
    }
  });

  it.each(integers)("%s refuses what does not fit, and names the limits", async (type, lowest, highest) => {
    if (lowest > -(2n ** 63n)) {
      const below = await errorOf(`${how}_${type}`, vsl(lowest - 1n));
      expect(below).toMatchObject({ code: "PLUGIN_ARGUMENT_RANGE" });
      expect(below.message).toContain(`must be ${lowest} to ${highest}`);
    }
    if (highest < 2n ** 63n - 1n) {
      expect(await errorOf(`${how}_${type}`, vsl(highest + 1n))).toMatchObject({ code: "PLUGIN_ARGUMENT_RANGE" });
      expect(await errorOf(`${how}_${type}`, 2n ** 63n - 1n)).toMatchObject({ code: "PLUGIN_ARGUMENT_RANGE" });
    }
  });

  it.each([new Float(1), "1", true, undefined, new VslMap()])("an integer is not %o", async (value) => {
    for (const [type] of integers) {
      expect(await errorOf(`${how}_${type}`, value)).toMatchObject({ code: "PLUGIN_ARGUMENT_TYPE" });
    }
  });

  it("booleans are booleans only", async () => {
    expect(await call(`${how}_bool`, true)).toBe(true);
    expect(await call(`${how}_bool`, false)).toBe(false);
    expect(await errorOf(`${how}_bool`, 1)).toMatchObject({ code: "PLUGIN_ARGUMENT_TYPE" });
    expect(await errorOf(`${how}_bool`, undefined)).toMatchObject({ code: "PLUGIN_ARGUMENT_TYPE" });
  });

  it.each([0, -0, 1.5, Number.MAX_VALUE, Number.MIN_VALUE, Number.POSITIVE_INFINITY, Number.NaN])(
    "the double %d comes back",
    async (value) => expect(await call(`${how}_double`, new Float(value))).toEqual(new Float(value)),
  );

  it("an integer is no f64", async () => {
    expect((await errorOf(`${how}_double`, 1)).message).toContain("must be an f64, not an i64");
  });

  it.each(["", "ascii", "grüße", "日本語", "😀", "\u0001\u007f", "x".repeat(100_000), "é".repeat(50_000)])(
    "the text %s comes back",
    async (text) => expect(await call(`${how}_string`, text)).toBe(text),
  );

  it("the longest text that vSL knows comes back", async () => {
    const text = "y".repeat(16 * 2 ** 20);
    expect((await call(`${how}_string`, text)) === text).toBe(true);
  });

  it("half a surrogate pair becomes a replacement character", async () => {
    expect(await call(`${how}_string`, "a\ud800b")).toBe("a\ufffdb");
  });

  it("a text with a NUL is refused, not cut, and the place is told", async () => {
    const error = await errorOf(`${how}_string`, "😀ab\0c");
    expect(error).toMatchObject({ code: "PLUGIN_ARGUMENT_NUL" });
    expect(error.message).toContain("position 3");
  });

  it.each([5, undefined, new Float(1), 139637976727552n])("%o is no string, and never an address", async (value) => {
    expect(await errorOf(`${how}_string`, value)).toMatchObject({ code: "PLUGIN_ARGUMENT_TYPE" });
  });

  it("a result above the range of i64 is an error, the lowest i64 is none", async () => {
    expect(await errorOf(`${how}_highest`)).toMatchObject({ code: "PLUGIN_RESULT_RANGE" });
    expect(await call(`${how}_lowest`)).toBe(-(2n ** 63n));
  });

  it("NULL and void are ()", async () => {
    expect(await call(`${how}_null`)).toBe(undefined);
    expect(await call(`${how}_nothing`)).toBe(undefined);
    expect(await call(`${how}_copy`, "")).toBe(undefined);
  });

  it("what is not UTF-8 gets replacement characters", async () => {
    expect(await call(`${how}_not_utf8`)).toBe("a\ufffd\ufffdz");
  });

  it("a given string is copied", async () => {
    expect(await call(`${how}_copy`, "für dich")).toBe("für dich");
  });

  it("six integers and eight doubles arrive in their order", async () => {
    const f = (value: number): Float => new Float(value);
    const args = [
      -8,
      f(0.5),
      "c",
      f(1.5),
      true,
      f(2.5),
      65535,
      f(3.5),
      f(4.5),
      f(5.5),
      -(2n ** 62n),
      f(6.5),
      f(7.5),
      7,
    ];
    expect(await call(`${how}_all`, ...args)).toBe(
      "-8 0.5 c 1.5 1 2.5 65535 3.5 4.5 5.5 -4611686018427387904 6.5 7.5 7",
    );
  });

  it("vsmtp_fail becomes an error that names function and plugin, and the result is ignored", async () => {
    const error = await errorOf(`${how}_fail`, "ümlaut", 7);
    expect(error).toMatchObject({ code: "PLUGIN_CALL_FAILED" });
    expect(error.message).toBe(`${how}_fail of plugin types: because ümlaut`);
    expect(await call(`${how}_int32`, 3)).toBe(3);
  });

  it("a wrong number of arguments is refused, and the right call shown", async () => {
    const run = {} as Parameters<ReturnType<typeof functionOf>["call"]>[0];
    const fail = functionOf(module, `${how}_fail`, 2);
    await expect(async () => fail.call(run, "a")).rejects.toMatchObject({ code: "PLUGIN_ARGUMENT_COUNT" });
    await expect(async () => fail.call(run, "a", 1, 2)).rejects.toMatchObject({
      fix: `Call it as ${how}_fail(why: string, result: i64)`,
    });
  });
});

describe("what vSL sees of functions", () => {
  it("several of one name differ in the number of parameters", () => {
    expect(module.functions.get("sum")).toHaveLength(3);
    expect([call("sum", 1, 2), call("sum", 1, 2, 3), call("sum", 1, 2, 3, 4)]).toEqual([3, 6, 10]);
  });

  it("parameters have the types of vSL", () => {
    expect(functionOf(module, "sum", 4)).toMatchObject({
      name: "sum",
      parameters: [
        { name: "a", type: "i64" },
        { name: "b", type: "i64" },
        { name: "c", type: "i64" },
        { name: "d", type: "i64" },
      ],
      returns: "i64",
      suspends: false,
      doc: "Adds four\nnumbers.",
    });
    expect(functionOf(module, "slow_nothing", 0)).toMatchObject({ parameters: [], returns: "()", suspends: true });
    expect(functionOf(module, "quick_double", 1)).toMatchObject({ parameters: [{ name: "x", type: "f64" }] });
  });
});
