/** What is found in scripts that are not run: all problems at once, each at its place, and none that follow from others. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { VsmtpError } from "../../src/errors.ts";
import { Engine, HostObject, type HostType, NativeModule, native } from "../../src/vsl/index.ts";

const directory = mkdtempSync(join(tmpdir(), "vsmtp-check-"));
afterAll(() => rmSync(directory, { recursive: true }));

class Ticket extends HostObject {
  readonly type = ticket;
  toText() {
    return "ticket";
  }
}

const ticket: HostType = {
  name: "ticket",
  methods: new Map([["stamp", [native("stamp", "self: ticket, at: i64 -> ticket", "", (_, self) => self)]]]),
  getters: new Map(),
};

const box = new NativeModule("box").add(
  native("ticket", "-> ticket", "", () => new Ticket()),
  native("number", "-> i64", "", () => 1),
  native("anything", "-> any", "", () => 1),
  native("take", "name: string|char, count: i64", "", () => undefined),
  native("take", "name: string, factor: f64", "", () => undefined),
  native("open", "what: object, range: range", "", () => undefined),
);
box.types.set(ticket.name, ticket);

function problems(text: string, files: Readonly<Record<string, string>> = {}): VsmtpError[] {
  for (const [name, content] of Object.entries({ ...files, "main.vsl": text }))
    writeFileSync(join(directory, name), content);
  return new Engine({ directory, modules: new Map([["box", box]]) }).check(["main.vsl"]);
}

const found = (text: string) => problems(text).map(({ code, place }) => `${place?.line}:${place?.column} ${code}`);

describe("Syntax", () => {
  it("Each statement with an error is reported, and those between are checked.", () => {
    expect(found("let a = ;\nlet b = 2;\nlet c = 3 +;\nb + nix")).toEqual([
      "1:9 VSL_SYNTAX",
      "3:12 VSL_SYNTAX",
      "4:5 VSL_UNKNOWN_VARIABLE",
    ]);
  });

  it("What a statement with an error would have declared is not missed.", () => {
    expect(found("let a = ;\nfn f(x y) { 1 }\nimport services as s;\na + f(1) + s::x")).toEqual([
      "1:9 VSL_SYNTAX",
      "2:8 VSL_SYNTAX",
      "3:8 VSL_SYNTAX",
    ]);
  });

  it("Elements of arrays and maps are read on one by one.", () => {
    expect(found("#{ a: , b: [1, , 2], c: 1 + }")).toEqual(["1:7 VSL_SYNTAX", "1:16 VSL_SYNTAX", "1:29 VSL_SYNTAX"]);
  });

  it("A bracket that is never closed is one error.", () => {
    expect(found("foo(1, 2\nlet z = 3;\nz")).toEqual(["2:1 VSL_SYNTAX"]);
    expect(found("let x = [1, 2; let y = 3; y")).toEqual(["1:14 VSL_SYNTAX"]);
    expect(found("if true { fn f() { 1 }\nfn g() { 2 }\nf() + g()")).toEqual(["1:11 VSL_SYNTAX", "3:10 VSL_SYNTAX"]);
  });

  it("Errors inside of strings, numbers and names do not hide what follows.", () => {
    expect(found('let a = "\\q";\nlet b = 12x;\nlet new = 1;\na + b + nix')).toEqual([
      "1:10 VSL_SYNTAX",
      "2:9 VSL_SYNTAX",
      "3:5 VSL_SYNTAX",
      "4:9 VSL_UNKNOWN_VARIABLE",
    ]);
  });
});

describe("Types", () => {
  it("A literal of the wrong type is reported where it stands.", () => {
    const [problem] = problems('box::take("a", "b")');
    expect(problem).toMatchObject({ code: "VSL_ARGUMENT_TYPE", place: { line: 1, column: 16, length: 3 } });
    expect(problem?.message).toBe("`box::take` takes i64 or f64 for `count`, but string is given");
  });

  it("Results of functions and variables that are never assigned to have types too.", () => {
    expect(found('let n = box::number();\nbox::take(n, 1);\nfn s() { "x" }\nbox::take(s(), s());')).toEqual([
      "2:11 VSL_ARGUMENT_TYPE",
      "4:16 VSL_ARGUMENT_TYPE",
    ]);
  });

  it("What may be right is left alone.", () => {
    expect(
      found(`let n = 1;
        n = "text";
        box::take(n, 1);
        let late = if n == 1 { 1 } else { "a" };
        box::take(late, box::anything());
        fn f(x) { box::take(x, x); f(x) }
        box::take('c', 1);
        box::take("s", 1.5);
        box::open(box::ticket(), 1..=2);
        let s = "x"; let change = || s = 5; box::take(s, 1);`),
    ).toEqual([]);
  });

  it("Overloads are told apart by all arguments together.", () => {
    expect(found("box::take('c', 1.5)")).toEqual(["1:16 VSL_ARGUMENT_TYPE"]);
  });

  it("A method that no value of the receiver's type has is unknown.", () => {
    const [first, second, third] = problems('"text".trimm();\nbox::ticket().stamp();\nbox::ticket().punch(1);');
    expect(first).toMatchObject({ code: "VSL_UNKNOWN_METHOD", place: { line: 1, column: 8 } });
    expect(first?.fix).toBe("Did you mean `trim`?");
    expect(second).toMatchObject({ code: "VSL_ARGUMENT_COUNT", place: { line: 2 } });
    expect(third).toMatchObject({ code: "VSL_UNKNOWN_METHOD", place: { line: 3 } });
  });

  it("Methods of maps, of the script itself and of what is unknown are not judged.", () => {
    expect(found("fn own() { this } #{}.f(1); 5.own(); box::anything().x(); ()?.y(); (|| 1).call();")).toEqual([]);
  });
});

it("Problems come file by file, in the order of the text.", () => {
  const all = problems('import "other" as other;\nnix;\nother::f("x", 1);', {
    "other.vsl": "fn f() { foo }\nlet x = ;",
  });
  expect(all.map(({ code, place }) => `${place?.file.split("/").at(-1)}:${place?.line} ${code}`)).toEqual([
    "other.vsl:1 VSL_UNKNOWN_VARIABLE",
    "other.vsl:2 VSL_SYNTAX",
    "main.vsl:2 VSL_UNKNOWN_VARIABLE",
    "main.vsl:3 VSL_ARGUMENT_COUNT",
  ]);
});
