/** One and the same script, with a plugin in this process and in one of its own: nothing but time may differ. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import type { Message } from "../../src/rules/message.ts";
import {
  Blob,
  Char,
  Engine,
  Float,
  type NativeModule,
  Run,
  show,
  type Value,
  VslArray,
  VslMap,
} from "../../src/vsl/index.ts";
import { newFolder } from "../fixtures/compile.ts";
import { Isolation } from "./isolated.ts";
import { bind, fixture, functionOf } from "./loaded.ts";
import { mail, situation } from "./situation.ts";

function example(name: string): string {
  return fileURLToPath(new URL(`../../build/plugins/libvsmtp-plugin-${name}-1.0.0.so`, import.meta.url));
}

/** What `fn main()` of a script answers that calls the plugin as `p`. */
async function run(module: NativeModule, script: string, message?: Message): Promise<string> {
  const directory = newFolder();
  writeFileSync(join(directory, "main.vsl"), `import "plugins/p" as p;\n${script}`);
  const modules = new Map(module.name === "cmd" ? [["cmd", module]] : []);
  const engine = new Engine({ directory, modules, resolve: () => module });
  const [main] = await engine.load(["main.vsl"]);
  const answer = await main?.call("main", [], message && situation({ message }));
  return show(answer as Value);
}

/** Wraps each of the calls so that errors are results too. */
function collected(calls: readonly string[]): string {
  const tried = calls.map((call) => `try { all.push(${call}); } catch (e) { all.push(\`error: \${e}\`); }`);
  return `fn main() { let all = [];\n${tried.join("\n")}\nall }`;
}

const HELLO = collected([
  `p::greet("vSMTP")`,
  `p::greet("Jürgen 😀")`,
  `p::greet("")`,
  `p::greet("x".to_upper())`,
  `p::greet("a\\x00b")`,
  `p::is_crowd(3, 2)`,
  `p::is_crowd(2147483648, 2)`,
  `p::is_crowd("3", 2)`,
]);

const COMMAND = collected([
  `cmd::build(#{ command: "echo", args: ["one", "two"] }).run()`,
  `cmd::build(#{ command: "echo" }).run(["Grüße", "", "$HOME"])`,
  `cmd::build(#{ command: "sh", args: ["-c", "echo out; echo err >&2; exit 3"] }).run()`,
  `cmd::build(#{ command: "sh", args: ["-c", "kill -9 $$"] }).run()`,
  `type_of(cmd::build(#{ command: "true" }))`,
  `cmd::build(#{ command: "/nowhere/at/all" }).run()`,
  `cmd::build(#{ command: "sleep", args: ["60"], timeout: "50ms" }).run()`,
  `cmd::build(#{ command: "true", user: "vsmtp-nobody" })`,
  `cmd::build(#{})`,
  `cmd::build("echo")`,
  `cmd::build(#{ command: "echo" }).run("text")`,
]);

const MAILCHECK = collected([
  `p::hops()`,
  `p::largest()`,
  `p::contains("two\\r\\nthree")`,
  `p::contains("Hello")`,
  `p::mark("clean")`,
  `p::hops()`,
  `p::mark("clean\\r\\nX-Admin: yes")`,
  `p::mark("second")`,
]);

const letter = (): Message =>
  mail("Received: from a by b", "Received: from c by a;", " today", "Subject: Hello", "", "one two", "three");

describe("the example plugins answer a script alike", () => {
  it("hello", async () => {
    const isolation = new Isolation(example("hello"));
    const here = await run(bind(example("hello")), HELLO);
    expect(await run(isolation.module, HELLO)).toBe(here);
    expect(here).toContain("Hello, Jürgen 😀!");
    expect(here.match(/error: /g)).toHaveLength(4);
  });

  it("command, whose objects are made and used there", async () => {
    const isolation = new Isolation(example("command"));
    const here = await run(bind(example("command")), COMMAND);
    expect(await run(isolation.module, COMMAND)).toBe(here);
    expect(here).toContain('"stdout": "one two\\n"');
    expect(here.match(/error: /g)).toHaveLength(5);
  });

  it("mailcheck, which reads a mail and changes it", async () => {
    const isolation = new Isolation(example("mailcheck"));
    const [one, other] = [letter(), letter()];
    const here = await run(bind(example("mailcheck")), MAILCHECK, one);
    expect(await run(isolation.module, MAILCHECK, other)).toBe(here);
    expect(other.toString()).toBe(one.toString());
    expect(other.values("X-Mailcheck")).toEqual(one.values("X-Mailcheck"));
    expect(here).toContain("true");
  });

  it("and where there is no transaction", async () => {
    const isolation = new Isolation(example("mailcheck"));
    const script = collected([`p::hops()`, `p::contains("x")`]);
    expect(await run(isolation.module, script)).toBe(await run(bind(example("mailcheck")), script));
  });
});

const values: readonly Value[] = [
  0,
  -1,
  127,
  128,
  255,
  256,
  65_536,
  2 ** 31,
  -(2 ** 31) - 1,
  2 ** 53 - 1,
  2n ** 63n - 1n,
  -(2n ** 63n),
  true,
  undefined,
  new Float(0.5),
  new Float(Number.NaN),
  new Float(-Infinity),
  new Char(0x1f600),
  "",
  "text",
  "Grüße \ud800 😀",
  "a\0b",
  "x".repeat(70_000),
  new Blob(new Uint8Array([0, 1, 255])),
  new VslArray([]),
  new VslArray([1, new VslArray(["a", undefined, new Blob(new Uint8Array(0))])]),
  VslMap.of({ b: 2, a: VslMap.of({ "": true }), ü: "ü" }),
  new VslArray(Array.from({ length: 3000 }, (_, i) => i)),
];

/** What a call answers or throws. */
async function answer(module: NativeModule, name: string, args: readonly Value[]): Promise<string> {
  try {
    return show((await functionOf(module, name, args.length).call(new Run(), ...args)) as Value);
  } catch (error) {
    return String(error);
  }
}

describe.each(["types", "values"])("every function of the fixture %s answers alike", (name) => {
  let here: NativeModule;
  let there: NativeModule;

  beforeAll(() => {
    here = bind(fixture(name));
    there = new Isolation(fixture(name)).module;
  });

  it("whatever it is called with", async () => {
    let calls = 0;
    for (const [fn, overloads] of here.functions) {
      for (const { parameters } of overloads) {
        const lists = values.map((_, i) => parameters.map((_, at) => values[(i * 7 + at * 5 + at) % values.length]));
        const own = parameters.length === 1 ? values.map((value) => [value]) : lists;
        for (const args of parameters.length === 0 ? [[]] : own) {
          calls++;
          expect(await answer(there, fn, args), `${fn}(${args.map(show)})`).toBe(await answer(here, fn, args));
        }
      }
    }
    expect(calls).toBeGreaterThan(100);
  });

  it("all of them wait, and look the same otherwise", () => {
    const shape = (module: NativeModule) =>
      [...module.functions].map(([fn, all]) => [
        fn,
        all.map(({ parameters, returns, doc }) => [parameters, returns, doc]),
      ]);
    expect(shape(there)).toEqual(shape(here));
    expect([...there.functions.values()].flat().every(({ suspends }) => suspends)).toBe(true);
  });
});
