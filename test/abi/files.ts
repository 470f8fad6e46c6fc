/**
 * What the tests of this folder share: judging a file the way the host does, editing ELF files byte by byte, and
 * seeing in another process whether the loader survives a file.
 */

import { spawnSync } from "node:child_process";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";
import { type ErrorCode, VsmtpError } from "../../src/errors.ts";
import { admitFile, hostFacts, type Verdict } from "../../src/plugin/index.ts";
import { nativeFolder, newFolder } from "../fixtures/compile.ts";

/** The facts that all judgements of one test file share. */
export const facts = hostFacts();
afterAll(() => facts.libraries.close());

export function judgeFile(file: string): Verdict {
  return admitFile(file, facts);
}

/** The codes of what speaks against a file, each once; empty: it is admitted, or no plugin. */
export function codesOf(verdict: Verdict): ErrorCode[] {
  return verdict.kind === "refused" ? [...new Set(verdict.problems.map(({ code }) => code))] : [];
}

export function refusals(file: string): ErrorCode[] {
  return codesOf(judgeFile(file));
}

/** All that is said against a file, in one text. */
export function wordsOf(file: string): string {
  const verdict = judgeFile(file);
  if (verdict.kind !== "refused") return verdict.kind;
  return verdict.problems.map(({ message, fix }) => `${message}. ${fix}.`).join("\n");
}

/** A copy with a name of its own. */
export function copyAs(file: string, name: string): string {
  const copy = join(newFolder(), name);
  copyFileSync(file, copy);
  return copy;
}

/** A changed copy of the same name in another folder. */
export function edited(file: string, edit: (bytes: Buffer) => Buffer | undefined): string {
  const copy = join(newFolder(), basename(file));
  const bytes = readFileSync(file);
  writeFileSync(copy, edit(bytes) ?? bytes);
  return copy;
}

export interface Section {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
}

/** The sections that take room in a file. */
export function sectionsOf(bytes: Buffer): Section[] {
  const table = Number(bytes.readBigUInt64LE(40));
  const header = (index: number) => table + index * 64;
  const names = Number(bytes.readBigUInt64LE(header(bytes.readUInt16LE(62)) + 24));
  const SHT_NOBITS = 8;
  return Array.from({ length: bytes.readUInt16LE(60) }, (_, index) => header(index))
    .filter((at) => bytes.readUInt32LE(at + 4) !== SHT_NOBITS)
    .map((at) => {
      const name = names + bytes.readUInt32LE(at);
      return {
        name: bytes.toString("latin1", name, bytes.indexOf(0, name)),
        offset: Number(bytes.readBigUInt64LE(at + 24)),
        size: Number(bytes.readBigUInt64LE(at + 32)),
      };
    });
}

/** Without section headers, as `sstrip` leaves a file: loaders do not need them. */
export function withoutSections(bytes: Buffer): Buffer {
  const stripped = Buffer.from(bytes.subarray(0, Number(bytes.readBigUInt64LE(40))));
  stripped.writeBigUInt64LE(0n, 40);
  stripped.fill(0, 58, 64);
  return stripped;
}

/** Which of these files end a process that loads them. What the loader refuses with an error does not count. */
export function killedBy(files: readonly string[]): string[] {
  const killed: string[] = [];
  for (let rest = files; rest.length > 0; ) {
    const child = spawnSync(process.execPath, ["-e", loader], { input: rest.join("\n"), encoding: "utf8", cwd: root });
    const reached = child.stdout.split("\n").length - 1;
    if (child.status === 0 && reached === rest.length) break;
    killed.push(rest[reached - 1] ?? `the process that loads: ${child.stderr}`);
    rest = rest.slice(Math.max(1, reached));
  }
  return killed;
}

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Prints a line before each file, so that the last line names the one that ended it. Nothing is run at its end. */
const loader = `
  const { readFileSync, writeSync } = require("node:fs");
  const koffi = require("koffi");
  const libraries = [koffi.load(${JSON.stringify(join(nativeFolder, "libvsmtp.so.1"))})];
  for (const file of readFileSync(0, "utf8").split("\\n")) {
    writeSync(1, file + "\\n");
    try {
      libraries.push(koffi.load(file));
    } catch {}
  }
  koffi.load(null).func("void _exit(int)")(0);`;

/** Numbers between 0 and 1, the same ones for the same seed (mulberry32). */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What a function throws, if it is an error of ours. */
export function thrown(run: () => unknown): VsmtpError | undefined {
  try {
    run();
  } catch (error) {
    if (error instanceof VsmtpError) return error;
    throw error;
  }
  return undefined;
}
