import { describe, expect, it } from "vitest";
import { parsePrototype } from "../../src/plugin/prototype.ts";
import type { Passing } from "../../src/plugin/signature.ts";

const objects = new Set(["cmd", "db_t"]);

function parse(text: string, given = false) {
  return parsePrototype(text, objects, { given });
}

function reasonOf(text: string, given = false): string {
  const parsed = parse(text, given);
  return "reason" in parsed ? parsed.reason : "";
}

function passingOf(type: string): Passing | undefined {
  const parsed = parse(`void f(${type} x)`);
  if ("reason" in parsed) throw new Error(parsed.reason);
  return parsed.parameters[0]?.passing;
}

describe("types that are bridged", () => {
  it.each([
    ["int", 32, true],
    ["unsigned", 32, false],
    ["unsigned int", 32, false],
    ["int unsigned", 32, false],
    ["long unsigned int", 64, false],
    ["long int long", 64, true],
    ["long long unsigned int", 64, false],
    ["short", 16, true],
    ["int short unsigned", 16, false],
    ["signed char", 8, true],
    ["unsigned char", 8, false],
    ["char unsigned", 8, false],
    ["int8_t", 8, true],
    ["uint16_t", 16, false],
    ["const int64_t", 64, true],
    ["size_t", 64, false],
    ["ssize_t", 64, true],
  ] as const)("%s is an integer of %d bits", (type, bits, signed) => {
    expect(passingOf(type)).toEqual({ kind: "int", bits, signed });
  });

  it.each(["bool", "_Bool"])("%s is a boolean", (type) => {
    expect(passingOf(type)).toEqual({ kind: "bool" });
  });

  it.each(["const char *", "char const *", "const char*", "const char *const", "const char *restrict"])(
    "%s is a string",
    (type) => expect(passingOf(type)).toEqual({ kind: "string" }),
  );

  it.each(["cmd *", "const cmd *", "struct cmd *", "const struct cmd *"])("%s is a declared object", (type) => {
    expect(passingOf(type)).toEqual({ kind: "object", cType: "cmd" });
  });

  it("double and values have their own ways", () => {
    expect(passingOf("double")).toEqual({ kind: "double" });
    expect(passingOf("const vsmtp_value *")).toEqual({ kind: "value" });
  });

  it("the transaction is read, or changed too where it is not const", () => {
    expect(passingOf("const vsmtp_transaction *")).toEqual({ kind: "transaction", changes: false });
    expect(passingOf("vsmtp_transaction *")).toEqual({ kind: "transaction", changes: true });
    expect(passingOf("struct vsmtp_transaction *const")).toEqual({ kind: "transaction", changes: true });
  });
});

describe("whole prototypes", () => {
  it("names may be left out", () => {
    expect(parse("int64_t add(int64_t, const char *, unsigned)")).toMatchObject({
      parameters: [{ name: "a1" }, { name: "a2" }, { name: "a3" }],
      result: { kind: "int", bits: 64 },
    });
  });

  it.each(["int f(void)", "int f()", "int f( void )", " int\tf (void) "])("%j takes nothing", (text) => {
    expect(parse(text)).toEqual({ parameters: [], out: false, result: { kind: "int", bits: 32, signed: true } });
  });

  it("a last vsmtp_out is not a parameter of vSL", () => {
    expect(parse("void f(cmd *self, vsmtp_out *out)")).toEqual({
      parameters: [{ name: "self", passing: { kind: "object", cType: "cmd" } }],
      out: true,
      result: { kind: "void" },
    });
  });

  it("a char pointer is a result only when it is given away", () => {
    expect(parse("char *f(void)", true)).toMatchObject({ result: { kind: "given-string" } });
    expect(reasonOf("char *f(void)")).toContain("VSMTP_GIVEN");
    expect(reasonOf("const char *f(void)", true)).toContain("VSMTP_GIVEN");
  });

  it("six integers and eight doubles are the most", () => {
    const doubles = Array.from({ length: 8 }, () => "double").join(", ");
    expect(reasonOf(`void f(int, int, int, int, int, vsmtp_out *)`)).toBe("");
    expect(reasonOf(`int f(int, int, const char *, int, int, cmd *, ${doubles})`)).toBe("");
    expect(reasonOf("void f(int, int, int, int, int, int, vsmtp_out *)")).toContain("7 integer and pointer parameters");
    expect(reasonOf(`int f(double, ${doubles})`)).toContain("9 double parameters");
  });
});

describe("what is refused, by parameter and reason", () => {
  it.each([
    ["int f(int a, float ratio)", "parameter 2 (ratio) is a float: declare it as double"],
    ["int f(long double x)", "parameter 1 (x) is of type `long double`"],
    ["int f(struct point p)", "parameter 1 (p) is a struct by value"],
    ["int f(cmd c)", "parameter 1 (c) is a struct by value"],
    ["int f(union u)", "parameter 1 is a union by value"],
    ["int f(enum color c)", "parameter 1 (c) is an enum"],
    ["int f(const char *format, ...)", "parameter 2 is `...`"],
    ["int f(int (*callback)(int, int))", "parameter 1 is a function pointer"],
    ["int f(char **argv)", "parameter 1 (argv) is a pointer to a pointer"],
    ["int f(const char *const *argv)", "parameter 1 (argv) is a pointer to a pointer"],
    ["int f(int values[3])", "parameter 1 is an array"],
    ["int f(void *p)", "parameter 1 (p) is `void *`, a pointer to a type that no VSMTP_OBJECT declares"],
    ["int f(int *n)", "parameter 1 (n) is `int *`"],
    ["int f(unknown *u)", "parameter 1 (u) is `unknown *`"],
    ["int f(char *s)", "parameter 1 (s) is `char *`"],
    ["int f(char c)", "parameter 1 (c) is a char"],
    ["int f(vsmtp_value *v)", "so add const"],
    ["int f(__int128 n)", "parameter 1 (n) is of type `__int128`"],
    ["int f(int, void)", "parameter 2 is void"],
    ["int f(int, )", "parameter 2 cannot be understood"],
    ["int f(int a b c)", "parameter 1 cannot be understood"],
    ["int f(const vsmtp_value *v, vsmtp_out *o)", "both a result and a `vsmtp_out *`"],
    ["void f(vsmtp_out *o, int n)", "`vsmtp_out *` is not the last parameter"],
    ["void f(const vsmtp_out *o)", "is const"],
    ["float f(void)", "the result is a float"],
    ["const vsmtp_value *f(void)", "write to a last parameter `vsmtp_out *`"],
    ["const cmd *f(void)", "drop the const"],
    ["unknown *f(void)", "the result is `unknown *`"],
    ["vsmtp_out *f(void)", "the result is `vsmtp_out *`"],
    ["vsmtp_transaction *f(void)", "the result is `vsmtp_transaction *`"],
    ["int f(vsmtp_transaction t)", "parameter 1 (t) is a struct by value"],
    ["int f(vsmtp_transaction **t)", "parameter 1 (t) is a pointer to a pointer"],
    ["int f(vsmtp_transaction *a, const vsmtp_transaction *b)", "it takes the transaction twice"],
    ["int f(int, int, int, int, int, int, vsmtp_transaction *)", "7 integer and pointer parameters"],
    ["void (*f(int))(int)", "not of the form"],
    ["f(int)", "not of the form"],
    ["int f", "not of the form"],
    ["", "not of the form"],
  ])("%s", (text, reason) => {
    expect(reasonOf(text)).toContain(reason);
  });

  it("names of Object.prototype are no types", () => {
    expect(reasonOf("int f(constructor x)")).toContain("`constructor`");
    expect(reasonOf("int f(__proto__ *x)")).toContain("`__proto__ *`");
  });

  it("a reason shows neither control characters nor pages of text", () => {
    expect(reasonOf(`int f(${"x".repeat(3000)} *p)`).length).toBeLessThan(200);
    expect(reasonOf("int f(\u001b[31m\u0007 p)")).not.toMatch(/[^\x20-\x7e]/);
    expect(reasonOf(`int f(${" int,".repeat(100_000)})`)).toContain("not of the form");
  });
});

it("any text gets a signature or a reason, and never throws", () => {
  const pieces = [
    ...["const", "char", "int", "long", "unsigned", "struct", "cmd", "double", "void", "vsmtp_out", "vsmtp_value", "x"],
    "vsmtp_transaction",
    ...["*", "*", "(", ")", ",", " ", " ", "...", "[", "]", "\0", "\n", "é", "\ud800", "'", "=", "9", "__proto__"],
  ];
  let seed = 20_260_101;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  let accepted = 0;
  for (let round = 0; round < 100_000; round++) {
    const inside = Array.from({ length: random(9) }, () => pieces[random(pieces.length)]).join(random(2) ? " " : "");
    const parsed = parse(round % 3 === 0 ? inside : `int f(${inside})`, random(4) === 0);
    if ("reason" in parsed) expect(parsed.reason).toMatch(/^[\x20-\x7e]{10,250}$/);
    else accepted++;
  }
  expect(accepted).toBeGreaterThan(100);
});
