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
