/** Statements and blocks. Functions, imports and exports stand at the top level of a script only. */

import type { Block, Expression, FunctionDeclaration, Import, Let, Statement, Try } from "./ast.ts";
import { parseDo, parseFor, parseIf, parseSwitch, parseWhile } from "./control.ts";
import type { Cursor } from "./cursor.ts";
import { shown } from "./cursor.ts";
import { parseExpression, parseParameters } from "./expression.ts";
import { recoverStatement } from "./recovery.ts";
import type { TokenKind } from "./token.ts";

const ASSIGNMENTS: ReadonlySet<TokenKind> = new Set("= += -= *= /= %= **= <<= >>= &= |= ^=".split(" "));

/** After these no `;` is needed. */
const ENDS_ITSELF: ReadonlySet<string> = new Set(["if", "switch", "block", "while", "for", "do"]);

/** Statements up to `close` (or `end`), which stays. */
export function parseStatements(cursor: Cursor, close: TokenKind): Statement[] {
  const statements: Statement[] = [];
  for (;;) {
    while (cursor.is(";")) cursor.skip();
    if (cursor.is(close) || cursor.is("end")) return statements;
    recoverStatement(cursor, () => {
      const statement = cursor.nested(() => parseStatement(cursor, close === "end"));
      statements.push(statement);
      if (!cursor.is(close) && !cursor.accept(";") && !endsItself(statement)) expectEnd(cursor);
    });
  }
}

function expectEnd(cursor: Cursor): void {
  if (cursor.is("end")) return;
  const reason = `expected \`;\` before ${shown(cursor.current)}`;
  cursor.fail(reason, "End the statement before it with `;`", cursor.lastEnd);
}

export function parseBlock(cursor: Cursor): Block {
  const open = cursor.expect("{", "to begin a block");
  const statements = parseStatements(cursor, "}");
  cursor.expect("}", "at the end of the block", `Close the block that begins with \`{\``);
  return { kind: "block", statements, at: open.start, end: cursor.lastEnd };
}

/** What follows the parameters of a closure: a block, or one statement. */
export function parseBody(cursor: Cursor): Block {
  if (cursor.is("{")) return parseBlock(cursor);
  const statement = cursor.nested(() => parseStatement(cursor, false));
  return { kind: "block", statements: [statement], at: statement.at, end: statement.end };
}

export function parseCaseBody(cursor: Cursor): Statement {
  return cursor.nested(() => parseStatement(cursor, false));
}

function parseStatement(cursor: Cursor, top: boolean): Statement {
  const { kind, doc } = cursor.current;
  switch (kind) {
    case "let":
    case "const":
      return parseLet(cursor, false, cursor.current.start, doc);
    case "export":
      onlyOnTop(cursor, top, "export");
      return parseExport(cursor);
    case "import":
      return parseImport(cursor);
    case "fn":
    case "private":
      onlyOnTop(cursor, top, "a function");
      return parseFunction(cursor);
    case "return":
    case "throw":
    case "break":
      return parseLeave(cursor, kind);
    case "continue": {
      const token = cursor.advance();
      return { kind: "continue", at: token.start, end: token.end };
    }
    case "try":
      return parseTry(cursor);
    case "{":
      return expressionStatement(parseBlock(cursor));
    case "if":
      return expressionStatement(parseIf(cursor));
    case "switch":
      return expressionStatement(parseSwitch(cursor));
    case "while":
    case "loop":
      return expressionStatement(parseWhile(cursor));
    case "do":
      return expressionStatement(parseDo(cursor));
    case "for":
      return expressionStatement(parseFor(cursor));
    default:
      return parseSimple(cursor);
  }
}

/** Told once: where a `}` was forgotten, everything that follows stands inside a block. */
function onlyOnTop(cursor: Cursor, top: boolean, what: string): void {
  if (top) return;
  if (!cursor.misplaced) {
    cursor.complain(
      `${what} cannot stand inside a block`,
      "Move it to the top level of the script, or close the block before it with `}`",
      { at: cursor.current.start, end: cursor.current.end },
    );
  }
  cursor.misplaced = true;
}

/** A control expression at the beginning of a statement is the whole statement: no operator goes on with it. */
function expressionStatement(expression: Expression): Statement {
  return { kind: "expression", expression, at: expression.at, end: expression.end };
}

function parseSimple(cursor: Cursor): Statement {
  const target = parseExpression(cursor);
  const { at } = target;
  if (!ASSIGNMENTS.has(cursor.current.kind)) return { kind: "expression", expression: target, at, end: target.end };
  if (!assignable(target)) {
    cursor.fail(
      "nothing can be assigned to this",
      "Assign to a variable, a property or an element; compare with `==`",
      at,
      target.end,
    );
  }
  const operator = cursor.advance().kind;
  const value = parseExpression(cursor);
  return {
    kind: "assign",
    operator: operator === "=" ? "=" : operator.slice(0, -1),
    target,
    value,
    at,
    end: value.end,
  };
}

function assignable(target: Expression): boolean {
  if (target.kind === "variable") return target.path.length === 0;
  return target.kind === "this" || target.kind === "property" || target.kind === "index";
}

function parseLet(cursor: Cursor, exported: boolean, at: number, doc: string): Let {
  const constant = cursor.advance().kind === "const";
  const name = cursor.name(`the name of the ${constant ? "constant" : "variable"}`);
  const init = cursor.accept("=") ? parseExpression(cursor) : undefined;
  return { kind: "let", name: name.value, nameAt: name.start, constant, exported, init, doc, at, end: cursor.lastEnd };
}

function parseExport(cursor: Cursor): Statement {
  const { start, doc } = cursor.advance();
  if (cursor.is("let") || cursor.is("const")) return parseLet(cursor, true, start, doc);
  const name = cursor.name("what to export");
  const alias = cursor.accept("as") ? cursor.name("the name to export it by").value : name.value;
  return { kind: "export", name: name.value, alias, at: start, end: cursor.lastEnd };
}

function parseImport(cursor: Cursor): Import {
  const at = cursor.advance().start;
  if (!cursor.is("string")) {
    cursor.fail(
      `expected the path of a module as a string, found ${shown(cursor.current)}`,
      'Write `import "services/name" as name;`',
    );
  }
  const path = cursor.advance();
  const alias = cursor.accept("as") ? cursor.name("the name of the module").value : undefined;
  const { start: specifierAt, end: specifierEnd } = path;
  const specifier = String(path.value);
  const statement: Import = { kind: "import", specifier, specifierAt, specifierEnd, alias, at, end: cursor.lastEnd };
  cursor.imports.push(statement);
  return statement;
}

function parseFunction(cursor: Cursor): FunctionDeclaration {
  const { start, doc } = cursor.current;
  const isPrivate = cursor.accept("private") !== undefined;
  cursor.expect("fn", "after `private`");
  const first = cursor.is("string") ? cursor.advance() : cursor.name("the name of the function");
  const typed = cursor.accept(".") !== undefined;
  const name = typed ? cursor.name("the name of the function") : first;
  if (name.kind === "string")
    cursor.fail("a function's name is no string", "Write the name without quotes", name.start, name.end);
  cursor.expect("(", "after the name of the function");
  if (cursor.misplaced) cursor.unsure.add(String(name.value));
  const parameters = parseParameters(cursor, ")");
  const body = parseBlock(cursor);
  return {
    kind: "function",
    name: String(name.value),
    nameAt: name.start,
    private: isPrivate,
    thisType: typed ? typeNamed(String(first.value)) : undefined,
    parameters,
    body,
    doc,
    at: start,
    end: cursor.lastEnd,
  };
}

function parseLeave(cursor: Cursor, kind: "return" | "throw" | "break"): Statement {
  const at = cursor.advance().start;
  const ends = [";", "}", ",", ")", "]", "end"].includes(cursor.current.kind);
  const value = ends ? undefined : parseExpression(cursor);
  return { kind, value, at, end: cursor.lastEnd };
}

function parseTry(cursor: Cursor): Try {
  const at = cursor.advance().start;
  const body = parseBlock(cursor);
  cursor.expect("catch", "after the block of `try`");
  let variable: Try["variable"];
  if (cursor.accept("(")) {
    const name = cursor.name("the variable for the error");
    variable = { name: name.value, at: name.start, end: name.end };
    cursor.expect(")", "after the variable for the error");
  }
  const handler = parseBlock(cursor);
  return { kind: "try", body, variable, handler, at, end: cursor.lastEnd };
}

function endsItself(statement: Statement): boolean {
  if (statement.kind === "function" || statement.kind === "try") return true;
  return statement.kind === "expression" && ENDS_ITSELF.has(statement.expression.kind);
}

/** Rhai's short names of the two kinds of numbers. */
function typeNamed(name: string): string {
  return name === "int" ? "i64" : name === "float" ? "f64" : name;
}
