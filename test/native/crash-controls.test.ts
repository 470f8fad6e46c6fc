/** What is no plugin's fault: faults elsewhere after many calls of a plugin, faults that V8 handles, orderly ends. */

import { rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CELL } from "../../src/observe/index.ts";
import { program, sharedLibrary, temporaryFolder } from "./compile.ts";
import { callPlugin, type End } from "./dying.ts";

const functions = [
  ...["bad_null", "bad_nothing", "bad_deep", "bad_sleep"],
  ...["bad_fork", "bad_fork_exit", "bad_fork_logged"],
];
let folder = "";
let plugin = "";
let other = "";

beforeAll(() => {
  folder = temporaryFolder("controls");
  plugin = sharedLibrary(program("crashes.c"), folder, "libvsmtp-plugin-bad-1.0.0.so");
  other = sharedLibrary(program("crashes.c"), folder, "libother.so");
});
afterAll(() => rmSync(folder, { recursive: true }));

const run = (script: string): Promise<End> => callPlugin(plugin, functions, script);

describe("after 1000 calls of a plugin", () => {
  /** The plugin's words are on koffi's stack, on the thread's own, and on that of a call thread. */
  const calls = `
    const request = (fn, first) => ({
      fn, result: "int", ints: BigInt64Array.of(first, 0n, 0n, 0n, 0n, 0n), addressSlots: 0, outSlot: -1,
      doubles: new Float64Array(8), block: new Uint8Array(0), relocations: new Uint32Array(0),
    });
    const libc = koffi.load("libc.so.6");
    async function all() {
      for (let i = 0; i < 1000; i++) {
        quick("bad_deep");
        native.callNow(request(library.symbol("bad_deep"), 0n));
      }
      for (let i = 0; i < 20; i++) await blocking("bad_deep");
    }`;
  const ends: readonly [string, string, NodeJS.Signals][] = [
    ["abort() of Node's", "process.abort()", "SIGABRT"],
    ["a NULL that koffi gives to libc", `libc.func("size_t strlen(void *)")(null)`, "SIGSEGV"],
    ["a bad pointer that koffi reads", `koffi.decode(8n, "int")`, "SIGSEGV"],
    ["another library", `koffi.load(${"OTHER"}).func("bad_null", "int64", [])()`, "SIGSEGV"],
    ["libc on this thread", `native.callNow(request(libc.symbol("strlen"), 8n))`, "SIGSEGV"],
    ["libc on a call thread", `native.call(request(libc.symbol("strlen"), 8n)).result`, "SIGSEGV"],
    ["a signal of its own", `process.kill(process.pid, "SIGSEGV")`, "SIGSEGV"],
  ];

  it.each(ends)("%s is not blamed on it", async (_, end, signal) => {
    const script = `${calls}\nall().then(() => ${end.replace("OTHER", JSON.stringify(other))});`;
    const died = await run(script);
    expect(died.signal).toBe(signal);
    const facts = died.view.crash();
    expect(facts).toMatchObject({ kind: "signal", signal });
    expect([facts?.plugin, facts?.by]).toEqual([undefined, undefined]);
    expect(facts?.backtrace).not.toEqual([]);
  });
});

it("says who sent a signal from outside", async () => {
  const script = `console.log("ready"); setTimeout(() => {}, 60_000);`;
  const end = await callPlugin(plugin, functions, script, (_, pid) => {
    process.kill(pid, "SIGSEGV");
  });
  expect(end.view.crash()).toMatchObject({ sender: process.pid, note: `sent by process ${process.pid}` });
  expect(end.view.crash()?.plugin).toBeUndefined();
});

describe("V8", () => {
  /** (func (export "f") (param i32) (result i32) local.get 0 i32.load) with one page of memory. */
  const wasm = `
    const f = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array([
      0, 97, 115, 109, 1, 0, 0, 0, 1, 6, 1, 96, 1, 127, 1, 127, 3, 2, 1, 0, 5, 3, 1, 0, 1, 7, 5, 1, 1, 102, 0, 0,
      10, 9, 1, 7, 0, 32, 0, 40, 2, 0, 11,
    ]))).exports.f;
    function trap() { try { f(1 << 28); return "no trap"; } catch (error) { return error.constructor.name; } }
    const traps = new Set(Array.from({ length: 1000 }, trap));`;

  it("still turns faults of WebAssembly into errors", async () => {
    const end = await run(`${wasm} console.log(...traps);`);
    expect(end).toMatchObject({ status: 0, printed: "RuntimeError\n" });
    expect(end.view.crash()).toBeUndefined();
  });

  it("leaves the handlers in place", async () => {
    const end = await run(`${wasm} quick("bad_null");`);
    expect(end.view.crash()).toMatchObject({ plugin: "bad", function: "bad_null" });
  });

  it("still ends recursion with an error", async () => {
    const end = await run(
      `const deeper = () => 1 + deeper(); try { deeper(); } catch (error) { console.log(error.message); }`,
    );
    expect(end).toMatchObject({ status: 0, printed: "Maximum call stack size exceeded\n" });
    expect(end.view.crash()).toBeUndefined();
  });
});

describe("an end in order leaves no record", () => {
  it.each([
    ["because there is nothing left to do", `quick("bad_nothing")`, 0],
    ["by process.exit", `quick("bad_nothing"); process.exit(5)`, 5],
    [
      "while a call is under way",
      `blocking("bad_sleep"); setTimeout(() => process.exit(cells[${CELL.clock}] === 1 ? 6 : 1), 100)`,
      6,
    ],
    ["because of an error nobody caught", `throw new Error("x")`, 1],
  ])("%s", async (_, script, status) => {
    const end = await run(script);
    expect([end.status, end.signal]).toEqual([status, null]);
    expect(end.view.crash()).toBeUndefined();
  });

  it("in a process that a plugin has forked off, and neither does a fault there", async () => {
    const end = await run(`console.log(quick("bad_fork"), quick("bad_fork_exit"));`);
    expect(end).toMatchObject({ status: 0, printed: "11 7\n" });
    expect(end.view.crash()).toBeUndefined();
  });
});

it("tells the lines that wait for the log once, though a process that a plugin has forked off ends with them", async () => {
  const end = await run(`console.log(quick("bad_fork_logged"));`);
  expect(end).toMatchObject({ status: 0, printed: expect.stringContaining("7\n") });
  expect(end.printed.match(/said once/g)).toHaveLength(1);
});
