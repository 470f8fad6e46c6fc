/** Which calls wait, and that nothing waits that need not. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, expect, it } from "vitest";
import { Engine, type FnPtr, NativeModule, native, ScriptError, type Value, type VslMap } from "../../src/vsl/index.ts";

const directory = mkdtempSync(join(tmpdir(), "vsmtp-vsl-"));
afterAll(() => rmSync(directory, { recursive: true }));

const globals = new NativeModule("test").add(
  native(
    "later",
    "value: any -> any",
    "The value, after a while.",
    async (_, value: Value) => {
      await delay(1);
      if (value === "fail") throw new ScriptError("later fails");
      return value;
    },
    { suspends: true },
  ),
);

async function load(text: string) {
  writeFileSync(join(directory, "test.vsl"), text);
  const [script] = await new Engine({ directory, globals }).load(["test.vsl"]);
  if (!script) throw new Error("nothing was loaded");
  return script;
}

it("A function that calls nothing that waits answers without a promise.", async () => {
  const script = await load("fn quick(x) { [x].map(|y| y + 1)[0] } fn slow() { later(1) }");
  expect(script.call("quick", [1])).toBe(2);
});

it("A function that waits somewhere below answers with a promise.", async () => {
  const script = await load("fn a() { b() + 1 } fn b() { c() } fn c() { later(1) }");
  const result = script.call("a", []);
  expect(result).toBeInstanceOf(Promise);
  expect(await result).toBe(2);
});

it("Operands around a call that waits are evaluated from left to right.", async () => {
  const script = await load(`fn f() { let log = ""; let add = |x| { log += x; x };
    let sum = add.call("a") + later(add.call("b")) + { add.call("c") }; [sum, log] }`);
  expect(await script.call("f", [])).toMatchObject({ items: ["abc", "abc"] });
});

it("A closure that waits is awaited where an array function calls it.", async () => {
  const script = await load("fn f() { [3, 1, 2].map(|x| later(x) * 2).filter(|x| later(x) > 2) }");
  expect(await script.call("f", [])).toMatchObject({ items: [6, 4] });
});

it("An error after waiting is caught by the script that waited.", async () => {
  const script = await load(`fn f() { try { later("fail") } catch (e) { "caught " + e } }`);
  expect(await script.call("f", [])).toBe("caught later fails");
});

it("An uncaught error after waiting knows its line.", async () => {
  const script = await load(`fn f() {\n  let x = 1;\n  later("fail")\n}`);
  await expect(script.call("f", [])).rejects.toMatchObject({ message: "later fails", place: { line: 3, column: 3 } });
});

it("The top level of a script may wait.", async () => {
  expect((await load("let x = later(20); x + 1")).value).toBe(21);
});

it("Directives that wait do not make those wait that do not.", async () => {
  const script = await load(`#{ a: rule "slow" || later(1), b: rule "quick" || [1].len() }`);
  const evaluate = (key: string) => ((script.value as VslMap).get(key) as VslMap).get("evaluate") as FnPtr;
  expect(script.invoke(evaluate("b"))).toBe(1);
  expect(await script.invoke(evaluate("a"))).toBe(1);
});

it("What a directive changes in a captured variable is gone when it runs again.", async () => {
  const script = await load(`let n = 0; let seen = []; let bump = || { n += 1; n };
    rule "count" || { seen.push(bump.call()); bump.call(); [n, seen] }`);
  const evaluate = (script.value as VslMap).get("evaluate") as FnPtr;
  expect(script.invoke(evaluate)).toMatchObject({ items: [2, { items: [1] }] });
  expect(script.invoke(evaluate)).toMatchObject({ items: [2, { items: [1] }] });
});

/** A program of nested pieces, each of which may wait, and which add up to a number that is known beforehand. */
class Piece {
  readonly #next: () => number;
  readonly functions: string[] = [];

  constructor(seed: number) {
    let state = seed;
    this.#next = () => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return state / 2_147_483_648;
    };
  }

  #pick(...forms: (() => string)[]): string {
    return (forms[Math.floor(this.#next() * forms.length)] as () => string)();
  }

  /** An expression whose value is 1. */
  one(depth: number): string {
    if (depth === 0)
      return this.#pick(
        () => "1",
        () => "later(1)",
      );
    const inner = () => this.one(depth - 1);
    return this.#pick(
      () => `(${inner()} * ${inner()})`,
      () => `(if ${inner()} == 1 { ${inner()} } else { 0 })`,
      () => `[${inner()}, 5][0]`,
      () => `#{ a: ${inner()} }.a`,
      () => `\`\${${inner()}}\`.len()`,
      () => `switch ${inner()} { 1 if ${inner()} == 1 => ${inner()}, _ => 0 }`,
      () => `(|x| x * ${inner()}).call(${inner()})`,
      () => `[1].map(|x| x * ${inner()})[0]`,
      () => `#{ f: |x| x * ${inner()} }.f(${inner()})`,
      () => `{ let x = [0]; x[0] += ${inner()}; x[0] }`,
      () => `{ let x = 0; for i in 0..${inner()} { x += ${inner()}; } x }`,
      () => `(loop { break ${inner()} })`,
      () => `{ let x = 0; while x < ${inner()} { x += ${inner()} } x }`,
      () => `{ let r = 0; try { throw ${inner()} } catch (e) { r = e * ${inner()} } r }`,
      () => `(() ?? ${inner()})`,
      () => `(${inner()}).call(|| this * ${inner()})`,
      () => `curry(|a, b| a * b * ${inner()}, ${inner()}).call(1)`,
      () => this.#call(inner()),
      () => `{ let m = #{ a: 0 }; m?.a = ${inner()}; m.a }`,
    );
  }

  #call(body: string): string {
    const name = `f${this.functions.length}`;
    this.functions.push(`fn ${name}(x) { x * ${body} }`);
    return this.#pick(
      () => `${name}(1)`,
      () => `Fn("${name}").call(1)`,
      () => `[1].map(Fn("${name}"))[0]`,
    );
  }
}

it("No promise becomes a value, wherever a program waits.", async () => {
  for (let seed = 1; seed <= 150; seed++) {
    const piece = new Piece(seed);
    const body = piece.one(4);
    const text = `${piece.functions.join("\n")}\nfn main() { ${body} }`;
    const script = await load(text);
    const result = script.call("main", []);
    expect(result instanceof Promise || !text.includes("later("), text).toBe(true);
    expect(await result, text).toBe(1);
  }
});
