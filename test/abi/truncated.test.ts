/**
 * Files that are cut off or damaged. Loading one can kill the process, so whatever is admitted here is also loaded, in
 * a child process that must survive it.
 */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { compile, minimal, newFolder } from "../fixtures/compile.ts";
import { edited, judgeFile, killedBy, random, refusals, sectionsOf, withoutSections } from "./files.ts";

const plugin = compile(minimal, { flags: ["-O2"] });
const bytes = readFileSync(plugin);

/** Writes variants of one file into a folder and gives those back that are admitted. */
function admittedOf(variants: readonly Buffer[]): string[] {
  const folder = newFolder();
  return variants.flatMap((variant, index) => {
    const file = join(folder, `${index}.so`);
    writeFileSync(file, variant);
    return judgeFile(file).kind === "admitted" ? [file] : [];
  });
}

test("cut off at every boundary of a section", () => {
  const boundaries = sectionsOf(bytes).flatMap(({ offset, size }) => [offset, offset + size]);
  const ends = [...new Set(boundaries)].filter((end) => end < bytes.length);
  expect(ends.length).toBeGreaterThan(20);
  for (const end of ends) {
    const file = edited(plugin, () => bytes.subarray(0, end));
    expect([end, refusals(file)]).toEqual([end, [end === 0 ? "ELF_NOT_ELF" : "ELF_TRUNCATED"]]);
  }
});

test("cut off anywhere", () => {
  const ends = Array.from({ length: Math.floor(bytes.length / 97) }, (_, index) => index * 97);
  expect(admittedOf([...ends, bytes.length - 1].map((end) => bytes.subarray(0, end)))).toEqual([]);
});

test("cut off behind all that is loaded, a file without section headers is whole", () => {
  const bare = withoutSections(bytes);
  const ends = Array.from({ length: Math.ceil(bare.length / 61) }, (_, index) => bare.length - index * 61);
  const admitted = admittedOf(ends.map((end) => bare.subarray(0, end)));
  expect(admitted.length).toBeGreaterThan(0);
  expect(admitted.length).toBeLessThan(ends.length);
  expect(killedBy(admitted)).toEqual([]);
});

test("a cut that is admitted by nobody would kill the process", () => {
  const bare = withoutSections(bytes);
  const dynamic = sectionsOf(bytes).find(({ name }) => name === ".dynamic");
  const file = edited(plugin, () => bare.subarray(0, (dynamic?.offset ?? 0) - 0x1000));
  expect(refusals(file)).toEqual(["ELF_TRUNCATED"]);
  expect(killedBy([file])).toEqual([file]);
});

test("zeros in place of the end, as after a crash of the machine", () => {
  const variants = sectionsOf(bytes)
    .filter(({ name }) => /^\.(dyn|gnu|hash|rela|note|init_array|got)/.test(name))
    .map(({ offset }) => Buffer.concat([bytes.subarray(0, offset), Buffer.alloc(bytes.length - offset)]));
  expect(variants.length).toBeGreaterThan(5);
  const files = admittedOf(variants);
  expect(killedBy(files)).toEqual([]);
});

test("garbled tables either are refused or do no harm to the loader", () => {
  const next = random(20);
  const places = sectionsOf(bytes)
    .filter(({ name }) => /^\.(dynamic|dynsym|dynstr|gnu\.hash|gnu\.version.*)$/.test(name))
    .flatMap(({ offset, size }) => Array.from({ length: Math.floor(size / 4) }, (_, index) => offset + index * 4))
    .filter((at) => !saysWhatRuns(at));
  const words = [0, 1, 0xff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];
  const variants = Array.from({ length: 1500 }, () => {
    const variant = Buffer.from(bytes);
    const at = places[Math.floor(next() * places.length)] ?? 0;
    const flipped = (variant.readUInt32LE(at) ^ (1 << Math.floor(next() * 32))) >>> 0;
    variant.writeUInt32LE(next() < 0.5 ? flipped : (words[Math.floor(next() * words.length)] ?? 0), at);
    return variant;
  });
  const admitted = admittedOf(variants);
  expect(admitted.length).toBeGreaterThan(50);
  expect(killedBy(admitted)).toEqual([]);
});

/** DT_INIT, DT_FINI and the arrays: that a wrong address of code is still one of code nobody can see. */
function saysWhatRuns(at: number): boolean {
  const dynamic = sectionsOf(bytes).find(({ name }) => name === ".dynamic");
  if (!dynamic || at < dynamic.offset || at >= dynamic.offset + dynamic.size) return false;
  return [12, 13, 25, 26, 27, 28].includes(bytes.readUInt32LE(at - ((at - dynamic.offset) % 16)));
}
