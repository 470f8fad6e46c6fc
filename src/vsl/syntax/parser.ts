/** From the text of a script to its tree. The only face of this folder beside the tree's types. */

import type { Tree } from "./ast.ts";
import { Cursor, shown } from "./cursor.ts";
import type { Source } from "./source.ts";
import { parseStatements } from "./statement.ts";

/** Throws a VsmtpError (VSL_SYNTAX) at the first token that fits no rule. */
export function parse(source: Source): Tree {
  const cursor = new Cursor(source);
  const statements = parseStatements(cursor, "end");
  if (!cursor.is("end")) cursor.fail(`unexpected ${shown(cursor.current)}`, "Remove it");
  return { kind: "script", statements, imports: cursor.imports, end: source.text.length };
}
