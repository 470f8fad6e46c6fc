/** The expressions that read like statements: conditions, choices and loops. */

import type { CasePattern, DoLoop, Expression, For, If, Switch, SwitchCase, While } from "./ast.ts";
import type { Cursor } from "./cursor.ts";
import { parseExpression } from "./expression.ts";
import { parseBlock, parseCaseBody } from "./statement.ts";

export function parseIf(cursor: Cursor): If {
  const at = cursor.advance().start;
  const condition = parseExpression(cursor);
  const then = parseBlock(cursor);
  const otherwise = !cursor.accept("else") ? undefined : cursor.is("if") ? parseIf(cursor) : parseBlock(cursor);
  return { kind: "if", condition, then, otherwise, at, end: cursor.lastEnd };
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
  while (!cursor.is("}")) {
    const last = cases.at(-1);
    if (last && last.patterns.length === 0 && last.guard === undefined) {
      cursor.fail("no case can follow `_`", "Move `_` to the end", last.at, last.end);
    }
    cases.push(parseCase(cursor));
    if (!cursor.accept(",") && !cursor.is("}") && !endsWithBlock(cases)) break;
  }
  cursor.expect("}", "after the cases", "Separate cases with `,` and close the switch with `}`");
  return { kind: "switch", subject, cases, at, end: cursor.lastEnd };
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
    return { kind: "range", from, to, inclusive: expression.operator === "..=" };
  }
  return { kind: "value", value: literalOf(cursor, expression) };
}

function literalOf(cursor: Cursor, expression: Expression) {
  if (expression.kind === "literal") return expression.value;
  cursor.fail(
    "a case is a literal or a range of literals",
    "Compare other values in a guard: `_ if x == y => …`",
    expression.at,
    expression.end,
  );
}
