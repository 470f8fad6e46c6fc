/** The expressions that read like statements: conditions, choices and loops. */

import { type Value, VslArray, VslMap } from "../value.ts";
import type { CasePattern, DoLoop, Expression, For, If, Switch, SwitchCase, While } from "./ast.ts";
import type { Cursor } from "./cursor.ts";
import { parseExpression } from "./expression.ts";
import { parseBlock, parseCaseBody } from "./statement.ts";

export function parseIf(cursor: Cursor): If {
  const branches: Pick<If, "condition" | "then" | "at">[] = [];
  let otherwise: If["otherwise"];
  do {
    const at = cursor.advance().start;
    const condition = parseExpression(cursor);
    const then = parseBlock(cursor);
    branches.push({ condition, then, at });
    if (!cursor.accept("else")) break;
    if (!cursor.is("if")) otherwise = parseBlock(cursor);
  } while (otherwise === undefined);
  const end = cursor.lastEnd;
  for (const branch of branches.reverse()) otherwise = { kind: "if", ...branch, otherwise, end };
  return otherwise as If;
}

export function parseWhile(cursor: Cursor): While {
  const word = cursor.advance();
  const condition = word.kind === "loop" ? undefined : parseExpression(cursor);
  const body = parseBlock(cursor);
  return { kind: "while", condition, body, at: word.start, end: cursor.lastEnd };
}

export function parseDo(cursor: Cursor): DoLoop {
  const at = cursor.advance().start;
  const body = parseBlock(cursor);
  const until = cursor.accept("until") !== undefined;
  if (!until) cursor.expect("while", "after the block of `do`", "Write `while condition` or `until condition`");
  const condition = parseExpression(cursor);
  return { kind: "do", body, condition, until, at, end: cursor.lastEnd };
}

export function parseFor(cursor: Cursor): For {
  const at = cursor.advance().start;
  const pair = cursor.accept("(") !== undefined;
  const variable = cursor.name("the variable of the loop");
  let counter: ReturnType<Cursor["name"]> | undefined;
  if (pair) {
    cursor.expect(",", "after the variable of the loop");
    counter = cursor.name("the counter of the loop");
    cursor.expect(")", "after the counter");
  }
  if (counter?.value === variable.value)
    cursor.fail("variable and counter have one name", "Rename one", counter.start, counter.end);
  cursor.expect("in", "after the variable of the loop");
  const source = parseExpression(cursor);
  const body = parseBlock(cursor);
  return {
    kind: "for",
    variable: { name: variable.value, at: variable.start, end: variable.end },
    counter: counter && { name: counter.value, at: counter.start, end: counter.end },
    source,
    body,
    at,
    end: cursor.lastEnd,
  };
}

export function parseSwitch(cursor: Cursor): Switch {
  const at = cursor.advance().start;
  const subject = parseExpression(cursor);
  cursor.expect("{", "before the cases");
  const cases: SwitchCase[] = [];
  let ranges = false;
  while (!cursor.is("}")) {
    const last = cases.at(-1);
    if (last && last.patterns.length === 0 && last.guard === undefined) {
      cursor.fail("no case can follow `_`", "Move `_` to the end", last.at, last.end);
    }
    const made = parseCase(cursor);
    if (ranges && made.patterns.some((pattern) => pattern.kind === "value" && isInteger(pattern.value))) {
      cursor.fail("no integer case can follow a range", "Move it before the ranges", made.at, made.end);
    }
    ranges ||= made.patterns.some((pattern) => pattern.kind === "range");
    cases.push(made);
    if (!cursor.accept(",") && !cursor.is("}") && !endsWithBlock(cases)) break;
  }
  cursor.expect("}", "after the cases", "Separate cases with `,` and close the switch with `}`");
  return { kind: "switch", subject, cases, at, end: cursor.lastEnd };
}

function isInteger(value: Value): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}

function endsWithBlock(cases: readonly SwitchCase[]): boolean {
  const body = cases.at(-1)?.body;
  return body?.kind === "expression" && body.expression.kind === "block";
}

function parseCase(cursor: Cursor): SwitchCase {
  const at = cursor.current.start;
  const patterns: CasePattern[] = [];
  if (cursor.is("identifier") && cursor.current.value === "_") cursor.advance();
  else {
    do patterns.push(parsePattern(cursor));
    while (cursor.accept("|"));
  }
  const guard = cursor.accept("if") ? parseExpression(cursor) : undefined;
  cursor.expect("=>", "after the case");
  const body = parseCaseBody(cursor);
  return { patterns, guard, body, at, end: cursor.lastEnd };
}

/** `|` separates patterns here, so a pattern is parsed above its precedence. */
function parsePattern(cursor: Cursor): CasePattern {
  const expression = parseExpression(cursor, 30);
  if (expression.kind === "binary" && (expression.operator === ".." || expression.operator === "..=")) {
    const from = literalOf(cursor, expression.left);
    const to = literalOf(cursor, expression.right);
    if (!isInteger(from) || !isInteger(to)) {
      const { at, end } = expression;
      cursor.fail("the range of a case goes between integers", "Compare in a guard: `_ if …`", at, end);
    }
    return { kind: "range", from, to, inclusive: expression.operator === "..=" };
  }
  return { kind: "value", value: literalOf(cursor, expression) };
}

function literalOf(cursor: Cursor, expression: Expression): Value {
  if (expression.kind === "literal") return expression.value;
  if (expression.kind === "array") return new VslArray(expression.items.map((item) => literalOf(cursor, item)));
  if (expression.kind === "map")
    return new VslMap(new Map(expression.entries.map(({ key, value }) => [key, literalOf(cursor, value)])));
  if (expression.kind === "template" && expression.parts.every((part) => typeof part === "string"))
    return expression.parts.join("");
  cursor.fail(
    "a case is a literal or a range of literals",
    "Compare other values in a guard: `_ if x == y => …`",
    expression.at,
    expression.end,
  );
}
