/** The loader's cache and its directories: read as the loader reads them, and never trusted. */

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { LoaderCache } from "../../src/plugin/system-libraries-cache.ts";
import { directoriesOf, expand } from "../../src/plugin/system-libraries-paths.ts";
import { newFolder } from "../fixtures/compile.ts";
import { random } from "./files.ts";

interface Entry {
  readonly name: string;
  readonly path: string;
  readonly capabilities?: number;
}

/** A cache as ldconfig writes it. */
function cacheOf(entries: readonly Entry[], before = Buffer.alloc(0)): Buffer {
  const header = Buffer.alloc(48);
  header.write("glibc-ld.so.cache1.1", "latin1");
  header.writeUInt32LE(entries.length, 20);
  const table = Buffer.alloc(entries.length * 24);
  let texts = "";
  const place = (text: string) => {
    const at = header.length + table.length + texts.length;
    texts += `${text}\0`;
    return at;
  };
  for (const [index, { name, path, capabilities = 0 }] of entries.entries()) {
    table.writeUInt32LE(place(name), index * 24 + 4);
    table.writeUInt32LE(place(path), index * 24 + 8);
    table.writeUInt32LE(capabilities, index * 24 + 20);
  }
  return Buffer.concat([before, header, table, Buffer.from(texts)]);
}

test("a library is found by its whole name", () => {
  const cache = new LoaderCache(
    cacheOf([
      { name: "liba.so.1", path: "/lib/liba.so.1" },
      { name: "xliba.so.1", path: "/lib/xliba.so.1" },
    ]),
  );
  expect(cache.lookup("liba.so.1")).toEqual(["/lib/liba.so.1"]);
  expect(cache.lookup("liba.so")).toEqual([]);
  expect(cache.lookup("a.so.1")).toEqual([]);
});

test("builds for newer processors come last", () => {
  const special = { name: "liba.so.1", path: "/lib/glibc-hwcaps/x86-64-v3/liba.so.1", capabilities: 1 << 30 };
  const cache = new LoaderCache(cacheOf([special, { name: "liba.so.1", path: "/lib/liba.so.1" }]));
  expect(cache.lookup("liba.so.1")).toEqual(["/lib/liba.so.1", special.path]);
});

test("the table behind one of the old form is found", () => {
  const old = Buffer.alloc(32);
  old.write("ld.so-1.7.0\0", "latin1");
  old.writeUInt32LE(1, 12);
  const cache = new LoaderCache(cacheOf([{ name: "liba.so.1", path: "/lib/liba.so.1" }], old));
  expect(cache.lookup("liba.so.1")).toEqual(["/lib/liba.so.1"]);
});

test("a cache that is missing, cut off or garbled is an empty or a smaller one", () => {
  expect(LoaderCache.read(`${newFolder()}/none`).lookup("libc.so.6")).toEqual([]);
  const whole = cacheOf([
    { name: "liba.so.1", path: "/lib/liba.so.1" },
    { name: "libb.so.1", path: "/lib/libb.so.1" },
  ]);
  for (let end = 0; end < whole.length; end++) new LoaderCache(whole.subarray(0, end)).lookup("liba.so.1");
  const next = random(7);
  for (let round = 0; round < 2000; round++) {
    const garbled = Buffer.from(whole);
    garbled.writeUInt32LE(Math.floor(next() * 2 ** 32), Math.floor(next() * (garbled.length - 4)));
    new LoaderCache(garbled).lookup("liba.so.1");
  }
});

test("the cache of this system knows its C library", () => {
  const cache = LoaderCache.read("/etc/ld.so.cache");
  const known = readFileSync("/proc/self/maps", "latin1").match(/\/\S*\/libc\.so\.6$/m);
  if (known) expect(cache.lookup("libc.so.6").length).toBeGreaterThan(0);
});

test("$ORIGIN is the file's own directory, and $LIB all that it may stand for", () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the loader's own way of writing it
  expect(directoriesOf("$ORIGIN/lib:${ORIGIN}/../native:/opt", "/p")).toEqual(["/p/lib", "/p/../native", "/opt"]);
  expect(expand("/usr/$LIB/x", "/p")).toContain("/usr/lib64/x");
  expect(expand("/usr/$LIB/x", "/p")).toContain("/usr/lib/x");
  expect(expand("$ORIGINAL", "/p")).toEqual(["$ORIGINAL"]);
});
