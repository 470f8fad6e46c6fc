/**
 * Going on after a syntax error, so that a check tells all of them: notes the error, then skips to where the next
 * statement or the next element of a literal begins.
 *
 * What a skipped piece would have declared is unknown. Its names are kept, so that nobody reports them as missing.
 */

import { VsmtpError } from "../../errors.ts";
import type { Cursor } from "./cursor.ts";
import type { TokenKind } from "./token.ts";

/** Where one of these stands, a statement begins, even if the one before has no end. */
const BEGINNINGS: ReadonlySet<TokenKind> = new Set("let const fn private import export".split(" "));

/** Undefined when it was skipped; then the current token ends it, closes the list or begins the next one. */
export function recoverStatement(cursor: Cursor, parse: () => void): void {
  const { level } = cursor;
  const { start } = cursor.current;
  attempt(cursor, parse, () => {
    // Something must be skipped, or the same error comes again.
    if (cursor.current.start === start) cursor.skip();
    while (!endsStatement(cursor, level)) cursor.skip();
    cursor.closeTo(level);
    cursor.noteNames(start, cursor.current.start);
  });
}

/** No `;` stands directly in parentheses, brackets or a map, so one there ends the statement around them. */
function endsStatement(cursor: Cursor, level: number): boolean {
  const { kind } = cursor.current;
  if (kind === "end") return true;
  if (cursor.isOpenSince(level, "{")) return false;
  if (kind === ";") return true;
  if (cursor.isOpenSince(level, "#{")) return false;
  return BEGINNINGS.has(kind) || (kind === "}" && level > 0);
}

/** An element of an array or a map; undefined when it was skipped. Fails again when nothing shows where it ends. */
export function recoverElement<T>(cursor: Cursor, close: TokenKind, parse: () => T): T | undefined {
  const { level } = cursor;
  const { start } = cursor.current;
  return attempt(cursor, parse, (error) => {
    while (!(cursor.level <= level && (cursor.is(",") || cursor.is(close)))) {
      if (cursor.is("end") || leavesElement(cursor, level)) throw error;
      cursor.skip();
    }
    cursor.closeTo(level);
    cursor.noteNames(start, cursor.current.start);
  });
}

function leavesElement(cursor: Cursor, level: number): boolean {
  if (cursor.isOpenSince(level, "{")) return false;
  return cursor.is(";") || (cursor.is("}") && !cursor.isOpenSince(level, "#{"));
}

function attempt<T>(cursor: Cursor, parse: () => T, recover: (error: VsmtpError) => void): T | undefined {
  const { nesting } = cursor;
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof VsmtpError)) throw error;
    cursor.note(error);
    if (cursor.abandoned) throw error;
    cursor.nesting = nesting;
    recover(error);
    return undefined;
  }
}
