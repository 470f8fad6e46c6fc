/** Questions about expressions that decide how they are written in JavaScript. */

import type { Block, Expression, If } from "../syntax/ast.ts";
import { childrenOf } from "../syntax/walk.ts";

/** The one expression that a block consists of. */
export function soleExpression(block: Block): Expression | undefined {
  const [only] = block.statements;
  return block.statements.length === 1 && only?.kind === "expression" ? only.expression : undefined;
}

/** Whether JavaScript needs statements to compute it. */
export function needsStatements(node: Expression): boolean {
  switch (node.kind) {
    case "literal":
    case "variable":
    case "this":
    case "closure":
      return false;
    case "block": {
      const sole = soleExpression(node);
      return sole === undefined || needsStatements(sole);
    }
    case "if":
      return !isConditional(node);
    case "switch":
    case "while":
    case "do":
    case "for":
      return true;
    default:
      return operandsOf(node).some(needsStatements);
  }
}

/** Whether `c ? a : b` says it. */
export function isConditional(node: If): boolean {
  const { condition, then, otherwise } = node;
  if (needsStatements(condition) || needsStatements(then)) return false;
  return otherwise === undefined || !needsStatements(otherwise);
}

const HOLDS_STATEMENTS: ReadonlySet<Expression["kind"]> = new Set([
  "closure",
  "block",
  "if",
  "switch",
  "while",
  "do",
  "for",
]);

/** Direct operands, in the order in which they are evaluated. */
function operandsOf(node: Expression): readonly Expression[] {
  return HOLDS_STATEMENTS.has(node.kind) ? [] : (childrenOf(node) as readonly Expression[]);
}

/** Whether nobody else can hold the value, so that storing it needs no mark of sharing. */
export function isFresh(node: Expression): boolean {
  switch (node.kind) {
    case "literal":
    case "template":
    case "array":
    case "map":
    case "unary":
    case "call":
    case "method":
    case "closure":
    case "directive":
      return true;
    case "binary":
      return node.operator !== "??";
    default:
      return false;
  }
}

/** Whether evaluating it can change something that another operand reads. */
export function mayHaveEffects(node: Expression): boolean {
  if (node.kind === "call" || node.kind === "method") return true;
  return needsStatements(node) || operandsOf(node).some(mayHaveEffects);
}

/** Whether its value is a boolean for certain. */
export function isBoolean(node: Expression): boolean {
  if (node.kind === "literal") return typeof node.value === "boolean";
  if (node.kind === "unary") return node.operator === "!";
  return node.kind === "binary" && ["==", "!=", "<", "<=", ">", ">=", "&&", "||", "in", "!in"].includes(node.operator);
}

/** Whether it names a place that can hold another value. */
export function isPlace(node: Expression): boolean {
  if (node.kind === "variable") return node.path.length === 0;
  return node.kind === "this" || node.kind === "property" || node.kind === "index";
}
