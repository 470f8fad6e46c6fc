/** From the text of a script to its tree. The only face of this folder beside the tree's types. */

import { VsmtpError } from "../../errors.ts";
import type { Statement, Tree } from "./ast.ts";
import { Cursor } from "./cursor.ts";
import { MAX_DEPTH, tooDeep } from "./depth.ts";
import type { Source } from "./source.ts";
import { parseStatements } from "./statement.ts";

export interface Reading {
  /** Without the statements that have syntax errors. */
  readonly tree: Tree;
  /** VSL_SYNTAX, in the order of the text. */
  readonly problems: readonly VsmtpError[];
}

/** Reads on after errors. */
export function read(source: Source): Reading {
  const cursor = new Cursor(source);
  const statements = statementsOf(cursor).filter((statement) => isShallow(cursor, statement));
  const { imports, unsure } = cursor;
  const problems = cursor.problems.sort(inOrder);
  return { tree: { kind: "script", statements, imports, unsure, end: source.text.length }, problems };
}

function statementsOf(cursor: Cursor): Statement[] {
  try {
    cursor.begin();
    return parseStatements(cursor, "end");
  } catch (error) {
    if (error instanceof VsmtpError && cursor.abandoned) return [];
    throw error;
  }
}

/** Also notes that it is not. */
function isShallow(cursor: Cursor, statement: Statement): boolean {
  const node = tooDeep(statement);
  if (node) {
    cursor.complain(`this has more than ${MAX_DEPTH} parts in a row`, "Split it with variables or functions", node);
    cursor.noteNames(statement.at, statement.end);
  }
  return node === undefined;
}

/** Throws the first problem. */
export function parse(source: Source): Tree {
  const { tree, problems } = read(source);
  if (problems[0]) throw problems[0];
  return tree;
}

function inOrder({ place: a }: VsmtpError, { place: b }: VsmtpError): number {
  return (a?.line ?? 0) - (b?.line ?? 0) || (a?.column ?? 0) - (b?.column ?? 0);
}
