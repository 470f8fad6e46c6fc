/** Calls that are given up, and the threads that they leave behind. */

import { execFile } from "node:child_process";
import { lookup } from "node:dns/promises";
import { readdirSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { native, type PendingCall } from "../../src/native/index.ts";
import { type Library, open } from "./calling.ts";
import { nativeFolder, program, sharedLibrary, temporaryFolder } from "./compile.ts";

let folder = "";
let file = "";
let library: Library;

beforeAll(() => {
  folder = temporaryFolder("abandoned");
  file = sharedLibrary(program("calls.c"), folder, "libabandoned.so");
  library = open(file);
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  native().setThreads({ writers: 4, calls: 3 });
  gate(false);
});
afterEach(async () => {
  gate(true);
  await atGate(0);
  native().setThreads({ writers: 4, calls: 16 });
});

/** The gate is opened on this thread, because those for calls may all wait at it. */
function gate(isOpen: boolean): void {
  library.callNow("open_gate", "void", isOpen ? 1n : 0n);
}

const waiting = (): PendingCall => library.begin("wait_at_gate", "void");
const negate = async (n: bigint): Promise<unknown> => (await library.call("negate", "int", n)).value;
const threads = (): number => readdirSync("/proc/self/task").length;

/** Until as many calls have begun, and wait at the gate. */
const atGate = (count: number): Promise<void> => until(() => library.callNow("at_gate", "int").value === BigInt(count));

/** Until what the threads do shows. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await delay(5);
}

it("A call that runs, one that waits for a thread and one that is over are told apart.", async () => {
  const running = [waiting(), waiting(), waiting()];
  const queued = library.begin("negate", "int", 5n);
  await atGate(3);
  expect(queued.abandon()).toBe("waiting");
  expect(queued.abandon()).toBe("over");
  expect(running.map((call) => call.abandon())).toEqual(["running", "running", "running"]);
  const ended = library.begin("negate", "int", 1n);
  await ended.result;
  expect(ended.abandon()).toBe("over");
});

it("The threads of calls that were given up are replaced, those of others are not touched.", async () => {
  const kept = waiting();
  const hung = [waiting(), waiting()];
  const behind = [1n, 2n, 3n, 4n].map(negate);
  await atGate(3);
  for (const call of hung) call.abandon();
  expect(await Promise.all(behind)).toEqual([-1n, -2n, -3n, -4n]);
  gate(true);
  expect(await kept.result).toMatchObject({ failure: undefined });
});

it("A thread whose call was given up ends when the function returns after all.", async () => {
  await Promise.all([1n, 2n, 3n].map(negate));
  const before = threads();
  const hung = Array.from({ length: 9 }, waiting);
  for (let i = 0; i < hung.length; i += 3) {
    await atGate(i + 3);
    expect(hung.slice(i, i + 3).map((call) => call.abandon())).toEqual(["running", "running", "running"]);
  }
  await Promise.all([1n, 2n, 3n].map(negate));
  expect(threads()).toBeGreaterThanOrEqual(before + 9 - 3);
  gate(true);
  await until(() => threads() <= before);
  expect(await negate(7n)).toBe(-7n);
});

it("A function that was given up finds its arguments unharmed.", async () => {
  const call = library.begin("remember_at_gate", "void", "still here");
  await atGate(1);
  expect(call.abandon()).toBe("running");
  for (let i = 0; i < 200; i++) await library.call("borrowed", "string", "x".repeat(32));
  gate(true);
  await until(() => library.callNow("remembered", "string").value === "still here");
});

it("A result that comes too late is dropped, and settles nothing.", async () => {
  const call = waiting();
  let settled = false;
  call.result.finally(() => {
    settled = true;
  });
  await atGate(1);
  const before = threads();
  call.abandon();
  gate(true);
  await until(() => threads() < before);
  await negate(1n);
  expect(settled).toBe(false);
});

it("Whatever is given up among many calls, all others come back.", async () => {
  gate(true);
  const kept: Promise<unknown>[] = [];
  for (let round = 0; round < 300; round++) {
    const calls = Array.from({ length: 5 }, (_, i) => library.begin("negate", "int", BigInt(i)));
    if (round % 3 === 0) await new Promise(setImmediate);
    for (const [i, call] of calls.entries()) {
      if ((round + i) % 2 === 0 || call.abandon() === "over") kept.push(call.result.then(({ value }) => value));
    }
  }
  expect(await Promise.all(kept)).not.toContain(undefined);
});

it("Twelve hung calls leave names, files and other calls working.", async () => {
  for (let hung = 0; hung < 12; ) {
    const call = library.begin("hang", "void");
    await delay(5);
    if (call.abandon() === "running") hung++;
  }
  expect(await lookup("localhost")).toMatchObject({ address: expect.any(String) });
  expect((await readFile(file)).length).toBeGreaterThan(0);
  expect(await negate(3n)).toBe(-3n);
});

it("The process ends by itself although calls that were given up still run.", async () => {
  const script = `
    const native = require(${JSON.stringify(join(nativeFolder, "vsmtp.node"))});
    const lib = globalThis.lib = require("koffi").load(process.argv[1]);
    const request = { fn: lib.symbol("hang"), result: "void", ints: new BigInt64Array(6), addressSlots: 0, outSlot: -1,
      doubles: new Float64Array(8), block: new Uint8Array(0), relocations: new Uint32Array(0) };
    let hung = 0;
    const hang = () => {
      const call = native.call(request);
      setTimeout(() => {
        if (call.abandon() === "running") hung++;
        if (hung < 12) hang(); else console.log("twelve hang");
      }, 5);
    };
    hang();`;
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", script, file], { timeout: 30_000 });
  expect(stdout).toBe("twelve hang\n");
});

it("A call on the calling thread answers at once, as one on another would later.", () => {
  expect(library.callNow("negate", "int", 5n).value).toBe(-5n);
  expect(library.callNow("fail", "void", "no").failure).toBe("it failed: no");
  expect(library.callNow("given", "given-string", "größe").value).toBe("größe");
});
