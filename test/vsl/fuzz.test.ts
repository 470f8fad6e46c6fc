/** Whatever a file holds, reading it ends in a tree or in a VsmtpError with a place; so does running what could be read. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { VsmtpError } from "../../src/errors.ts";
import { defaultLimits, Engine } from "../../src/vsl/index.ts";
import { parse, read } from "../../src/vsl/syntax/parser.ts";
import { Source } from "../../src/vsl/syntax/source.ts";
import { Mutator } from "./mutants.ts";

const mutator = new Mutator(20261120);

function outcome(run: () => unknown): unknown {
  try {
    run();
    return undefined;
  } catch (error) {
    return error;
  }
}

it("Spliced scripts, random tokens and bytes parse or are refused with a place.", () => {
  for (let i = 0; i < 20_000; i++) {
    const text = mutator.any();
    const error = outcome(() => parse(new Source("fuzz.vsl", text)));
    if (error !== undefined && !(error instanceof VsmtpError && error.place)) {
      throw new Error(`${JSON.stringify(text)} gave ${String(error)}`, { cause: error });
    }
  }
});

it("Reading on after errors finds problems in the order of the text, each at a place of its own.", () => {
  for (let i = 0; i < 10_000; i++) {
    const text = `${mutator.any()};\n${mutator.any()}`;
    const places = read(new Source("fuzz.vsl", text)).problems.map(({ place }) => [
      place?.line ?? 0,
      place?.column ?? 0,
    ]);
    const sorted = places.toSorted((a, b) => Number(a[0]) - Number(b[0]) || Number(a[1]) - Number(b[1]));
    expect(places, text).toEqual(sorted);
    expect(new Set(places.map(String)).size, text).toBe(places.length);
  }
});

it("What can be read is checked, compiled and run without any other kind of error.", async () => {
  const folder = mkdtempSync(join(tmpdir(), "vsmtp-fuzz-"));
  const limits = { ...defaultLimits, operations: 2_000, depth: 20 };
  let ran = 0;
  try {
    for (let i = 0; i < 4_000; i++) {
      const text = mutator.any();
      writeFileSync(join(folder, "fuzz.vsl"), text);
      const engine = new Engine({ directory: folder, limits, print: () => undefined });
      for (const problem of engine.check(["fuzz.vsl"])) expect(problem.place ?? text).toBeDefined();
      const error = await engine.load(["fuzz.vsl"]).then(
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

it("So are chains beyond reason, which need no brackets.", async () => {
  const folder = mkdtempSync(join(tmpdir(), "vsmtp-chains-"));
  const links = ["+ 1", "&& true", "?? 1", ".a", "?.a", "[0]", ".to_string()", "?.f()"];
  const endless = links.map((link) => `let x = 1; x ${` ${link}`.repeat(20_000)}`);
  const long = links.map((link) => `fn f(x) { x ${` ${link}`.repeat(400)} }`);
  try {
    for (const text of [...endless, `let x = 1; if x == 1 { }${" else if x == 2 { }".repeat(20_000)}`]) {
      expect(outcome(() => parse(new Source("chain.vsl", text)))).toBeInstanceOf(VsmtpError);
    }
    for (const text of long) {
      writeFileSync(join(folder, "chain.vsl"), text);
      await expect(new Engine({ directory: folder }).load(["chain.vsl"])).resolves.toHaveLength(1);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
