/** Literals that hold expressions: arrays, maps and templates. */

import type { ArrayLiteral, Block, Expression, MapEntry, MapLiteral, Template } from "./ast.ts";
import type { Cursor } from "./cursor.ts";
import { shown } from "./cursor.ts";
import { parseExpression } from "./expression.ts";
import { recoverElement } from "./recovery.ts";
import { parseStatements } from "./statement.ts";

export function parseArray(cursor: Cursor): ArrayLiteral {
  const open = cursor.advance();
  const items: Expression[] = [];
  while (!cursor.is("]")) {
    const item = recoverElement(cursor, "]", () => parseExpression(cursor));
    if (item) items.push(item);
    if (!cursor.accept(",")) break;
  }
  cursor.expect("]", "at the end of the array", "Separate elements with `,` and close the array with `]`");
  return { kind: "array", items, at: open.start, end: cursor.lastEnd };
}

export function parseMap(cursor: Cursor): MapLiteral {
  const open = cursor.advance();
  const entries: MapEntry[] = [];
  const seen = new Set<string>();
  while (!cursor.is("}")) {
    const entry = recoverElement(cursor, "}", () => parseEntry(cursor, seen));
    if (entry) entries.push(entry);
    if (!cursor.accept(",")) break;
  }
  cursor.expect("}", "at the end of the map", "Separate entries with `,` and close the map with `}`");
  return { kind: "map", entries, at: open.start, end: cursor.lastEnd };
}

function parseEntry(cursor: Cursor, seen: Set<string>): MapEntry {
  const token = cursor.current;
  const isKey = token.kind === "identifier" || token.kind === "string" || /^[a-z]+$/.test(token.kind);
  if (!isKey || token.kind === "end" || token.kind === "template") {
    cursor.fail(`expected a key, found ${shown(token)}`, "Keys are names or strings: `#{ name: value }`");
  }
  cursor.advance();
  const key = token.kind === "identifier" || token.kind === "string" ? String(token.value) : token.kind;
  if (seen.has(key)) {
    cursor.fail(`the key \`${key}\` is given twice`, "Remove one of the two", token.start, token.end);
  }
  seen.add(key);
  cursor.expect(":", `after the key \`${key}\``);
  return { key, value: parseExpression(cursor), at: token.start, end: token.end };
}

/** The backtick is current: text and blocks in turn, then the closing backtick has been read. */
export function parseTemplate(cursor: Cursor): Template {
  const at = cursor.current.start;
  const parts: (string | Block)[] = [];
  for (let first = true; ; first = false) {
    const chunk = cursor.templateChunk(first);
    if (chunk.text !== "") parts.push(chunk.text);
    cursor.resume();
    if (!chunk.more) return { kind: "template", parts, at, end: cursor.lastEnd };
    const { level } = cursor;
    cursor.openInterpolation();
    parts.push(parseInterpolation(cursor));
    cursor.closeTo(level);
  }
}

function parseInterpolation(cursor: Cursor): Block {
  const at = cursor.current.start;
  const statements = parseStatements(cursor, "}");
  if (!cursor.is("}")) cursor.fail("expected `}` after the interpolation", "Close it with `}`");
  return { kind: "block", statements, at, end: cursor.current.start };
}
