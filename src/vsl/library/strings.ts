/** Strings. Lengths and positions count characters (code points), not bytes. */

import { native } from "../native.ts";
import type { Int } from "../runtime/operators.ts";
import { show } from "../runtime/text.ts";
import { type Cell, type Char, VslArray } from "../value.ts";

type Text = string | Char;

export const stringFunctions = [
  native("len", "text: string -> i64", "How many characters it has.", (_, text: string) => length(text)),
  native("is_empty", "text: string -> bool", "Whether it has no character.", (_, text: string) => text === ""),
  native(
    "starts_with",
    "text: string, prefix: string -> bool",
    "Whether it begins with the prefix.",
    (_, text: string, prefix: string) => text.startsWith(prefix),
  ),
  native(
    "ends_with",
    "text: string, suffix: string -> bool",
    "Whether it ends with the suffix.",
    (_, text: string, suffix: string) => text.endsWith(suffix),
  ),
  native(
    "index_of",
    "text: string, part: string|char -> i64",
    "Where the part first occurs; -1 if nowhere.",
    (_, text: string, part: Text) => {
      const at = text.indexOf(show(part));
      return at === -1 ? -1 : length(text.slice(0, at));
    },
  ),
  native("to_upper", "text: string -> string", "In capitals.", (_, text: string) => text.toUpperCase()),
  native("to_lower", "text: string -> string", "In small letters.", (_, text: string) => text.toLowerCase()),
  native(
    "sub_string",
    "text: string, start: i64 -> string",
    "From a position to the end.",
    (_, text: string, start: Int) => slice(text, Number(start), Number.POSITIVE_INFINITY),
  ),
  native(
    "sub_string",
    "text: string, start: i64, count: i64 -> string",
    "That many characters from a position on.",
    (_, text: string, start: Int, count: Int) => slice(text, Number(start), Number(count)),
  ),
  native(
    "split",
    "text: string, mark: string|char -> array",
    "The parts between marks.",
    (_, text: string, mark: Text) => new VslArray(text.split(show(mark))),
  ),
  native(
    "split",
    "text: string -> array",
    "The words between white space.",
    (_, text: string) => new VslArray(text.split(/\s+/).filter((word) => word !== "")),
  ),
  native(
    "make_upper",
    "text: string",
    "Puts it in capitals.",
    change((text) => text.toUpperCase()),
    { mutates: "cell" },
  ),
  native(
    "make_lower",
    "text: string",
    "Puts it in small letters.",
    change((text) => text.toLowerCase()),
    { mutates: "cell" },
  ),
  native(
    "trim",
    "text: string",
    "Removes white space at both ends.",
    change((text) => text.trim()),
    { mutates: "cell" },
  ),
  native(
    "replace",
    "text: string, from: string|char, to: string|char",
    "Replaces every occurrence.",
    (_, cell: Cell, from: Text, to: Text) => {
      cell.v = show(cell.v).replaceAll(show(from), show(to));
      return undefined;
    },
    { mutates: "cell" },
  ),
];

function change(edit: (text: string) => string) {
  return (_: unknown, cell: Cell): undefined => {
    cell.v = edit(show(cell.v));
  };
}

function length(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** A negative start counts from the end. */
function slice(text: string, start: number, count: number): string {
  const points = [...text];
  const from = Math.max(0, start < 0 ? points.length + start : start);
  return points.slice(from, from + Math.max(0, count)).join("");
}
