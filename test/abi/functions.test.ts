/** Names of functions by address, as `vsmtp mail hooks` shows them. */

import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { FunctionNames } from "../../src/plugin/index.ts";
import { compile, writeNew } from "../fixtures/compile.ts";
import { edited, withoutSections } from "./files.ts";

const file = compile(
  `
  __attribute__((noinline)) static int hidden(int a) { return a * 3; }
  __attribute__((visibility("default"))) int shown(int a);
  int shown(int a) { return hidden(a) + 1; }
`,
  { core: false, flags: ["-O1"] },
);

/** The addresses of the functions, as the system's own tool reads them. */
const addresses = new Map(
  execFileSync("nm", [file], { encoding: "utf8" })
    .split("\n")
    .map((line) => line.split(" "))
    .map(([address = "", , name = ""]) => [name, Number.parseInt(address, 16)]),
);
const hidden = addresses.get("hidden") ?? 0;
const shown = addresses.get("shown") ?? 0;

test("static functions have names as long as the file is not stripped", () => {
  const names = new FunctionNames();
  expect([names.at(file, hidden), names.at(file, shown), names.at(file, shown + 1)]).toEqual([
    "hidden",
    "shown",
    "shown",
  ]);
});

test("an address in no function has none", () => {
  const names = new FunctionNames();
  expect([names.at(file, 0), names.at(file, 1 << 30)]).toEqual([undefined, undefined]);
});

test("of a stripped file, those that it exports have names", () => {
  for (const strip of [withoutSections, undefined]) {
    const stripped = edited(file, strip ?? (() => undefined));
    if (!strip) execFileSync("strip", [stripped]);
    const names = new FunctionNames();
    expect([names.at(stripped, hidden), names.at(stripped, shown)]).toEqual([undefined, "shown"]);
  }
});

test("of what is no library nothing is known", () => {
  const names = new FunctionNames();
  expect([names.at("/nonexistent", 1), names.at(writeNew("x.so", "text"), 1)]).toEqual([undefined, undefined]);
});

test("a damaged table of sections gives no names, and no failure", () => {
  const damaged = edited(file, (bytes) => {
    bytes.fill(0xff, Number(bytes.readBigUInt64LE(40)));
    return bytes;
  });
  expect(new FunctionNames().at(damaged, shown)).toBe("shown");
});
