/** Integers and floats: conversions and what sign and size tell. */

import { native } from "../native.ts";
import { type Int, int, isInt, negate } from "../runtime/operators.ts";
import { ScriptError } from "../script-error.ts";
import { Float } from "../value.ts";

const RADIX = /^[+-]?[0-9a-z]+$/i;

export const numberFunctions = [
  native("abs", "x: number -> number", "The number without its sign.", (_, x: Int | Float) => {
    if (x instanceof Float) return new Float(Math.abs(x.value));
    return x < 0 ? negate(x) : x;
  }),
  native(
    "sign",
    "x: number -> i64",
    "-1, 0 or 1.",
    (_, x: Int | Float) => Math.sign(Number(x instanceof Float ? x.value : x)) + 0,
  ),
  native(
    "is_zero",
    "x: number -> bool",
    "Whether the number is 0.",
    (_, x: Int | Float) => Number(x instanceof Float ? x.value : x) === 0,
  ),
  native("is_odd", "x: i64 -> bool", "Whether the integer is odd.", (_, x: Int) => BigInt(x) % 2n !== 0n),
  native("is_even", "x: i64 -> bool", "Whether the integer is even.", (_, x: Int) => BigInt(x) % 2n === 0n),
  native("to_float", "x: number -> f64", "The number as a float.", (_, x: Int | Float) =>
    x instanceof Float ? x : new Float(Number(x)),
  ),
  native("to_int", "x: number -> i64", "The number without its fraction.", (_, x: Int | Float) => {
    if (isInt(x)) return x;
    if (!Number.isFinite(x.value)) throw new ScriptError(`${x.value} is no integer`);
    return int(BigInt(Math.trunc(x.value)), "to_int");
  }),
  native("parse_int", "text: string -> i64", "The integer that a text shows.", (_, text: string) =>
    parseInteger(text, 10),
  ),
  native(
    "parse_int",
    "text: string, radix: i64 -> i64",
    "The integer that a text shows, with digits of a base from 2 to 36.",
    (_, text: string, radix: Int) => parseInteger(text, Number(radix)),
  ),
  native("parse_float", "text: string -> f64", "The float that a text shows.", (_, text: string) => {
    const value = Number(text.trim());
    if (text.trim() === "" || Number.isNaN(value)) throw new ScriptError(`parse_float: "${text}" is no number`);
    return new Float(value);
  }),
];

function parseInteger(text: string, radix: number): Int {
  const digits = text.trim();
  const value = radix >= 2 && radix <= 36 && RADIX.test(digits) ? digitsOf(digits, radix) : undefined;
  if (value === undefined) throw new ScriptError(`parse_int: "${text}" is no integer of base ${radix}`);
  return int(value, "parse_int");
}

function digitsOf(text: string, radix: number): bigint | undefined {
  const negative = text.startsWith("-");
  let value = 0n;
  for (const digit of text.replace(/^[+-]/, "")) {
    const n = Number.parseInt(digit, radix);
    if (Number.isNaN(n)) return undefined;
    value = value * BigInt(radix) + BigInt(n);
  }
  return negative ? -value : value;
}
