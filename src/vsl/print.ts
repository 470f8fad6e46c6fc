/**
 * From a tree back to text that reads as the same tree: one statement a line, two spaces a level, parentheses where
 * the tree needs them. Comments are not part of the tree; doc comments are.
 */

import { isPlainKey, printLiteral, printString } from "./print-literal.ts";
import type {
  Block,
  CasePattern,
  Closure,
  Expression,
  If,
  Let,
  Parameter,
  Statement,
  Switch,
  SwitchCase,
  Template,
  Tree,
} from "./syntax/ast.ts";
import { PRECEDENCE } from "./syntax/expression.ts";

export function print(tree: Tree): string {
  return tree.statements.map((statement) => `${printStatement(statement, "")}\n`).join("");
}

/** With the `;` that separates it from the next one, where it needs one. */
function printStatement(statement: Statement, indent: string): string {
  const text = statementText(statement, indent);
  return statement.kind === "function" || statement.kind === "try" ? text : `${text};`;
}

function statementText(statement: Statement, indent: string): string {
  switch (statement.kind) {
    case "let":
      return letText(statement, indent);
    case "assign":
      return `${operand(statement.target, indent)} ${statement.operator === "=" ? "" : statement.operator}= ${expression(statement.value, indent)}`;
    case "import":
      return `import ${printString(statement.specifier)}${statement.alias === undefined ? "" : ` as ${statement.alias}`}`;
    case "export":
      return `export ${statement.name}${statement.alias === statement.name ? "" : ` as ${statement.alias}`}`;
    case "function": {
      const { doc, thisType, name, parameters, body } = statement;
      const type = thisType === undefined ? "" : `${/^[a-z_]\w*$/i.test(thisType) ? thisType : printString(thisType)}.`;
      return `${docText(doc, indent)}${statement.private ? "private " : ""}fn ${type}${name}(${names(parameters)}) ${block(body, indent)}`;
    }
    case "return":
    case "throw":
    case "break":
      return statement.value ? `${statement.kind} ${expression(statement.value, indent)}` : statement.kind;
    case "continue":
      return "continue";
    case "try": {
      const { body, variable, handler } = statement;
      return `try ${block(body, indent)} catch${variable ? ` (${variable.name})` : ""} ${block(handler, indent)}`;
    }
    case "expression":
      return startingExpression(statement.expression, indent);
  }
}

function letText({ doc, exported, constant, name, init }: Let, indent: string): string {
  const value = init ? ` = ${expression(init, indent)}` : "";
  return `${docText(doc, indent)}${exported ? "export " : ""}${constant ? "const" : "let"} ${name}${value}`;
}

function docText(doc: string, indent: string): string {
  return doc === ""
    ? ""
    : doc
        .split("\n")
        .map((line) => `/// ${line}\n${indent}`)
        .join("");
}

/** At the beginning of a statement, what ends with `}` is the whole statement unless it stands in parentheses. */
function startingExpression(node: Expression, indent: string): string {
  const text = expression(node, indent);
  return !isControl(node) && isControl(leftmost(node)) ? `(${text})` : text;
}

function leftmost(node: Expression): Expression {
  if (node.kind === "binary") return leftmost(node.left);
  return node.kind === "property" || node.kind === "index" || node.kind === "method" ? leftmost(node.object) : node;
}

function isControl({ kind }: Expression): boolean {
  return ["block", "if", "switch", "while", "do", "for"].includes(kind);
}

function expression(node: Expression, indent: string): string {
  switch (node.kind) {
    case "literal":
      return printLiteral(node.value);
    case "template":
      return template(node, indent);
    case "array":
      return `[${list(node.items, indent)}]`;
    case "map":
      return `#{${node.entries.map(({ key, value }) => ` ${keyText(key)}: ${expression(value, indent)}`).join(",")} }`;
    case "variable":
      return [...node.path, node.name].join("::");
    case "this":
      return "this";
    case "unary":
      return `${node.operator}${unaryOperand(node.operand, indent)}`;
    case "binary": {
      const level = PRECEDENCE.get(node.operator) as number;
      // `**` associates to the right.
      const [left, right] = node.operator === "**" ? [level, level - 1] : [level - 1, level];
      return `${side(node.left, left, indent)} ${node.operator} ${side(node.right, right, indent)}`;
    }
    case "property":
      return `${operand(node.object, indent)}${node.optional ? "?." : "."}${node.name}`;
    case "index":
      return `${operand(node.object, indent)}${node.optional ? "?[" : "["}${expression(node.index, indent)}]`;
    case "call":
      return `${[...node.path, node.name].join("::")}(${list(node.args, indent)})`;
    case "method":
      return `${operand(node.object, indent)}${node.optional ? "?." : "."}${node.name}(${list(node.args, indent)})`;
    case "closure":
      return closure(node, indent);
    case "directive": {
      const service = node.service ? `${operand(node.service, indent)} ` : "";
      return `${node.directive} ${service}${printString(node.name)} ${expression(node.body, indent)}`;
    }
    case "block":
      return block(node, indent);
    case "if":
      return conditional(node, indent);
    case "switch":
      return choice(node, indent);
    case "while":
      return `${node.condition ? `while ${expression(node.condition, indent)}` : "loop"} ${block(node.body, indent)}`;
    case "do":
      return `do ${block(node.body, indent)} ${node.until ? "until" : "while"} ${expression(node.condition, indent)}`;
    case "for": {
      const name = node.counter ? `(${node.variable.name}, ${node.counter.name})` : node.variable.name;
      return `for ${name} in ${expression(node.source, indent)} ${block(node.body, indent)}`;
    }
  }
}

/** An operand of an operator: in parentheses when it binds no tighter than `minimum`. */
function side(node: Expression, minimum: number, indent: string): string {
  const text = expression(node, indent);
  if (node.kind === "binary") return (PRECEDENCE.get(node.operator) as number) > minimum ? text : `(${text})`;
  return takesAllBehind(node) ? `(${text})` : text;
}

/** What stands before `.`, `[` or in a place where only an operand is read. */
function operand(node: Expression, indent: string): string {
  const text = expression(node, indent);
  const bare = node.kind !== "binary" && node.kind !== "unary" && !takesAllBehind(node) && !isNumber(node);
  return bare ? text : `(${text})`;
}

function isNumber(node: Expression): boolean {
  return node.kind === "literal" && /^-?\d/.test(printLiteral(node.value));
}

/** A sign right before a number would become part of it. */
function unaryOperand(node: Expression, indent: string): string {
  const text = expression(node, indent);
  const plain = node.kind !== "binary" && !takesAllBehind(node) && node.kind !== "unary" && !isNumber(node);
  return plain ? text : `(${text})`;
}

/** Their last part reads on as far as it can. */
function takesAllBehind(node: Expression): boolean {
  return node.kind === "closure" || node.kind === "directive" || node.kind === "do";
}

function list(nodes: readonly Expression[], indent: string): string {
  return nodes.map((node) => expression(node, indent)).join(", ");
}

function names(parameters: readonly Parameter[]): string {
  return parameters.map(({ name }) => name).join(", ");
}

function keyText(key: string): string {
  return isPlainKey(key) ? key : printString(key);
}

function block({ statements }: Block, indent: string): string {
  if (statements.length === 0) return "{ }";
  const inner = `${indent}  `;
  return `{\n${statements.map((statement) => `${inner}${printStatement(statement, inner)}\n`).join("")}${indent}}`;
}

function closure({ parameters, body }: Closure, indent: string): string {
  const head = parameters.length === 0 ? "||" : `|${names(parameters)}|`;
  return `${head} ${block(body, indent)}`;
}

function conditional({ condition, then, otherwise }: If, indent: string): string {
  const rest = otherwise === undefined ? "" : ` else ${expression(otherwise, indent)}`;
  return `if ${expression(condition, indent)} ${block(then, indent)}${rest}`;
}

function choice({ subject, cases }: Switch, indent: string): string {
  const inner = `${indent}  `;
  const lines = cases.map((node) => `${inner}${caseText(node, inner)},\n`).join("");
  return `switch ${expression(subject, indent)} {\n${lines}${indent}}`;
}

function caseText({ patterns, guard, body }: SwitchCase, indent: string): string {
  const when = patterns.length === 0 ? "_" : patterns.map(patternText).join(" | ");
  return `${when}${guard ? ` if ${expression(guard, indent)}` : ""} => ${statementText(body, indent)}`;
}

function patternText(pattern: CasePattern): string {
  if (pattern.kind === "value") return printLiteral(pattern.value);
  return `${printLiteral(pattern.from)}${pattern.inclusive ? "..=" : ".."}${printLiteral(pattern.to)}`;
}

function template({ parts }: Template, indent: string): string {
  const texts = parts.map((part, i) => {
    if (typeof part === "string") return verbatim(part, i === 0);
    return `\${${part.statements.map((statement) => printStatement(statement, indent)).join(" ")}}`;
  });
  return `\`${texts.join("")}\``;
}

/** A line end right behind the opening backtick does not count, so one that does comes after another. */
function verbatim(text: string, first: boolean): string {
  const safe = text.replaceAll("`", "``");
  return first && safe.startsWith("\n") ? `\n${safe}` : safe;
}
