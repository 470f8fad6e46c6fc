/** The files that tell editors what scripts can call. */

import { expect, it } from "vitest";
import { definitions, type HostType, NativeModule, native } from "../../src/vsl/index.ts";
import { Lexer } from "../../src/vsl/syntax/lexer.ts";
import { Source } from "../../src/vsl/syntax/source.ts";

const stamp: HostType = {
  name: "stamp",
  methods: new Map([["renew", [native("renew", "self: stamp, by: i64 -> stamp", "Makes it last.", () => undefined)]]]),
  getters: new Map([["age", () => 1]]),
};

const inner = new NativeModule("inner").add(native("f", "-> ()", "Nothing.", () => undefined));
const post = new NativeModule("post", "Letters.\nAnd parcels.").add(
  native("weigh", "what: string|blob, exact: bool -> f64", "Its weight.\nIn grams.", () => undefined, {
    suspends: true,
    stage: "rcpt",
  }),
);
post.types.set("stamp", stamp);
post.variables.set("limit", 5);
post.modules.set("inner", inner);

it("A module's file has its functions with their types and documentation, its variables and its types.", () => {
  expect(definitions(new Map([["post", post]])).get("post.d.vsl")).toBe(`//! Letters.
//! And parcels.

const limit: i64;

/// Its weight.
/// In grams.
/// Waits without holding up anybody else.
/// From the stage rcpt on.
fn weigh(what: string|blob, exact: bool): f64;

let stamp.age;

/// Makes it last.
fn stamp.renew(by: i64): stamp;
`);
});

it("Modules in modules, global functions and the standard library have files too.", () => {
  const files = definitions(new Map([["post", post]]), new NativeModule("globals"));
  expect([...files.keys()]).toEqual(
    expect.arrayContaining(["post.d.vsl", "post/inner.d.vsl", "globals.d.vsl", "standard.d.vsl"]),
  );
});

it("The lexer of the language reads all of them.", () => {
  for (const [file, text] of definitions(new Map([["post", post]]))) {
    const lexer = new Lexer(new Source(file, text));
    let count = 0;
    while (lexer.next().kind !== "end") count++;
    expect(lexer.problems, file).toEqual([]);
    expect(count, file).toBeGreaterThan(4);
  }
});
