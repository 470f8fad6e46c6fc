/** Expressions without calls: literals, operators, access, closures, directives. */

import { needsCell } from "../check/names.ts";
import type { Binary, Block, Closure, Expression, If, Template, Variable } from "../syntax/ast.ts";
import type { Value } from "../value.ts";
import { emitCall, emitMethod } from "./calls.ts";
import { emitChain, openLink } from "./chains.ts";
import { constantName, type Emitter, holderOf, variableName } from "./emitter.ts";
import { emitFunction } from "./functions.ts";
import { isBoolean, isConditional, isFresh, needsStatements, soleExpression } from "./shape.ts";
import { emitValue } from "./statements.ts";

/** Functions of the runtime, by the operator that calls them. */
export const OPERATORS: Readonly<Record<string, string>> = {
  "+": "add",
  "-": "subtract",
  "*": "multiply",
  "/": "divide",
  "%": "remainder",
  "**": "power",
  "<<": "shiftLeft",
  ">>": "shiftRight",
  "&": "bitAnd",
  "|": "bitOr",
  "^": "bitXor",
  "==": "equal",
  "!=": "notEqual",
  "<": "less",
  "<=": "lessOrEqual",
  ">": "greater",
  ">=": "greaterOrEqual",
};

export function emitExpression(e: Emitter, node: Expression): string {
  const standIn = e.standIns.get(node);
  if (standIn !== undefined) return standIn;
  const link = openLink(e, node);
  return link ? emitChain(e, node, link) : emitNode(e, node);
}

function emitNode(e: Emitter, node: Expression): string {
  switch (node.kind) {
    case "literal":
      return emitLiteral(e, node.value);
    case "template":
      return emitTemplate(e, node);
    case "array":
      return `new VslArray([${emitStoredOperands(e, node.items).join(", ")}])`;
    case "map": {
      const values = emitStoredOperands(
        e,
        node.entries.map((entry) => entry.value),
      );
      return `new VslMap(new Map([${node.entries.map(({ key }, i) => `[${JSON.stringify(key)}, ${values[i]}]`).join(", ")}]))`;
    }
    case "variable":
      return emitVariable(e, node);
    case "this":
      return `${e.mark(node.at)}$this.v`;
    case "unary":
      return emitUnary(e, node.operator, node.operand, node.at);
    case "binary":
      return emitBinary(e, node);
    case "property": {
      const object = emitExpression(e, node.object);
      return `${e.mark(node.nameAt)}property($, ${object}, ${JSON.stringify(node.name)})`;
    }
    case "index": {
      const [object, index] = emitOperands(e, [node.object, node.index]);
      return `${e.mark(node.at)}getIndex($, ${object}, ${index})`;
    }
    case "call":
      return emitCall(e, node);
    case "method":
      return emitMethod(e, node);
    case "closure":
      return emitClosure(e, node);
    case "directive": {
      const nodes = node.service ? [node.body, node.service] : [node.body];
      const [body, service = "undefined"] = emitOperands(e, nodes, (emitter, operand) =>
        operand === node.service && operand.kind === "variable"
          ? emitVariable(emitter, operand, "service")
          : emitExpression(emitter, operand),
      );
      return `${e.mark(node.at)}directive(${JSON.stringify(node.directive)}, ${JSON.stringify(node.name)}, ${body}, ${service})`;
    }
    case "block":
      return emitBlock(e, node);
    case "if":
      return isConditional(node) ? emitConditional(e, node) : byStatements(e, node);
    default:
      return byStatements(e, node);
  }
}

/** For a place that keeps the value: a container gets one more holder. */
export function emitStored(e: Emitter, node: Expression): string {
  const value = emitExpression(e, node);
  return isFresh(node) ? value : `share(${value})`;
}

/** Operands from left to right; what comes before one that needs statements waits in a temporary. */
export function emitOperands(e: Emitter, nodes: readonly Expression[], emit = emitExpression): string[] {
  return nodes.map((node, i) => {
    const expression = emit(e, node);
    const waits = node.kind !== "literal" && nodes.slice(i + 1).some(needsStatements);
    return waits ? e.spill(expression) : expression;
  });
}

export function emitStoredOperands(e: Emitter, nodes: readonly Expression[]): string[] {
  return emitOperands(e, nodes, emitStored);
}

/** A JavaScript boolean; anything but a vSL bool is an error. */
export function emitCondition(e: Emitter, node: Expression): string {
  const value = emitExpression(e, node);
  return isBoolean(node) ? value : `${e.mark(node.at)}truth(${value})`;
}

export function emitLiteral(e: Emitter, value: Value): string {
  if (typeof value === "object") return e.context.external(value);
  if (typeof value === "string") return JSON.stringify(value);
  const text = typeof value === "bigint" ? `${value}n` : String(value);
  return text.startsWith("-") ? `(${text})` : text;
}

function emitTemplate(e: Emitter, node: Template): string {
  const blocks = node.parts.filter((part): part is Block => typeof part !== "string");
  const values = emitOperands(e, blocks);
  const parts = node.parts.map((part) => (typeof part === "string" ? JSON.stringify(part) : `show(${values.shift()})`));
  return `template($, ${['""', ...parts].join(" + ")})`;
}

/** `take` is what the runtime does with a variable of another module. */
function emitVariable(e: Emitter, node: Variable, take: "imported" | "service" = "imported"): string {
  const meaning = e.names.variables.get(node);
  if (meaning === undefined) throw new Error(`unresolved variable ${node.name}`);
  if (meaning.kind === "binding") return holderOf(meaning.binding);
  if (meaning.kind === "script-variable") {
    if (meaning.unit === e.context.unit) return constantName(meaning.name);
    return `${e.mark(node.at)}${take}(${e.context.external(e.context.instanceOf(meaning.unit).exports)}.get(${JSON.stringify(meaning.name)}))`;
  }
  const { unavailable, variables } = meaning.module;
  if (unavailable) return `${e.mark(node.at)}${take}(${e.context.external(unavailable)})`;
  return `${take}(${e.context.external(variables)}.get(${JSON.stringify(meaning.name)}))`;
}

function emitUnary(e: Emitter, operator: string, operand: Expression, at: number): string {
  if (operator === "!" && isBoolean(operand)) return `!(${emitExpression(e, operand)})`;
  const name = operator === "-" ? "negate" : operator === "+" ? "plus" : "not";
  return `${e.mark(at)}${name}(${emitExpression(e, operand)})`;
}

function emitBinary(e: Emitter, node: Binary): string {
  const { operator, left, right } = node;
  if (operator === "&&" || operator === "||") return emitLogical(e, operator, left, right);
  if (operator === "??") return emitCoalescing(e, left, right);
  const [a, b] = emitOperands(e, [left, right]);
  const mark = e.mark(node.operatorAt);
  if (operator === "in") return `${mark}isIn(${a}, ${b})`;
  if (operator === "!in") return `!${mark}isIn(${a}, ${b})`;
  if (operator === ".." || operator === "..=") return `${mark}range(${a}, ${b}, ${operator === "..="})`;
  // What can make something big takes the run, whose limits bound it.
  return `${mark}${OPERATORS[operator]}(${operator === "+" ? "$, " : ""}${a}, ${b})`;
}

function emitLogical(e: Emitter, operator: "&&" | "||", left: Expression, right: Expression): string {
  const first = emitCondition(e, left);
  if (!needsStatements(right)) return `(${first} ${operator} ${emitCondition(e, right)})`;
  const result = e.spill(first);
  const rest = e.nested(() => e.write(`${result} = ${emitCondition(e, right)};`));
  e.write(`if (${operator === "&&" ? result : `!${result}`}) {\n${rest}\n}`);
  return result;
}

function emitCoalescing(e: Emitter, left: Expression, right: Expression): string {
  if (!needsStatements(right)) {
    const held = e.temporary();
    return `((${held} = ${emitExpression(e, left)}) === undefined ? ${emitExpression(e, right)} : ${held})`;
  }
  const result = e.spill(emitExpression(e, left));
  const rest = e.nested(() => e.write(`${result} = ${emitExpression(e, right)};`));
  e.write(`if (${result} === undefined) {\n${rest}\n}`);
  return result;
}

function emitBlock(e: Emitter, node: Block): string {
  const sole = soleExpression(node);
  return sole && !needsStatements(sole) ? emitExpression(e, sole) : byStatements(e, node);
}

function emitConditional(e: Emitter, node: If): string {
  const { condition, then, otherwise } = node;
  const no = otherwise === undefined ? "undefined" : emitExpression(e, otherwise);
  return `(${emitCondition(e, condition)} ? ${emitExpression(e, then)} : ${no})`;
}

function byStatements(e: Emitter, node: Expression): string {
  const name = e.temporary();
  emitValue(e, node, { kind: "assign", name });
  return name;
}

/** Captured variables that change are handed over as cells; the others JavaScript captures by itself. */
function emitClosure(e: Emitter, node: Closure): string {
  const code = e.names.codes.get(node);
  if (!code) throw new Error("unresolved closure");
  const cells = [...code.captures].filter(needsCell).map(variableName);
  const body = emitFunction(e.context, code, "");
  return `closure("anon$${node.at}", ${node.parameters.length}, ${code.usesThis}, (${cells.join(", ")}) => ${body}, [${cells.join(", ")}])`;
}
