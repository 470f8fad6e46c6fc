/** Files for other machines, and files that are no libraries. */

import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { machineName } from "../../src/plugin/elf/machine.ts";
import { inspectFile } from "../../src/plugin/index.ts";
import { cc, compile, includeFolder, minimal, newFolder } from "../fixtures/compile.ts";
import { edited, facts, refusals, wordsOf } from "./files.ts";

const plugin = compile(minimal);
const host = machineName(facts.machine);

test("a 32-bit file", () => {
  const file = edited(plugin, (bytes) => Buffer.from(bytes.fill(1, 4, 5)));
  expect(refusals(file)).toEqual(["ELF_OTHER_MACHINE"]);
  expect(wordsOf(file)).toContain(`(32-bit), but this machine is ${host}`);
});

const can32 =
  spawnSync(cc(), ["-m32", "-shared", "-fPIC", "-nostdlib", "-x", "c", "/dev/null", "-o", "/dev/null"]).status === 0;

test.runIf(can32)("a file that was really compiled for 32 bits", () => {
  const file = compile(minimal, { core: false, flags: ["-m32", "-nostdlib"] });
  expect(refusals(file)).toEqual(["ELF_OTHER_MACHINE"]);
  expect(wordsOf(file)).toContain("built for i386 (32-bit)");
});

test("a big-endian file", () => {
  const file = edited(plugin, (bytes) => {
    bytes[5] = 2;
    bytes.writeUInt16BE(21, 18);
    return bytes;
  });
  expect(wordsOf(file)).toContain("built for powerpc64 (64-bit, big-endian)");
});

test.each([
  [183, "aarch64 (64-bit)"],
  [243, "riscv (64-bit)"],
  [62, "x86_64 (64-bit)"],
  [4711, "machine 4711 (64-bit)"],
])("a file for machine %i is called %s", (machine, name) => {
  if (machine === facts.machine.number) return;
  const file = edited(plugin, (bytes) => {
    bytes.writeUInt16LE(machine, 18);
    return bytes;
  });
  expect(refusals(file)).toEqual(["ELF_OTHER_MACHINE"]);
  expect(wordsOf(file)).toContain(`built for ${name}, but this machine is ${host}`);
});

test("a file for another machine can still be inspected", () => {
  const file = edited(plugin, (bytes) => {
    bytes.writeUInt16LE(facts.machine.number === 183 ? 62 : 183, 18);
    return bytes;
  });
  const { manifest, library } = inspectFile(file, facts);
  expect(manifest?.functions.map(({ name }) => name)).toEqual(["answer"]);
  expect(library).toMatchObject({ bytes: readFileSync(file).length, versionSymbol: "1.0.0" });
});

test("a program that was given the name of a plugin", () => {
  const file = join(newFolder(), "libvsmtp-plugin-probe.so");
  const source = `${minimal}\nint main(void) { return 0; }`;
  execFileSync(cc(), ["-pie", "-fPIE", `-I${includeFolder}`, "-x", "c", "-", "-o", file], { input: source });
  expect(refusals(file)).toEqual(["ELF_NOT_A_LIBRARY"]);
  expect(wordsOf(file)).toContain("is a program");
});

test("an object file that was never linked", () => {
  const file = join(newFolder(), "libvsmtp-plugin-probe.so");
  execFileSync(cc(), ["-c", "-fPIC", `-I${includeFolder}`, "-x", "c", "-", "-o", file], { input: minimal });
  expect(refusals(file)).toEqual(["ELF_NOT_A_LIBRARY"]);
  expect(wordsOf(file)).toContain("never linked");
});

test("a static archive", () => {
  const folder = newFolder();
  const object = join(folder, "a.o");
  execFileSync(cc(), ["-c", "-x", "c", "-", "-o", object], { input: "int a;" });
  execFileSync("ar", ["rc", join(folder, "a.so"), object]);
  expect(wordsOf(join(folder, "a.so"))).toContain("static archive");
});
