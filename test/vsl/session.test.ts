/** Inputs one after the other that share what they declare. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { VsmtpError } from "../../src/errors.ts";
import { debug, isUnfinished, NativeModule, native, Session } from "../../src/vsl/index.ts";

/** The values of inputs, as `to_debug` shows them; errors as `line:column`, of another input `name:line:column`. */
async function talk(...inputs: readonly string[]): Promise<string[]> {
  return talkTo(new Session({ directory: tmpdir() }), ...inputs);
}

async function talkTo(session: Session, ...inputs: readonly string[]): Promise<string[]> {
  const answers: string[] = [];
  for (const [i, input] of inputs.entries()) {
    const name = `in${i + 1}`;
    answers.push(await session.evaluate(input, name).then(debug, (error: unknown) => placeOf(error, name)));
  }
  return answers;
}

function placeOf(error: unknown, name: string): string {
  if (!(error instanceof VsmtpError) || !error.place) throw error;
  const { file, line, column } = error.place;
  return file === name ? `${line}:${column}` : `${file}:${line}:${column}`;
}

test("variables stay", async () => {
  expect(await talk("let x = 1", "x += 41", "x")).toEqual(["()", "()", "42"]);
});

test("a variable can be declared again from itself", async () => {
  expect(await talk("let x = 1", "let x = x + 1; x", "x")).toEqual(["()", "2", "2"]);
});

test("constants stay constant, until they are declared again", async () => {
  expect(await talk("const K = 1", "K = 2", "let K = 3", "K = 4; K")).toEqual(["()", "1:1", "()", "4"]);
});

test("functions stay, and see later constants and functions", async () => {
  expect(await talk("const K = 2", "fn f(x) { x * global::K }", "const K = 3", "fn g(x) { f(x) + 1 }", "g(2)")).toEqual(
    ["()", "()", "()", "()", "7"],
  );
});

test("a function can be declared again", async () => {
  expect(await talk("fn f() { 1 }", "fn f() { 2 }", "fn f(x) { x }", "[f(), f(5)]")).toEqual([
    "()",
    "()",
    "()",
    "[2, 5]",
  ]);
});

test("a closure shares its variables with later inputs", async () => {
  expect(await talk("let n = 0; let next = || { n += 1; n }", "next.call()", "n = 10", "next.call()", "n")).toEqual([
    "()",
    "1",
    "()",
    "11",
    "11",
  ]);
});

test("containers keep value semantics", async () => {
  expect(await talk("let a = [1]", "let b = a; b.push(2)", "a", "b")).toEqual(["()", "()", "[1]", "[1, 2]"]);
});

test("an input that fails declares nothing, but keeps what it changed", async () => {
  expect(await talk("let x = 1", 'x = 2; let y = 3; throw "no"', "y", "x")).toEqual(["()", "1:19", "1:1", "2"]);
});

test("a return gives its value and declares nothing", async () => {
  expect(await talk("return 5; let q = 1", "q")).toEqual(["5", "1:1"]);
});

test("an error in a function is placed in the input that declared it", async () => {
  expect(await talk("1", "\nfn f(x) {\n  x - 1\n}", 'let y = 1;\nf("a")', '1;\n2;\n3;\n"b" - 1')).toEqual([
    "1",
    "()",
    "in2:3:5",
    "4:5",
  ]);
});

test("an input that leaves something open cannot swallow what was declared before", async () => {
  expect(await talk("fn f() { 1 }", "/* open", '"open', "f()")).toEqual(["()", "1:1", "1:1", "1"]);
});

test("imports stay, and a module is run once", async () => {
  const directory = mkdtempSync(join(tmpdir(), "vsmtp-session-"));
  writeFileSync(
    join(directory, "module.vsl"),
    "export const T = timestamp();\nfn twice(x) { x * 2 }\nprivate fn hidden() {}",
  );
  const session = new Session({ directory });
  expect(
    await talkTo(session, 'import "module" as m', "m::twice(4)", "m::T == m::T", "fn f() { m::twice(1) }", "f()"),
  ).toEqual(["()", "8", "true", "()", "2"]);
  expect(session.members(["m"]).sort()).toEqual(["T", "twice"]);
  rmSync(directory, { recursive: true });
});

test("a typo does not run modules again, and a module that failed is read again", async () => {
  const directory = mkdtempSync(join(tmpdir(), "vsmtp-session-"));
  const runs: string[] = [];
  writeFileSync(join(directory, "good.vsl"), 'print("good"); export const N = 1;');
  writeFileSync(join(directory, "bad.vsl"), "export const N = ;");
  const session = new Session({ directory, print: (line) => runs.push(line) });
  expect(await talkTo(session, 'import "good" as good', "typo", 'import "nope" as n', "good::N")).toEqual([
    "()",
    "1:1",
    "1:8",
    "1",
  ]);
  expect(runs).toEqual(["good"]);
  expect(await talkTo(session, 'import "bad" as bad')).toEqual([`${join(directory, "bad.vsl")}:1:18`]);
  writeFileSync(join(directory, "other.vsl"), "fn f() { 5 }");
  expect(await talkTo(session, 'import "other" as o; import "bad" as bad; o::f()')).toHaveLength(1);
  writeFileSync(join(directory, "bad.vsl"), "export const N = 2;");
  expect(await talkTo(session, 'import "bad" as bad', "bad::N + good::N")).toEqual(["()", "3"]);
  rmSync(directory, { recursive: true });
});

test("each input has limits of its own", async () => {
  const limits = { operations: 1000, depth: 64, stringSize: 1000, arraySize: 1000, mapSize: 1000 };
  const busy = "for i in 0..500 {}";
  expect(await talkTo(new Session({ directory: tmpdir(), limits }), busy, busy, busy, "loop {}", "1")).toEqual([
    "()",
    "()",
    "()",
    "1:1",
    "1",
  ]);
});

test("a closure that waits may be given to code that was compiled before", async () => {
  const globals = new NativeModule("late").add(
    native("later", "value: any -> any", "The value, later.", async (_, value) => value, { suspends: true }),
  );
  const session = new Session({ directory: tmpdir(), globals });
  expect(await talkTo(session, "let twice = |f| f.call() + f.call()", "twice.call(|| later(4))", "later(1)")).toEqual([
    "()",
    "8",
    "1",
  ]);
});

test("it tells the names that inputs can use", async () => {
  const module = new NativeModule("tools").add(native("hammer", "-> ()", "", () => undefined));
  const session = new Session({ directory: tmpdir(), modules: new Map([["tools", module]]) });
  await talkTo(session, "let count = 1; fn compute() { 1 }");
  expect(session.names.variables).toEqual(["count"]);
  expect(session.names.functions).toContain("compute");
  expect(session.names.modules).toEqual(["tools"]);
  expect(session.members(["tools"])).toEqual(["hammer"]);
  expect(session.members(["nothing"])).toEqual([]);
});

test.each(["{", "f(", "[1,", "let x =", "1 +", "fn f()", "`a", "/* a", "#{ a: 1,", "if x", '#"raw'])(
  "%s is unfinished",
  (text) => {
    expect(isUnfinished(text)).toBe(true);
  },
);

test.each(["1", "", "f()", "let x = 1", ")", "1 2", '"open', "fn f() {}", "'ab'"])(
  "%s is finished, right or wrong",
  (text) => {
    expect(isUnfinished(text)).toBe(false);
  },
);
