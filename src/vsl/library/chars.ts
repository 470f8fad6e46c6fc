/** Single characters. */

import { native } from "../native.ts";
import { type Cell, type Char, charOf } from "../value.ts";

export const charFunctions = [
  native("to_upper", "c: char -> char", "The capital letter.", (_, c: Char) => upper(c)),
  native("to_lower", "c: char -> char", "The small letter.", (_, c: Char) => lower(c)),
  native(
    "make_upper",
    "c: char",
    "Makes it the capital letter.",
    (_, cell: Cell) => {
      cell.v = upper(cell.v as Char);
      return undefined;
    },
    { mutates: "cell" },
  ),
  native(
    "make_lower",
    "c: char",
    "Makes it the small letter.",
    (_, cell: Cell) => {
      cell.v = lower(cell.v as Char);
      return undefined;
    },
    { mutates: "cell" },
  ),
  native("to_int", "c: char -> i64", "Its Unicode code point.", (_, c: Char) => c.code),
];

function upper(c: Char): Char {
  return only(c, c.toString().toUpperCase());
}

function lower(c: Char): Char {
  return only(c, c.toString().toLowerCase());
}

/** Where a letter would become more than one, it stays as it is. */
function only(c: Char, changed: string): Char {
  const [first = "", ...more] = changed;
  return more.length > 0 ? c : charOf(first.codePointAt(0) as number);
}
