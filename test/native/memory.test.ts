/** Memory that one process hands to another as an open file: shared, and sealed. */

import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, it } from "vitest";
import { native } from "../../src/native/index.ts";
import { compile } from "../fixtures/compile.ts";
import { answer } from "./child.ts";

const isRoot = process.getuid?.() === 0;

it("shares memory with a process that inherits its descriptor by number", async () => {
  const { descriptor, memory } = native().sharedMemory("test", 4096);
  const script = `
    const words = Buffer.alloc(4);
    fs.readSync(3, words, 0, 4, 100);
    fs.writeSync(3, Buffer.from("heard"), 0, 5, 200);
    say(words.readInt32LE());`;
  new DataView(memory).setInt32(100, 42, true);
  expect(await answer(script, [descriptor])).toBe(42);
  expect(Buffer.from(memory, 200, 5).toString()).toBe("heard");
  closeSync(descriptor);
  // the view outlives the descriptor
  expect(Buffer.from(memory, 200, 5).toString()).toBe("heard");
});

it("starts with zeros", () => {
  const { descriptor, memory } = native().sharedMemory("test", 10_000);
  closeSync(descriptor);
  expect(memory.byteLength).toBe(10_000);
  expect(new Uint8Array(memory).every((byte) => byte === 0)).toBe(true);
});

it("lets nobody cut shared memory short, which would kill whoever looks at it", () => {
  const { descriptor } = native().sharedMemory("test", 4096);
  expect(() => ftruncateSync(descriptor, 0)).toThrow("EPERM");
  expect(() => ftruncateSync(descriptor, 8192)).toThrow("EPERM");
  closeSync(descriptor);
});

it("refuses sizes and names that are none", () => {
  for (const bytes of [0, -1, 1.5, Number.NaN, 2 ** 40])
    expect(() => native().sharedMemory("test", bytes)).toThrow("whole number");
  expect(() => native().sharedMemory("a\0b", 1)).toThrow("without NUL");
  expect(() => native().sharedMemory("n".repeat(300), 1)).toThrow("EINVAL");
});

it("seals a file: it can be read, and changed by nobody", () => {
  const descriptor = native().sealedFile("some.so", Buffer.from("the bytes"));
  const path = `/proc/self/fd/${descriptor}`;
  expect(readFileSync(path, "utf8")).toBe("the bytes");
  expect(() => writeSync(descriptor, "x", 0)).toThrow("EPERM");
  expect(() => ftruncateSync(descriptor, 0)).toThrow("EPERM");
  expect(() => ftruncateSync(descriptor, 100)).toThrow("EPERM");
  // root may open anything; the seals hold for it too
  const again = () => writeSync(openSync(path, "r+"), "x");
  expect(again).toThrow(isRoot ? "EPERM" : "EACCES");
  closeSync(descriptor);
});

it("takes a large file whole, and an empty one", () => {
  for (const size of [0, 1, 20_000_000]) {
    const bytes = Buffer.alloc(size, "0123456789");
    const descriptor = native().sealedFile("some.so", bytes);
    expect(readFileSync(`/proc/self/fd/${descriptor}`).equals(bytes)).toBe(true);
    closeSync(descriptor);
  }
});

it("takes a part of a larger array, and nothing that is no bytes", () => {
  const descriptor = native().sealedFile("some.so", Buffer.from("0123456789").subarray(3, 5));
  expect(readFileSync(`/proc/self/fd/${descriptor}`, "utf8")).toBe("34");
  closeSync(descriptor);
  expect(() => native().sealedFile("some.so", "text" as unknown as Uint8Array)).toThrow("Uint8Array");
});

it("is loaded as a library by a process that inherited it, under another user too", async () => {
  const file = compile('int answer(void); __attribute__((visibility("default"))) int answer(void) { return 42; }', {
    name: "sealed.so",
    core: false,
  });
  const descriptor = native().sealedFile("sealed.so", readFileSync(file));
  const koffi = JSON.stringify(createRequire(import.meta.url).resolve("koffi"));
  const script = `
    const koffi = require(${koffi});
    const privileges = { uid: 65534, gid: 65534, groups: [], keep: [] };
    if (process.getuid() === 0) native.dropPrivileges(privileges);
    const library = koffi.load("/proc/self/fd/3");
    const maps = fs.readFileSync("/proc/self/maps", "utf8");
    say([library.func("int answer(void)")(), maps.includes("/memfd:sealed.so")]);`;
  expect(await answer(script, [descriptor])).toEqual([42, true]);
  closeSync(descriptor);
});

it("does not come along into processes that it was not given to", async () => {
  const { descriptor } = native().sharedMemory("test", 4096);
  const sealed = native().sealedFile("some.so", Buffer.from("x"));
  const script = `
    const links = fs.readdirSync("/proc/self/fd").map((fd) => {
      try { return fs.readlinkSync("/proc/self/fd/" + fd); } catch { return ""; }
    });
    say(links.filter((link) => link.includes("memfd")));`;
  expect(await answer(script)).toEqual([]);
  for (const fd of [descriptor, sealed]) closeSync(fd);
});
