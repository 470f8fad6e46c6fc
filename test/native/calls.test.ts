/** Plugin functions on call threads. */

import { execFile } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { native } from "../../src/native/index.ts";
import { type Library, open } from "./calling.ts";
import { nativeFolder, program, sharedLibrary, temporaryFolder } from "./compile.ts";

let folder = "";
let file = "";
let library: Library;

beforeAll(() => {
  folder = temporaryFolder("calls");
  file = sharedLibrary(program("calls.c"), folder, "libcalls.so");
  library = open(file);
});
afterAll(() => rmSync(folder, { recursive: true }));

const doubles = [1, 2, 3, 4, 5, 6, 7, 8].map((double) => ({ double }));

describe("arguments and results", () => {
  it("passes 6 integers and 8 doubles in any order of parameters", async () => {
    const { value } = await library.call("mix", "double", 1n, 2n, 3n, 4n, "12345", 1n, ...doubles);
    expect(value).toBeCloseTo(1 + 20 + 300 + 4000 + 50000 + 100000 + 0.12345678, 9);
  });

  it("returns integers with all 64 bits", async () => {
    const least = -(2n ** 63n) + 1n;
    expect(await library.call("negate", "int", least)).toEqual({ failure: undefined, value: -least, out: undefined });
  });

  it("copies a borrowed string before the thread's next call overwrites it", async () => {
    const texts = Array.from({ length: 200 }, (_, i) => `text ${i}`);
    const results = await Promise.all(texts.map((text) => library.call("borrowed", "string", text)));
    expect(results.map(({ value }) => value)).toEqual(texts.map((text) => `<${text}>`));
  });

  it("copies a given string and frees it", async () => {
    expect((await library.call("given", "given-string", "größe")).value).toBe("größe");
  });

  it("returns undefined for NULL strings", async () => {
    expect((await library.call("given", "given-string", "")).value).toBeUndefined();
    expect((await library.call("borrowed", "string", "")).value).toBeUndefined();
  });

  it("shows U+FFFD where a string is not UTF-8", async () => {
    expect((await library.call("not_utf8", "string")).value).toBe("caf\u{fffd}");
  });

  it("hands pointers through", async () => {
    const { value } = await library.call("box", "pointer", 42n);
    expect((await library.call("unbox", "int", BigInt.asIntN(64, value as bigint))).value).toBe(42n);
  });
});

describe("values", () => {
  it("reads an encoded value and writes one", async () => {
    const { out, failure } = await library.callOut("describe", Uint8Array.of(2, 7, 0, 0, 0, 0, 0, 0, 0));
    const text = (t: string): number[] => [...Buffer.from(t), 0];
    const size = (n: number): number[] => [n, 0, 0, 0];
    const copy = [...size(4), ...text("copy"), 2, ...size(7), ...size(0)];
    const type = [...size(4), ...text("type"), 5, ...size(3), ...text("i64")];
    const body = [...copy, ...type];
    expect(failure).toBeUndefined();
    expect([...(out ?? [])]).toEqual([8, ...size(2), ...size(body.length), ...body]);
  });

  it("returns results of any size", async () => {
    const { out } = await library.callOut("large", 5_000_000n);
    expect(out?.length).toBe(5_000_006);
  });

  it("reports an unfinished result as a failure, and starts the next call afresh", async () => {
    expect((await library.callOut("unfinished")).failure).toContain("an array or a map was not ended");
    expect((await library.callOut("describe", Uint8Array.of(0))).failure).toBeUndefined();
  });
});

describe("failures", () => {
  it("returns the text of vsmtp_fail and nothing else", async () => {
    const result = await library.call("fail", "given-string", "no connection");
    expect(result).toEqual({ failure: "it failed: no connection", value: undefined, out: undefined });
  });

  it("forgets a failure when the next call begins", async () => {
    await library.call("fail", "given-string", "x");
    const results = await Promise.all(Array.from({ length: 50 }, () => library.call("negate", "int", 1n)));
    expect(results.every(({ failure }) => failure === undefined)).toBe(true);
  });

  it("throws at once when a request makes no sense", () => {
    expect(() => library.call("negate", "text" as "string", 1n)).toThrow("unknown result");
    const request = { fn: 0n, result: "int" } as Parameters<ReturnType<typeof native>["call"]>[0];
    expect(() => native().call(request)).toThrow("fn is NULL");
    const outside = new BigInt64Array(6).fill(9n);
    const empty = { doubles: new Float64Array(8), block: new Uint8Array(8), relocations: new Uint32Array(0) };
    const fn = library.address("negate");
    expect(() => native().call({ fn, result: "int", ints: outside, addressSlots: 1, outSlot: -1, ...empty })).toThrow(
      "outside of block",
    );
    const relocations = Uint32Array.of(1);
    expect(() =>
      native().call({ fn, result: "int", ints: outside, addressSlots: 0, outSlot: -1, ...empty, relocations }),
    ).toThrow("outside of block");
  });
});

describe("threads", () => {
  it("lets the event loop and other calls go on while calls wait", async () => {
    const order: string[] = [];
    await library.call("open_gate", "void", 0n);
    const waiting = [1, 2, 3].map(() => library.call("wait_at_gate", "void").then(() => order.push("waited")));
    for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
    await library.call("negate", "int", 1n).then(() => order.push("quick"));
    await library.call("open_gate", "void", 1n);
    await Promise.all(waiting);
    expect(order).toEqual(["quick", "waited", "waited", "waited"]);
  });

  it("runs more calls than it has threads", async () => {
    native().setThreads({ writers: 4, calls: 3 });
    const results = await Promise.all(Array.from({ length: 500 }, (_, i) => library.call("negate", "int", BigInt(i))));
    native().setThreads({ writers: 4, calls: 16 });
    expect(results.map(({ value }) => value)).toEqual(Array.from({ length: 500 }, (_, i) => -BigInt(i)));
  });

  it("refuses thread counts out of range", () => {
    expect(() => native().setThreads({ writers: 0, calls: 1 })).toThrow("writers must be a number from 1 to 256");
  });
});

describe("the end of the process", () => {
  const addon = join(nativeFolder, "vsmtp.node");
  const prelude = `
    const native = require(${JSON.stringify(addon)});
    const lib = globalThis.lib = require("koffi").load(process.argv[1]);
    const call = (name, n) => native.call({ fn: lib.symbol(name), result: "void", ints: BigInt64Array.of(n, 0n, 0n, 0n, 0n, 0n),
      addressSlots: 0, outSlot: -1, doubles: new Float64Array(8), block: new Uint8Array(0), relocations: new Uint32Array(0) }).result;`;
  const run = (script: string): Promise<{ stdout: string; stderr: string }> =>
    promisify(execFile)(process.execPath, ["-e", prelude + script, file], { timeout: 30_000 });

  it("comes by process.exit although 12 calls hang", async () => {
    const { stdout } = await run(`
      for (let i = 0; i < 12; i++) call("hang", 0n);
      require("fs").readFile(process.argv[1], () => call("nap", 1n).then(() => { console.log("working"); process.exit(0); }));`);
    expect(stdout).toBe("working\n");
  });

  it("does not come while a call is under way", async () => {
    const { stdout } = await run(`call("nap", 200n).then(() => console.log("done"));`);
    expect(stdout).toBe("done\n");
  });

  it("comes when no call is under way, although threads were started and logs are listened to", async () => {
    const { stdout } = await run(`native.onLog(() => {}); call("nap", 1n).then(() => console.log("done"));`);
    expect(stdout).toBe("done\n");
  });

  it.each(["", "process.exit(0);"])("loses no line that was logged right before it (%s)", async (end) => {
    const { stderr } = await run(`
      native.onLog(() => {});
      lib.func("say", "void", ["int32", "str"])(50, "last words");
      ${end}`);
    expect(stderr).toContain("last words");
  });
});
