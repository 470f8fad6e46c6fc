/**
 * The ways in which a body of code can end, found by following its branches: with the value of an expression, or with
 * none because a branch is missing. Code that throws or never ends does not count.
 */

import type { Block, Expression, If, Statement, Switch } from "../syntax/ast.ts";
import { isClosure, walk } from "../syntax/walk.ts";

export interface Ending {
  /** `value`: that of `node`; everything else is `()`, for the reason named. */
  readonly kind: "value" | "no-else" | "no-default" | "empty" | "statement" | "loop";
  readonly node: Expression | Statement;
}

/** Of a function or closure: what it returns. */
export function endingsOf(body: Block): Ending[] {
  return [...returned(body), ...blockEndings(body)];
}

/** Of an expression: its value, or those of its branches. */
export function valueEndings(node: Expression): Ending[] {
  switch (node.kind) {
    case "block":
      return blockEndings(node);
    case "if":
      return ifEndings(node);
    case "switch":
      return switchEndings(node);
    case "while":
      return node.condition ? [{ kind: "loop", node }] : broken(node.body);
    case "do":
    case "for":
      return [{ kind: "loop", node }];
    case "binary":
      return node.operator === "??" ? [...valueEndings(node.right)] : [{ kind: "value", node }];
    default:
      return [{ kind: "value", node }];
  }
}

function blockEndings(block: Block): Ending[] {
  const { statements } = block;
  const last = statements.at(-1);
  if (!last) return [{ kind: "empty", node: block }];
  return statements.slice(0, -1).some(diverges) ? [] : statementEndings(last);
}

function statementEndings(statement: Statement): Ending[] {
  switch (statement.kind) {
    case "expression":
      return valueEndings(statement.expression);
    case "try":
      return [...blockEndings(statement.body), ...blockEndings(statement.handler)];
    case "return":
    case "throw":
    case "break":
    case "continue":
      return [];
    default:
      return [{ kind: "statement", node: statement }];
  }
}

function ifEndings(node: If): Ending[] {
  const { otherwise } = node;
  const rest: Ending[] = otherwise === undefined ? [{ kind: "no-else", node }] : valueEndings(otherwise);
  return [...blockEndings(node.then), ...rest];
}

function switchEndings(node: Switch): Ending[] {
  const rest: Ending[] = isExhaustive(node) ? [] : [{ kind: "no-default", node }];
  return [...node.cases.flatMap(({ body }) => statementEndings(body)), ...rest];
}

/** `_`, or both booleans. */
function isExhaustive({ cases }: Switch): boolean {
  const certain = cases.filter(({ guard }) => guard === undefined);
  const has = (value: boolean) =>
    certain.some(({ patterns }) => patterns.some((pattern) => pattern.kind === "value" && pattern.value === value));
  return certain.some(({ patterns }) => patterns.length === 0) || (has(true) && has(false));
}

/** What the `return`s of a body give, wherever they stand. */
function returned(body: Block): Ending[] {
  const found: Ending[] = [];
  for (const node of walk(body, (inner) => !isClosure(inner))) {
    if (node.kind !== "return") continue;
    if (node.value) found.push(...valueEndings(node.value));
    else found.push({ kind: "statement", node });
  }
  return found;
}

/** What the `break`s of a `loop` give, without those of loops inside. */
function broken(body: Block): Ending[] {
  const found: Ending[] = [];
  for (const node of walk(body, (inner) => !isClosure(inner) && !isLoop(inner))) {
    if (node.kind === "break")
      found.push(node.value ? { kind: "value", node: node.value } : { kind: "statement", node });
  }
  return found;
}

function isLoop({ kind }: { readonly kind: string }): boolean {
  return kind === "while" || kind === "do" || kind === "for";
}

/** Whether nothing that follows is reached. */
function diverges(statement: Statement): boolean {
  switch (statement.kind) {
    case "return":
    case "throw":
    case "break":
    case "continue":
      return true;
    case "try":
      return statement.body.statements.some(diverges) && statement.handler.statements.some(diverges);
    case "expression":
      return neverEnds(statement.expression);
    default:
      return false;
  }
}

function neverEnds(node: Expression): boolean {
  switch (node.kind) {
    case "block":
      return node.statements.some(diverges);
    case "if":
      return node.otherwise !== undefined && neverEnds(node.then) && neverEnds(node.otherwise);
    case "switch":
      return isExhaustive(node) && node.cases.every(({ body }) => diverges(body));
    case "while":
      return node.condition === undefined && broken(node.body).length === 0;
    default:
      return false;
  }
}
