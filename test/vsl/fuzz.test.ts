/** Whatever a file holds, reading it ends in a tree or in a VsmtpError with a place; so does running what could be read. */

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { VsmtpError } from "../../src/errors.ts";
import { defaultLimits, Engine } from "../../src/vsl/index.ts";
import { parse } from "../../src/vsl/syntax/parser.ts";
import { Source } from "../../src/vsl/syntax/source.ts";

const directory = dirname(fileURLToPath(import.meta.url));
const seeds = readdirSync(directory, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".vsl"))
  .map((file) => readFileSync(join(directory, file), "utf8"));

/** xorshift: the same inputs on every machine. */
function* numbers(seed: number): Generator<number> {
  for (let x = seed; ; ) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    yield x >>> 0;
  }
}

const random = numbers(20261120);
const below = (limit: number) => (random.next().value as number) % limit;
const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T;

/** Pieces of one script in place of pieces of another. */
function splice(): string {
  const [text, other] = [pick(seeds), pick(seeds)];
  const [at, from] = [below(text.length + 1), below(other.length + 1)];
  return text.slice(0, at) + other.slice(from, from + below(40)) + text.slice(at + below(20));
}

const tokens =
  'let const fn if else switch { } ( ) [ ] #{ | || => = == += . ?. ?[ :: , ; : x y 1 2.5 "s" \'c\' `t` $ in for while loop break return this rule "r" ! - .. ..= ** << ?? \\ 0x \u{1F600} \0'.split(
    " ",
  );

function soup(): string {
  return Array.from({ length: 1 + below(30) }, () => pick(tokens)).join(below(4) === 0 ? "" : " ");
}

function outcome(run: () => unknown): unknown {
  try {
    run();
    return undefined;
  } catch (error) {
    return error;
  }
}

it("Spliced scripts and random tokens parse or are refused with a place.", () => {
  for (let i = 0; i < 40_000; i++) {
    const text = i % 2 === 0 ? splice() : soup();
    const error = outcome(() => parse(new Source("fuzz.vsl", text)));
    if (error !== undefined && !(error instanceof VsmtpError && error.place)) {
      throw new Error(`${JSON.stringify(text)} gave ${String(error)}`, { cause: error });
    }
  }
});

it("What can be read is checked, compiled and run without any other kind of error.", async () => {
  const folder = mkdtempSync(join(tmpdir(), "vsmtp-fuzz-"));
  const limits = { ...defaultLimits, operations: 2_000, depth: 20 };
  let ran = 0;
  try {
    for (let i = 0; i < 4_000; i++) {
      const text = i % 2 === 0 ? splice() : soup();
      writeFileSync(join(folder, "fuzz.vsl"), text);
      const error = await new Engine({ directory: folder, limits }).load(["fuzz.vsl"]).then(
        () => undefined,
        (caught: unknown) => caught,
      );
      if (error === undefined) ran += 1;
      else if (!(error instanceof VsmtpError))
        throw new Error(`${JSON.stringify(text)} gave ${String(error)}`, { cause: error });
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  expect(ran).toBeGreaterThan(100);
});

it("Nesting beyond reason is refused instead of exhausting the stack.", () => {
  for (const open of ["(", "[", "{", "-", "!", "#{a:", "|| ", "if x {", "`$\u007b", "x["]) {
    const error = outcome(() => parse(new Source("deep.vsl", open.repeat(100_000))));
    expect(error, open).toBeInstanceOf(VsmtpError);
  }
});
