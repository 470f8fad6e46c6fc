/** Any bytes at all: the reader ends in time, and with nothing but its own error. */

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { VsmtpError } from "../../src/errors.ts";
import { judge } from "../../src/plugin/admit.ts";
import { readCharacters, readPointedText, readPointedTexts } from "../../src/plugin/elf/data.ts";
import { ElfFile } from "../../src/plugin/elf/elf-file.ts";
import { readFunctions } from "../../src/plugin/elf/functions.ts";
import { checkSound } from "../../src/plugin/elf/sound.ts";
import { MemorySource } from "../../src/plugin/elf/source.ts";
import { compile, minimal } from "../fixtures/compile.ts";
import { storagePlugin } from "../fixtures/storage-plugin.ts";
import { facts, random, withoutSections } from "./files.ts";

const INPUTS = 40_000;

const originals = [
  compile(minimal),
  compile(minimal, { flags: ["-Wl,--hash-style=sysv", "-Wl,-z,noseparate-code"] }),
  compile(`${minimal} VSMTP_EXPORT const char *pointed; const char *pointed = "text";`, { flags: ["-s", "-O2"] }),
].map((file) => readFileSync(file));
const storage = storagePlugin({
  name: "fuzzed",
  more: `
    const char *BASE_version = "1.0.0";
    const char *BASE_dependencies[] = { "quota", "mail_log", 0 };
    const char BASE_binary_dependency[] = "imap lmtp";`,
});
originals.push(readFileSync(storage));
const seeds = [...originals, ...originals.map(withoutSections)];
const interesting = [0, 1, 2, 7, 8, 0xff, 0xffff, 0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff];

/** Bit flips, words of every kind, stretches moved or doubled, ends cut off; most of them near the beginning. */
function mutate(seed: Buffer, next: () => number): Buffer {
  const bytes = Buffer.from(seed);
  const pick = (limit: number) => Math.floor(next() * limit);
  const place = (size: number) =>
    pick(Math.max(1, (next() < 0.7 ? Math.min(4096, bytes.length) : bytes.length) - size));
  for (let count = 1 + pick(4); count > 0; count--) {
    const kind = pick(5);
    if (kind === 0) bytes[place(1)] = (bytes[place(1)] ?? 0) ^ (1 << pick(8));
    else if (kind === 1) bytes.writeUInt32LE(interesting[pick(interesting.length)] ?? 0, place(4) & ~3);
    else if (kind === 2) bytes.writeUInt32LE(pick(2 ** 32), place(4));
    else if (kind === 3) bytes.copyWithin(place(64), place(64), place(1) + pick(64));
    else if (next() < 0.2) return bytes.subarray(0, pick(bytes.length));
  }
  return bytes;
}

/** Everything that the reader can do, whether admission would still ask for it or not. */
const questions: readonly ((file: ElfFile) => unknown)[] = [
  checkSound,
  (file) => file.listSymbols().map((symbol) => [readCharacters(file, symbol), readPointedText(file, symbol)]),
  (file) => file.listSymbols().map((symbol) => readPointedTexts(file, symbol)),
  (file) => readFunctions(file),
  (file) => file.wanted(),
  (file) => file.notes,
  (file) => [file.versions.needed, file.versions.defined],
  (file) => [file.dynamic.needed, file.dynamic.soname, file.dynamic.rpath, file.dynamic.runpath],
  (file) => file.constructors,
];

test("mutated plugins make the reader say its own error or read on, and never wait", () => {
  const next = random(42);
  let slowest = 0;
  for (let input = 0; input < INPUTS; input++) {
    const bytes = mutate(seeds[input % seeds.length] as Buffer, next);
    const source = new MemorySource("fuzzed.so", bytes);
    const start = performance.now();
    judge({ file: "fuzzed_plugin.so", realFile: "/fuzzed_plugin.so", bytes, distrust: [] }, facts);
    ask(source);
    slowest = Math.max(slowest, performance.now() - start);
  }
  expect(slowest).toBeLessThan(1000);
}, 300_000);

function ask(source: MemorySource): void {
  const file = ownErrors(() => new ElfFile(source));
  if (file) for (const question of questions) ownErrors(() => question(file));
}

function ownErrors<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof VsmtpError && error.code.startsWith("ELF_")) return undefined;
    throw error;
  }
}
