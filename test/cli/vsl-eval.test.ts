/** `vsmtp vsl eval`: one script, its value or what is wrong with it. */

import { expect, test } from "vitest";
import { Site } from "../fixtures/site.ts";
import { vsmtp } from "./vsmtp.ts";

test("the value of the last statement is printed", () => {
  expect(vsmtp(["vsl", "eval", "-e", "let x = 40; x + 2"])).toEqual({ status: 0, stdout: "42\n", stderr: "" });
});

test("a string is printed as it is, and nothing for ()", () => {
  expect(vsmtp(["vsl", "eval", "-e", '"a\\tb"']).stdout).toBe("a\tb\n");
  expect(vsmtp(["vsl", "eval", "-e", "let x = 1;"]).stdout).toBe("");
});

test("a file is run, and what it imports is found beside it", () => {
  const site = new Site({
    files: { "plain/main.vsl": `import "other" as other; other::twice(other::N)`, "plain/other.vsl": OTHER },
  });
  expect(vsmtp(["vsl", "eval", site.path("plain/main.vsl")])).toEqual({ status: 0, stdout: "42\n", stderr: "" });
  site.remove();
});

const OTHER = "export const N = 21;\nfn twice(x) { x * 2 }";

test("without a file the script comes from stdin", () => {
  expect(vsmtp(["vsl", "eval"], { input: "6 * 7" }).stdout).toBe("42\n");
  expect(vsmtp(["vsl", "eval", "-"], { input: "6 * 7" }).stdout).toBe("42\n");
});

test("an error is told with line, column and a caret, and the exit code is 1", () => {
  const { status, stdout, stderr } = vsmtp(["vsl", "eval", "-e", 'let x = 1;\nx - "a"']);
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toContain("-e:2:3: ");
  expect(stderr).toContain('2 | x - "a"\n    |   ^');
});

test("all problems that are found before the script runs are told", () => {
  const { status, stderr } = vsmtp(["vsl", "eval", "-e", "foo(1);\nbar"]);
  expect(status).toBe(1);
  expect(stderr).toContain("-e:1:1: ");
  expect(stderr).toContain("-e:2:1: ");
});

test("an error in an imported module names that file", () => {
  const site = new Site({
    files: { "main.vsl": `import "other" as other;\nother::fail()`, "other.vsl": `fn fail() {\n  throw "no"\n}` },
  });
  expect(vsmtp(["vsl", "eval", site.path("main.vsl")]).stderr).toContain(`${site.path("other.vsl")}:2:3: `);
  site.remove();
});

test("an import that is not there is an error at the import", () => {
  expect(vsmtp(["vsl", "eval", "-e", 'import "no/such" as x;']).stderr).toContain("-e:1:8: ");
});

test("--json tells the value with its types", () => {
  const { stdout } = vsmtp(["vsl", "eval", "--json", "-e", SCRIPT]);
  expect(JSON.parse(stdout)).toEqual({
    ok: true,
    value: {
      type: "array",
      value: [
        { type: "i64", value: "9223372036854775807" },
        { type: "f64", value: 1 },
        { type: "string", value: "é" },
        { type: "char", value: "c" },
        { type: "bool", value: true },
        { type: "()", value: null },
        { type: "map", value: { "10": { type: "i64", value: "1" }, "2": { type: "i64", value: "2" } } },
        { type: "range", value: "0..3" },
        { type: "Fn", value: "f" },
      ],
    },
  });
  expect(stdout.indexOf('"10"')).toBeLessThan(stdout.indexOf('"2"'));
});

const SCRIPT = `fn f() {} [9223372036854775807, 1.0, "é", 'c', true, (), #{ "2": 2, "10": 1 }, 0..3, Fn("f")]`;

test("a blob is base64 in --json", () => {
  const { stdout } = vsmtp(["vsl", "eval", "--json", "-e", "blob(3, 255)"]);
  expect(JSON.parse(stdout)).toEqual({ ok: true, value: { type: "blob", value: "////" } });
});

test("floats that JSON has no word for are texts", () => {
  const { stdout } = vsmtp(["vsl", "eval", "--json", "-e", '[parse_float("NaN"), 1e308 * 10.0, -0.0]']);
  expect(stdout).toContain('[{"type":"f64","value":"NaN"},{"type":"f64","value":"inf"},{"type":"f64","value":-0.0}]');
});

test("--json tells what is wrong on stdout, and exits with 1", () => {
  const { status, stdout, stderr } = vsmtp(["vsl", "eval", "--json", "-e", "1 +"]);
  expect({ status, stderr }).toEqual({ status: 1, stderr: "" });
  expect(JSON.parse(stdout)).toMatchObject({
    ok: false,
    error: { kind: "syntax", line: 1, column: expect.any(Number) },
  });
});

test("a file that is not there is an error that names it", () => {
  const { status, stderr } = vsmtp(["vsl", "eval", "/no/such.vsl"]);
  expect(status).toBe(1);
  expect(stderr).toContain("/no/such.vsl");
});

test("what a script prints comes before its value", () => {
  expect(vsmtp(["vsl", "eval", "-e", 'print("one"); 2']).stdout).toBe("one\n2\n");
});

test("a file and -e at once are refused", () => {
  expect(vsmtp(["vsl", "eval", "x.vsl", "-e", "1"]).status).toBe(1);
});

test("a script that never ends is stopped by its limits", () => {
  const { status, stderr } = vsmtp(["vsl", "eval", "-e", "loop {}"]);
  expect(status).toBe(1);
  expect(stderr).toContain("operations");
});
