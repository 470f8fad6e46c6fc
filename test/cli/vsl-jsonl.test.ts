/** `vsmtp vsl eval --jsonl`: many scripts, one process. */

import { expect, test } from "vitest";
import { vsmtp } from "./vsmtp.ts";

interface Line {
  readonly id: unknown;
  readonly ok: boolean;
  readonly value?: unknown;
  readonly error?: {
    readonly kind: string;
    readonly message: string;
    readonly line: unknown;
    readonly column: unknown;
  };
}

function answers(input: string): { lines: Line[]; status: number | null; stderr: string } {
  const { status, stdout, stderr } = vsmtp(["vsl", "eval", "--jsonl"], { input });
  const lines = stdout.split("\n").slice(0, -1);
  return { lines: lines.map((line) => JSON.parse(line) as Line), status, stderr };
}

function request(...scripts: readonly string[]): string {
  return scripts.map((script, id) => `${JSON.stringify({ id, script })}\n`).join("");
}

test("each line is answered in its order with its own id", () => {
  const { lines, status } = answers(
    '{"id":"b","script":"1 + 1"}\n{"id":7,"script":"\\"x\\""}\n{"id":[1],"script":"()"}',
  );
  expect(status).toBe(0);
  expect(lines).toEqual([
    { id: "b", ok: true, value: { type: "i64", value: "2" } },
    { id: 7, ok: true, value: { type: "string", value: "x" } },
    { id: [1], ok: true, value: { type: "()", value: null } },
  ]);
});

test("an error has exactly kind, message, line and column", () => {
  const { lines } = answers(request("let x = 1;\nx.no_such()"));
  expect(Object.keys(lines[0]?.error ?? {})).toEqual(["kind", "message", "line", "column"]);
  expect(lines[0]).toMatchObject({ id: 0, ok: false, error: { line: 2 } });
});

test("the kind tells syntax, check, runtime and limit apart", () => {
  const { lines } = answers(request("let a = (;", "foo()", 'throw "x"', "loop {}"));
  expect(lines.map(({ error }) => error?.kind)).toEqual(["syntax", "check", "runtime", "limit"]);
});

test("a line that is no request is answered, and the lines after it too", () => {
  const { lines } = answers('nonsense\n{"id":1}\n[]\n"x"\n{"id":2,"script":"2"}\n');
  expect(lines.map(({ id, ok, error }) => [id, ok, error?.kind])).toEqual([
    [null, false, "input"],
    [1, false, "input"],
    [null, false, "input"],
    [null, false, "input"],
    [2, true, undefined],
  ]);
});

test("scripts do not see what others declared", () => {
  const { lines } = answers(request("let x = 1; fn f() { 1 }", "x", "f()"));
  expect(lines.map(({ ok }) => ok)).toEqual([true, false, false]);
});

test("every script has limits of its own", () => {
  const busy = "let n = 0; while n < 1000000 { n += 1 } n";
  const { lines } = answers(request(busy, busy, busy, "loop {}", busy));
  expect(lines.map(({ ok }) => ok)).toEqual([true, true, true, false, true]);
});

test("endless recursion and endless growth are limits, and the next line is answered", () => {
  const { lines } = answers(
    request(
      "fn f(n) { f(n + 1) } f(0)",
      'let s = "x"; loop { s += s }',
      "let a = [1]; loop { a += a }",
      "let m = #{}; let i = 0; loop { m[i.to_string()] = i; i += 1 }",
      "1",
    ),
  );
  expect(lines.map(({ error }) => error?.kind)).toEqual(["limit", "limit", "limit", "limit", undefined]);
});

test("a value that is endless on paper is a limit", () => {
  const { lines } = answers(
    request("let a = [1, 1]; for i in 0..60 { a = [a, a] } a", "let a = []; for i in 0..5000 { a = [a] } a", "1"),
  );
  expect(lines.map(({ error }) => error?.kind)).toEqual(["limit", "limit", undefined]);
});

test("what scripts print goes to stderr", () => {
  const { lines, stderr } = answers(request('print("hello"); 1'));
  expect(lines).toHaveLength(1);
  expect(stderr).toContain("hello");
});

test("only line feeds end a line", () => {
  const { lines } = answers(`{"id":1,"script":"\\"a\u2028b\\""}\r\n\n{"id":2,"script":"1"}`);
  expect(lines).toEqual([
    { id: 1, ok: true, value: { type: "string", value: "a\u2028b" } },
    { id: 2, ok: true, value: { type: "i64", value: "1" } },
  ]);
});

test("a key that JavaScript means something by is a key like any other", () => {
  const { lines } = answers(request('#{ "__proto__": 1, "constructor": 2 }'));
  expect(JSON.stringify(lines[0]?.value)).toBe(
    '{"type":"map","value":{"__proto__":{"type":"i64","value":"1"},"constructor":{"type":"i64","value":"2"}}}',
  );
});

test("a thousand lines are no burden", () => {
  const { lines } = answers(request(...Array.from({ length: 1000 }, (_, i) => `let x = ${i}; x * 2`)));
  expect(lines.map(({ value }) => value)).toEqual(
    Array.from({ length: 1000 }, (_, i) => ({ type: "i64", value: String(2 * i) })),
  );
});

test("no lines, no answers", () => {
  expect(answers("")).toEqual({ lines: [], status: 0, stderr: "" });
});
