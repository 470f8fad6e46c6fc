/** What a plugin's notes may not say. */

import { expect, test } from "vitest";
import { compile, minimal } from "../fixtures/compile.ts";
import { edited, judgeFile, refusals, wordsOf } from "./files.ts";

const plugin = (functions: string, options = "") => `
  #include <vsmtp/plugin.h>
  #include <stdio.h>
  typedef struct thing { int a; } thing;
  typedef struct other { int a; } other;
  VSMTP_PLUGIN("probe"${options && `, ${options}`})
  ${functions}
`;

const object = `VSMTP_OBJECT(thing, "thing", thing_end) void thing_end(thing *self) { (void)self; }`;

/** C declarations that cannot be bridged, and what has to be said of each. */
const unbridgeable: readonly (readonly [string, string, RegExp])[] = [
  [
    "float",
    "VSMTP_FUNCTION(int, f, (int a, float ratio)) { return a + (int)ratio; }",
    /parameter 2 \(ratio\) is a float/,
  ],
  ["long double", "VSMTP_FUNCTION(int, f, (long double x)) { return (int)x; }", /parameter 1 \(x\)/],
  [
    "a struct by value",
    "VSMTP_FUNCTION(int, f, (struct thing t)) { return t.a; }",
    /parameter 1 \(t\) is a struct by value/,
  ],
  ["varargs", "VSMTP_FUNCTION(int, f, (int a, ...)) { return a; }", /parameter 2 is `\.\.\.`/],
  [
    "a function pointer",
    "VSMTP_FUNCTION(int, f, (int (*call)(int))) { return call(1); }",
    /parameter 1 is a function pointer/,
  ],
  [
    "a pointer to a pointer",
    "VSMTP_FUNCTION(int, f, (char **all)) { return all != NULL; }",
    /parameter 1 \(all\) is a pointer to a pointer/,
  ],
  [
    "an undeclared type",
    "VSMTP_FUNCTION(int, f, (FILE *file)) { return file != NULL; }",
    /parameter 1 \(file\) is `FILE \*`, a pointer to a type that no VSMTP_OBJECT declares/,
  ],
  ["char * in", "VSMTP_FUNCTION(int, f, (char *text)) { return text[0]; }", /parameter 1 \(text\) is `char \*`/],
  ["char * out that nobody frees", "VSMTP_FUNCTION(char *, f, (void)) { return NULL; }", /the result is `char \*`/],
  [
    "out and a result",
    "VSMTP_FUNCTION(int, f, (vsmtp_out *out)) { return out != NULL; }",
    /both a result and a `vsmtp_out \*`/,
  ],
  [
    "too many integers",
    "VSMTP_FUNCTION(int, f, (int a, int b, int c, int d, int e, int g, int h)) { return a+b+c+d+e+g+h; }",
    /it has 7 integer and pointer parameters, at most 6/,
  ],
  ["an array", "VSMTP_FUNCTION(int, f, (const int list[4])) { return list[0]; }", /parameter 1 is an array/],
];

test.each(unbridgeable)("a function with %s is refused by function, parameter and reason", (_, source, words) => {
  const file = compile(plugin(source));
  expect(refusals(file)).toEqual(["PLUGIN_SIGNATURE"]);
  expect(wordsOf(file)).toContain("the function f cannot be called from vSL");
  expect(wordsOf(file)).toMatch(words);
});

test("every function that cannot be bridged is named, not just the first", () => {
  const file = compile(
    plugin(`
    VSMTP_FUNCTION(int, f, (float a)) { return (int)a; }
    VSMTP_FUNCTION(int, g, (float b)) { return (int)b; }
  `),
  );
  expect(wordsOf(file)).toContain("the function f ");
  expect(wordsOf(file)).toContain("the function g ");
});

/** Manifests that make no sense, and what is said of each. */
const senseless: readonly (readonly [string, string, string])[] = [
  [
    "two functions of one name and arity",
    plugin(`
    VSMTP_FUNCTION(int, f, (int a), VSMTP_NAME("same")) { return a; }
    VSMTP_FUNCTION(int, g, (const char *a), VSMTP_NAME("same")) { return a[0]; }`),
    "the function same with 1 argument: it is there twice",
  ],
  [
    "a name that scripts cannot write",
    plugin(`VSMTP_FUNCTION(int, f, (int a), VSMTP_NAME("to-day")) { return a; }`),
    `"to-day" is no name that a script could call`,
  ],
  [
    "a method of nothing",
    plugin(`VSMTP_FUNCTION(int, f, (int a), VSMTP_METHOD("thing")) { return a; }`),
    `no VSMTP_OBJECT has that name`,
  ],
  [
    "a method whose object is not first",
    plugin(`${object} VSMTP_FUNCTION(int, f, (int a, thing *t), VSMTP_METHOD("thing")) { return a + t->a; }`),
    "its first parameter must be thing *",
  ],
  [
    "a type that vSL has",
    plugin(`VSMTP_OBJECT(thing, "string", thing_end) void thing_end(thing *self) { (void)self; }`),
    "vSL has a type of that name",
  ],
  [
    "two types of one name",
    plugin(`${object} VSMTP_OBJECT(other, "thing", other_end) void other_end(other *self) { (void)self; }`),
    "the object type thing: it is there twice",
  ],
  ["a module that scripts cannot write", plugin("", `VSMTP_MODULE("my-module")`), `"my-module" is no module name`],
  ["a plugin name in capitals", plugin("").replace(`"probe"`, `"Probe"`), `"Probe" is no plugin name`],
  [
    "something said twice",
    plugin("", `VSMTP_RELEASE("1") VSMTP_RELEASE("2")`),
    "it says more than once what its release is",
  ],
  [
    "documentation with a line end",
    plugin(`VSMTP_FUNCTION(int, f, (int a), VSMTP_DOC("one\\ntwo")) { return a; }`),
    `the line "two" is not of the form key=value`,
  ],
  ["a dependency on itself", plugin(`VSMTP_DEPENDS("probe")`), "depends on itself"],
];

test.each(senseless)("%s", (_, source, words) => {
  const file = compile(source);
  expect(refusals(file)).toEqual(["PLUGIN_MANIFEST"]);
  expect(wordsOf(file)).toContain(words);
});

test("functions of one name with another number of arguments are overloads", () => {
  const file = compile(
    plugin(`
    VSMTP_FUNCTION(int, f, (int a), VSMTP_NAME("same")) { return a; }
    VSMTP_FUNCTION(int, g, (int a, int b), VSMTP_NAME("same")) { return a + b; }
  `),
  );
  expect(refusals(file)).toEqual([]);
});

test("a function that the manifest names has to be exported", () => {
  const file = edited(compile(minimal), (bytes) => rename(bytes, "symbol=probe_answer", "symbol=probe_answex"));
  expect(refusals(file)).toEqual(["PLUGIN_SYMBOL_MISSING"]);
  expect(wordsOf(file)).toContain("does not export probe_answex");
});

test("data under the name of a function is refused", () => {
  const file = edited(compile(`${minimal} VSMTP_EXPORT int probe_number; int probe_number = 1;`), (bytes) =>
    rename(bytes, "symbol=probe_answer", "symbol=probe_number"),
  );
  expect(refusals(file)).toEqual(["PLUGIN_NOT_A_FUNCTION"]);
});

test("notes of unknown kinds and keys are from a later version, and skipped", () => {
  const source = `${minimal}
    VSMTP_NOTE_(later_note, 99, "anything at all", "")
    VSMTP_FUNCTION(int, f, (int a), "later=yes\\n") { return a; }`;
  const verdict = judgeFile(compile(source));
  expect(verdict).toMatchObject({ kind: "admitted", manifest: { functions: [{ name: "answer" }, { name: "f" }] } });
});

test("a text that is not UTF-8 is refused, and what it holds is not shown raw", () => {
  const latin = edited(compile(minimal), (bytes) => {
    bytes[bytes.indexOf("description=answers") + 12] = 0xe9;
    return bytes;
  });
  expect(wordsOf(latin)).toContain("its text is not UTF-8");
  const colour = edited(compile(minimal), (bytes) => rename(bytes, "name=answer", "name=\u001b[31mx"));
  expect(refusals(colour)).toEqual(["PLUGIN_MANIFEST"]);
  expect(wordsOf(colour)).not.toContain("\u001b");
});

test("two parts that both say VSMTP_PLUGIN", () => {
  const source = `${minimal} VSMTP_NOTE_(second, 1, "name=other\\nvsmtp=1.0.0\\n", "")`;
  expect(wordsOf(compile(source))).toContain("VSMTP_PLUGIN is used more than once");
});

function rename(bytes: Buffer, text: string, other: string): Buffer {
  expect(other.length).toBe(text.length);
  bytes.write(other, bytes.indexOf(text), "latin1");
  return bytes;
}

test("a file with more records than any plugin has is refused at once", () => {
  const file = compile(minimal, { flags: ["-Wl,-z,noseparate-code"] });
  const record = Buffer.alloc(28);
  record.writeUInt32LE(6, 0);
  record.writeUInt32LE(8, 4);
  record.writeUInt32LE(2, 8);
  record.write("vSMTP", 12, "latin1");
  record.write("symbol=", 20, "latin1");
  const many = edited(file, (bytes) => withNotes(bytes, Buffer.concat(Array.from({ length: 100_000 }, () => record))));
  expect(refusals(many)).toEqual(["PLUGIN_MANIFEST"]);
  expect(wordsOf(many)).toContain("more than 4096");
});

/** Puts notes at the end of a file and lets its first PT_NOTE lead there, as a record that nobody has to map. */
function withNotes(bytes: Buffer, notes: Buffer): Buffer {
  const headers = Number(bytes.readBigUInt64LE(32));
  const count = bytes.readUInt16LE(56);
  const header = Array.from({ length: count }, (_, index) => headers + index * 56).find(
    (at) => bytes.readUInt32LE(at) === 4,
  );
  if (header === undefined) throw new Error("the file has no notes");
  bytes.writeBigUInt64LE(BigInt(bytes.length), header + 8);
  bytes.writeBigUInt64LE(BigInt(notes.length), header + 32);
  bytes.writeBigUInt64LE(4n, header + 48);
  return Buffer.concat([bytes, notes]);
}
