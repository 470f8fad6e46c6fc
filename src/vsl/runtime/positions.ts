/**
 * What numbers and ranges mean as positions. Negative numbers count from the end. Functions of the library take what
 * there is of a stretch that reaches too far; indexing by a number that is outside is an error.
 */

import { Failure } from "../script-error.ts";
import type { Range, Value } from "../value.ts";
import { type Int, isInt } from "./operators.ts";
import { typeName } from "./text.ts";

/** Where a stretch begins and ends, both within the length. */
export type Bounds = readonly [from: number, to: number];

/** From a position on, at most so many. A negative start beyond the beginning is the beginning. */
export function stretch(start: Int, count: Int, length: number): Bounds {
  const from = offset(start, length);
  return [from, Math.min(length, from + Math.max(0, Number(count)))];
}

/** The position of a start; the length itself when it is beyond the end. */
export function offset(start: Int, length: number): number {
  const at = Number(start);
  return at < 0 ? Math.max(0, length + at) : Math.min(at, length);
}

/** A range as the library's functions take it: nothing in it counts from the end. */
export function rangeBounds(range: Range, length: number): Bounds {
  const from = Math.max(0, Number(range.from));
  // `a..=b` holds at least one element.
  const to = range.inclusive ? Math.max(Number(range.to), from) + 1 : Math.max(Number(range.to), from);
  return [Math.min(from, length), Math.min(to, length)];
}

/** A range as an index: both ends may count from the end. */
export function sliceBounds(range: Range, length: number): Bounds {
  const from = clamp(Number(range.from), length);
  const end = clamp(Number(range.to), length) + (range.inclusive && Number(range.to) < length ? 1 : 0);
  return [from, Math.max(from, Math.min(end, length))];
}

function clamp(value: number, length: number): number {
  return Math.min(Math.max(value < 0 ? value + length : value, 0), length);
}

/** The position that an index means; an error when there is none. */
export function position(index: Value, length: number, what: string): number {
  if (!isInt(index)) {
    throw new Failure("ErrorMismatchDataType", `the index of ${article(what)} is an integer, not ${typeName(index)}`);
  }
  const at = Number(index);
  const real = at < 0 ? at + length : at;
  if (real < 0 || real >= length)
    throw new Failure("ErrorArrayBounds", `index ${index} is outside of this ${what} of ${length}`);
  return real;
}

/** The position that an index means; undefined when there is none. */
export function positionIfAny(index: Int, length: number): number | undefined {
  const at = Number(index);
  const real = at < 0 ? at + length : at;
  return real >= 0 && real < length ? real : undefined;
}

function article(what: string): string {
  return what === "array" ? "an array" : `a ${what}`;
}
