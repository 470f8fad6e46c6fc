/** Statements, and the expressions that are written as statements: conditions, choices, loops, blocks. */

import { type Binding, needsCell } from "../check/names.ts";
import type { CasePattern, DoLoop, Expression, For, If, Return, Statement, Switch, Try, While } from "../syntax/ast.ts";
import type { Value } from "../value.ts";
import { constantName, type Destination, DISCARD, declaration, type Emitter, holderOf } from "./emitter.ts";
import { emitCondition, emitExpression, emitLiteral, emitOperands, emitStored } from "./expressions.ts";
import { emitAssign } from "./places.ts";

export function emitStatements(e: Emitter, all: readonly Statement[], destination: Destination): void {
  // Functions are declared beforehand: they are not what a script ends with.
  const statements = all.filter(({ kind }) => kind !== "function");
  if (statements.length === 0) e.finish(destination, "undefined");
  statements.forEach((statement, i) => {
    emitStatement(e, statement, i === statements.length - 1 ? destination : DISCARD);
  });
}

export function emitStatement(e: Emitter, statement: Statement, destination: Destination): void {
  switch (statement.kind) {
    case "expression":
      return emitValue(e, statement.expression, destination);
    case "let":
      emitLet(e, statement);
      return e.finish(destination, "undefined");
    case "assign":
      emitAssign(e, statement);
      return e.finish(destination, "undefined");
    case "export":
      emitExport(e, statement.name, statement.alias);
      return e.finish(destination, "undefined");
    case "import":
    case "function":
      return e.finish(destination, "undefined");
    case "return":
      return emitReturn(e, statement);
    case "throw": {
      const value = statement.value ? emitExpression(e, statement.value) : "undefined";
      return e.write(`throw (${e.mark(statement.at)}thrown(${value}));`);
    }
    case "break": {
      const result = e.loops.at(-1);
      const value = statement.value ? emitStored(e, statement.value) : "undefined";
      if (result !== undefined) e.write(`${result} = ${value};`);
      else if (statement.value) e.finish(DISCARD, value);
      return e.write("break;");
    }
    case "continue":
      return e.write("continue;");
    case "try":
      return emitTry(e, statement, destination);
  }
}

/** An expression whose value goes to `destination`. */
export function emitValue(e: Emitter, node: Expression, destination: Destination): void {
  switch (node.kind) {
    case "block":
      return e.write(`{\n${e.nested(() => emitStatements(e, node.statements, destination))}\n}`);
    case "if":
      return emitIf(e, node, destination);
    case "switch":
      return emitSwitch(e, node, destination);
    case "while":
    case "do":
    case "for":
      return emitLoop(e, node, destination);
    default:
      e.finish(destination, destination.kind === "return" ? emitReturned(e, node) : emitExpression(e, node));
  }
}

/** A variable of this very function dies with it, so its container needs no mark of sharing. */
function emitReturned(e: Emitter, node: Expression): string {
  const meaning = node.kind === "variable" ? e.names.variables.get(node) : undefined;
  const dies =
    meaning?.kind === "binding" &&
    meaning.binding.owner === e.code &&
    !meaning.binding.captured &&
    !meaning.binding.top;
  return dies ? emitExpression(e, node) : emitStored(e, node);
}

function emitReturn(e: Emitter, { value }: Return): void {
  if (value) emitValue(e, value, { kind: "return" });
  else e.write("return undefined;");
}

function emitLet(e: Emitter, statement: Extract<Statement, { kind: "let" }>): void {
  const binding = e.names.declarations.get(statement);
  if (!binding) throw new Error(`unresolved declaration of ${statement.name}`);
  const value = statement.init ? emitStored(e, statement.init) : "undefined";
  // A constant's container always has one holder more: whoever changes it changes a copy.
  e.write(declaration(binding, statement.constant ? `share(${value})` : value));
  if (!binding.top) return;
  if (statement.constant) e.write(`${constantName(statement.name)} = share(${holderOf(binding)});`);
  if (statement.exported) emitExport(e, statement.name, statement.name);
}

const CATCH_COST = 100;

/** The value as it is now; the end of the script exports it once more, as it is then. */
export function emitExport(e: Emitter, name: string, alias: string): void {
  const declared = e.context.unit.variables.get(name);
  const binding = declared && e.names.declarations.get(declared);
  if (binding) e.write(`$exports.set(${JSON.stringify(alias)}, share(${holderOf(binding)}));`);
}

function emitTry(e: Emitter, node: Try, destination: Destination): void {
  const body = e.nested(() => emitStatements(e, node.body.statements, destination));
  const handler = e.nested(() => {
    const binding = node.variable && e.names.declarations.get(node.variable);
    e.write(binding ? declaration(binding, "caught($e)") : "caught($e);");
    // To throw and catch takes as long as many operations.
    e.write(`$.fuel -= ${CATCH_COST};`);
    emitStatements(e, node.handler.statements, destination);
  });
  e.write(`try {\n${body}\n} catch ($e) {\n${handler}\n}`);
}

function emitIf(e: Emitter, node: If, destination: Destination): void {
  const condition = emitCondition(e, node.condition);
  const then = e.nested(() => emitStatements(e, node.then.statements, destination));
  const otherwise = e.nested(() => {
    if (node.otherwise === undefined) e.finish(destination, "undefined");
    else if (node.otherwise.kind === "if") emitIf(e, node.otherwise, destination);
    else emitStatements(e, node.otherwise.statements, destination);
  });
  e.write(`if (${condition}) {\n${then}\n}${otherwise === "" ? "" : ` else {\n${otherwise}\n}`}`);
}

/** Cases in turn, inside a labelled block that a case leaves when it is done. */
function emitSwitch(e: Emitter, node: Switch, destination: Destination): void {
  const subject = e.spill(emitExpression(e, node.subject));
  const label = e.label();
  const cases = e.nested(() => {
    for (const { patterns, guard, body } of node.cases) {
      const arm = e.nested(() => {
        const run = e.nested(() => {
          emitStatement(e, body, destination);
          e.write(`break ${label};`);
        });
        e.write(guard ? `if (${emitCondition(e, guard)}) {\n${run}\n}` : run);
      });
      const tests = patterns.map((pattern) => emitPattern(e, subject, pattern));
      e.write(tests.length === 0 ? `{\n${arm}\n}` : `if (${tests.join(" || ")}) {\n${arm}\n}`);
    }
    e.finish(destination, "undefined");
  });
  e.write(`${label}: {\n${cases}\n}`);
}

function emitPattern(e: Emitter, subject: string, pattern: CasePattern): string {
  const literal = (value: Value) => emitLiteral(e, value);
  if (pattern.kind === "range") {
    return `inCase(${subject}, ${literal(pattern.from)}, ${literal(pattern.to)}, ${pattern.inclusive})`;
  }
  return typeof pattern.value === "object"
    ? `sameCase(${subject}, ${literal(pattern.value)})`
    : `${subject} === ${literal(pattern.value)}`;
}

function emitLoop(e: Emitter, node: While | DoLoop | For, destination: Destination): void {
  const result = destination.kind === "discard" ? undefined : e.temporary();
  if (result !== undefined) e.write(`${result} = undefined;`);
  e.loops.push(result);
  if (node.kind === "while") emitWhile(e, node);
  else if (node.kind === "do") emitDo(e, node);
  else emitFor(e, node);
  e.loops.pop();
  if (result !== undefined) e.finish(destination, result);
}

function emitWhile(e: Emitter, { condition, body, at }: While): void {
  const turn = e.nested(() => {
    e.tick(at);
    if (condition) e.write(`if (!(${emitCondition(e, condition)})) break;`);
    emitStatements(e, body.statements, DISCARD);
  });
  e.write(`for (;;) {\n${turn}\n}`);
}

/** The condition stands at the front of the second turn, so that `continue` reaches it. */
function emitDo(e: Emitter, { condition, until, body, at }: DoLoop): void {
  const first = e.temporary();
  const turn = e.nested(() => {
    e.tick(at);
    const test = e.nested(() => e.write(`if (${until ? "" : "!"}(${emitCondition(e, condition)})) break;`));
    e.write(`if (!${first}) {\n${test}\n}\n${first} = false;`);
    emitStatements(e, body.statements, DISCARD);
  });
  e.write(`${first} = true;\nfor (;;) {\n${turn}\n}`);
}

function emitFor(e: Emitter, node: For): void {
  const item = e.names.declarations.get(node.variable);
  const counter = node.counter && e.names.declarations.get(node.counter);
  if (!item) throw new Error(`unresolved loop variable ${node.variable.name}`);
  const counting = counter && e.spill("0");
  // A loop has one variable, not one a turn: closures that captured it see what it holds last, as in Rhai.
  const set = (binding: Binding, value: string) =>
    needsCell(binding) ? `${holderOf(binding)} = ${value};` : declaration(binding, value);
  for (const binding of [item, counter]) if (binding && needsCell(binding)) e.write(declaration(binding, "undefined"));
  const turn = (value: string) =>
    e.nested(() => {
      e.tick(node.at);
      e.write(set(item, value));
      if (counter) e.write(set(counter, `${counting}++`));
      emitStatements(e, node.body.statements, DISCARD);
    });
  const { source } = node;
  if (source.kind === "binary" && (source.operator === ".." || source.operator === "..=")) {
    return emitCountingLoop(e, source.left, source.right, source.operator, source.operatorAt, turn);
  }
  const list = e.spill(`${e.mark(source.at)}iterate(${emitExpression(e, source)})`);
  e.write(`for (const $item of ${list}) {\n${turn("share($item)")}\n}`);
}

/** Numbers are counted without an iterator; both kinds of integers compare and step alike in JavaScript. */
function emitCountingLoop(
  e: Emitter,
  left: Expression,
  right: Expression,
  operator: string,
  at: number,
  turn: (value: string) => string,
): void {
  const ends = emitOperands(e, [left, right]);
  const [from, to] = ends.map((end) => e.spill(`${e.mark(at)}rangeEnd(${end})`));
  e.write(
    `for (let $i = ${from}; $i ${operator === "..=" ? "<=" : "<"} ${to}; $i++) {\n${turn('typeof $i === "number" ? $i : narrow($i)')}\n}`,
  );
}
