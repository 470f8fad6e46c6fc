/**
 * Expressions, by Pratt's method: a token that begins an expression has a prefix parser, one that continues it has a
 * precedence. The two tables are the grammar; literals and the statement-like expressions have files of their own.
 */

import { Float, type Value } from "../value.ts";
import type { Call, Closure, Directive, Expression, Parameter, Unary } from "./ast.ts";
import { parseDo, parseFor, parseIf, parseSwitch, parseWhile } from "./control.ts";
import type { Cursor } from "./cursor.ts";
import { shown } from "./cursor.ts";
import { parseArray, parseMap, parseTemplate } from "./literal.ts";
import { INT_MIN_MAGNITUDE, narrow } from "./numbers.ts";
import { parseBlock, parseBody } from "./statement.ts";
import type { TokenKind } from "./token.ts";

/** Higher binds tighter (reference of Rhai's operators). All associate to the left but `**`. */
export const PRECEDENCE: ReadonlyMap<TokenKind, number> = new Map([
  ...row(30, "|| | ^"),
  ...row(60, "&& &"),
  ...row(90, "== !="),
  ...row(110, "in !in"),
  ...row(130, "< <= > >="),
  ...row(135, "??"),
  ...row(140, ".. ..="),
  ...row(150, "+ -"),
  ...row(180, "* / %"),
  ...row(190, "**"),
  ...row(210, "<< >>"),
]);

type Prefix = (cursor: Cursor) => Expression;

const PREFIX: ReadonlyMap<TokenKind, Prefix> = new Map<TokenKind, Prefix>([
  ["int", parseLiteral],
  ["float", parseLiteral],
  ["char", parseLiteral],
  ["string", parseLiteral],
  ["true", parseLiteral],
  ["false", parseLiteral],
  ["template", parseTemplate],
  ["identifier", parseName],
  ["global", parseName],
  ["this", parseThis],
  ["(", parseParenthesis],
  ["[", parseArray],
  ["#{", parseMap],
  ["{", parseBlock],
  ["-", parseUnary],
  ["+", parseUnary],
  ["!", parseUnary],
  ["|", parseClosure],
  ["||", parseClosure],
  ["if", parseIf],
  ["switch", parseSwitch],
  ["while", parseWhile],
  ["loop", parseWhile],
  ["do", parseDo],
  ["for", parseFor],
  ["rule", parseDirective],
  ["action", parseDirective],
  ["delegate", parseDirective],
]);

function row(precedence: number, operators: string): [TokenKind, number][] {
  return operators.split(" ").map((operator) => [operator, precedence]);
}

/** An expression whose operators bind tighter than `minimum`. */
export function parseExpression(cursor: Cursor, minimum = 0): Expression {
  return cursor.nested(() => {
    let left = parseOperand(cursor);
    for (;;) {
      const precedence = PRECEDENCE.get(cursor.current.kind);
      if (precedence === undefined || precedence <= minimum) return left;
      const token = cursor.advance();
      const right = parseExpression(cursor, token.kind === "**" ? precedence - 1 : precedence);
      const { at } = left;
      left = { kind: "binary", operator: token.kind, operatorAt: token.start, left, right, at, end: right.end };
    }
  });
}

/** Something that can stand beside an operator, with everything that follows it by `.`, `[` and `?`. */
export function parseOperand(cursor: Cursor): Expression {
  const prefix = PREFIX.get(cursor.current.kind);
  if (!prefix) cursor.fail(`expected an expression, found ${shown(cursor.current)}`, "Write a value, a name or a call");
  return parsePostfix(cursor, prefix(cursor));
}

function parsePostfix(cursor: Cursor, start: Expression): Expression {
  let object = start;
  for (;;) {
    const { kind } = cursor.current;
    if (kind === "." || kind === "?.") object = parseMember(cursor, object, kind === "?.");
    else if (kind === "[" || kind === "?[") object = parseIndex(cursor, object, kind === "?[");
    else return object;
  }
}

function parseMember(cursor: Cursor, object: Expression, optional: boolean): Expression {
  const { at } = object;
  cursor.advance();
  const name = cursor.name("the name of a property or method");
  if (!cursor.is("(")) {
    return { kind: "property", object, name: name.value, nameAt: name.start, optional, at, end: cursor.lastEnd };
  }
  const args = parseArguments(cursor);
  return { kind: "method", object, name: name.value, nameAt: name.start, args, optional, at, end: cursor.lastEnd };
}

function parseIndex(cursor: Cursor, object: Expression, optional: boolean): Expression {
  cursor.advance();
  const index = parseExpression(cursor);
  cursor.expect("]", "after the index");
  return { kind: "index", object, index, optional, at: object.at, end: cursor.lastEnd };
}

function parseArguments(cursor: Cursor): Expression[] {
  cursor.expect("(", "before the arguments");
  const args: Expression[] = [];
  while (!cursor.is(")")) {
    args.push(parseExpression(cursor));
    if (!cursor.accept(",")) break;
  }
  cursor.expect(")", "after the arguments", "Close the call with `)`, or separate arguments with `,`");
  return args;
}

function parseLiteral(cursor: Cursor): Expression {
  const token = cursor.advance();
  const value: Value = token.kind === "true" ? true : token.kind === "false" ? false : token.value;
  if (value === INT_MIN_MAGNITUDE)
    cursor.fail("this number does not fit into 64 bits", "Write a float", token.start, token.end);
  return { kind: "literal", value, at: token.start, end: token.end };
}

function parseThis(cursor: Cursor): Expression {
  const token = cursor.advance();
  return { kind: "this", at: token.start, end: token.end };
}

/** `()`, or an expression between parentheses. */
function parseParenthesis(cursor: Cursor): Expression {
  const open = cursor.advance();
  if (cursor.accept(")")) return { kind: "literal", value: undefined, at: open.start, end: cursor.lastEnd };
  const inner = parseExpression(cursor);
  cursor.expect(")", "after the expression");
  return { ...inner, at: open.start, end: cursor.lastEnd };
}

/** `name`, `a::b::name`, and a call of either. */
function parseName(cursor: Cursor): Expression {
  const first = cursor.advance();
  const names = [first.kind === "global" ? "global" : String(first.value)];
  while (cursor.accept("::")) names.push(cursor.name("a name after `::`").value);
  if (first.kind === "global" && names.length === 1)
    cursor.fail("`global` alone is no value", "Write `global::NAME`", first.start, first.end);
  const name = names.pop() as string;
  if (!cursor.is("(")) return { kind: "variable", path: names, name, at: first.start, end: cursor.lastEnd };
  const call: Omit<Call, "args" | "end"> = { kind: "call", path: names, name, at: first.start };
  const args = parseArguments(cursor);
  return { ...call, args, end: cursor.lastEnd };
}

/** A sign before a number belongs to it, so that the smallest integer can be written. */
function parseUnary(cursor: Cursor): Expression {
  const token = cursor.advance();
  const operator = token.kind as Unary["operator"];
  const { value, end } = cursor.current;
  if (operator === "-" && cursor.is("int") && token.end === cursor.current.start) {
    cursor.advance();
    return { kind: "literal", value: narrow(-BigInt(value as number | bigint)), at: token.start, end };
  }
  if (operator === "-" && cursor.is("float") && token.end === cursor.current.start) {
    cursor.advance();
    return { kind: "literal", value: new Float(-(value as Float).value), at: token.start, end };
  }
  const operand = cursor.nested(() => parseOperand(cursor));
  return { kind: "unary", operator, operand, at: token.start, end: operand.end };
}

function parseClosure(cursor: Cursor): Closure {
  const open = cursor.advance();
  const parameters = open.kind === "||" ? [] : parseParameters(cursor, "|");
  const body = parseBody(cursor);
  return { kind: "closure", parameters, body, at: open.start, end: body.end };
}

/** Names up to the closing token, which is taken. */
export function parseParameters(cursor: Cursor, close: TokenKind): Parameter[] {
  const parameters: Parameter[] = [];
  while (!cursor.is(close)) {
    const name = cursor.name("the name of a parameter");
    if (parameters.some((parameter) => parameter.name === name.value)) {
      cursor.fail(`two parameters are called \`${name.value}\``, "Rename one", name.start, name.end);
    }
    parameters.push({ name: name.value, at: name.start, end: name.end });
    if (!cursor.accept(",")) break;
  }
  cursor.expect(close, "after the parameters");
  return parameters;
}

function parseDirective(cursor: Cursor): Directive {
  const word = cursor.advance();
  const directive = word.kind as Directive["directive"];
  const service = directive === "delegate" ? parseOperand(cursor) : undefined;
  if (!cursor.is("string")) {
    cursor.fail(
      `expected the name of the ${directive} as a string, found ${shown(cursor.current)}`,
      `Write \`${directive} "name" || …\``,
    );
  }
  const name = String(cursor.advance().value);
  const body = parseExpression(cursor);
  return { kind: "directive", directive, name, service, body, at: word.start, end: body.end };
}
