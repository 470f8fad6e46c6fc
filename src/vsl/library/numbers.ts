/** Integers and floats: conversions, what sign and size tell, and numbers as text. */

import { native } from "../native.ts";
import { type Int, int, isInt, negate } from "../runtime/operators.ts";
import { ScriptError } from "../script-error.ts";
import { Float } from "../value.ts";

type Numeric = Int | Float;

const DIGITS = /^[+-]?[0-9a-z]+$/i;
const FLOAT = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const SPECIAL = /^([+-]?)(?:(inf|infinity)|nan)$/i;

export const numberFunctions = [
  native("abs", "x: number -> number", "The number without its sign.", (_, x: Numeric) => {
    if (x instanceof Float) return new Float(Math.abs(x.value));
    return x < 0 ? negate(x) : x;
  }),
  native("sign", "x: number -> i64", "-1, 0 or 1.", (_, x: Numeric) => {
    const value = Number(x instanceof Float ? x.value : x);
    if (Number.isNaN(value)) throw new ScriptError("NaN has no sign");
    return Math.sign(value) + 0;
  }),
  native(
    "is_zero",
    "x: number -> bool",
    "Whether the number is 0.",
    (_, x: Numeric) => Number(x instanceof Float ? x.value : x) === 0,
  ),
  native("is_odd", "x: i64 -> bool", "Whether the integer is odd.", (_, x: Int) => !isEven(x)),
  native("is_even", "x: i64 -> bool", "Whether the integer is even.", (_, x: Int) => isEven(x)),
  native("to_float", "x: number -> f64", "The number as a float.", (_, x: Numeric) =>
    x instanceof Float ? x : new Float(Number(x)),
  ),
  native("to_int", "x: number -> i64", "The number without its fraction.", (_, x: Numeric) => {
    if (isInt(x)) return x;
    if (!Number.isFinite(x.value)) throw new ScriptError(`${x.value} is no integer`);
    return int(BigInt(Math.trunc(x.value)), "to_int");
  }),
  native("to_hex", "x: i64 -> string", "Its 64 bits in hexadecimal digits.", (_, x: Int) => digits(x, 16)),
  native("to_octal", "x: i64 -> string", "Its 64 bits in octal digits.", (_, x: Int) => digits(x, 8)),
  native("to_binary", "x: i64 -> string", "Its 64 bits in binary digits.", (_, x: Int) => digits(x, 2)),
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
    const value = floatOf(text.trim());
    if (value === undefined) throw new ScriptError(`parse_float: "${text}" is no number`);
    return new Float(value);
  }),
];

function isEven(x: Int): boolean {
  return typeof x === "number" ? x % 2 === 0 : x % 2n === 0n;
}

/** Negative numbers show their two's complement. */
function digits(x: Int, radix: number): string {
  return typeof x === "number" && x >= 0 ? x.toString(radix) : BigInt.asUintN(64, BigInt(x)).toString(radix);
}

function parseInteger(text: string, radix: number): Int {
  if (!(radix >= 2 && radix <= 36)) throw new ScriptError(`parse_int: there is no base ${radix}`);
  const shown = text.trim();
  // 64 binary digits and a sign are the longest that can fit, leading zeros aside.
  const value = DIGITS.test(shown) && shown.length < 200 ? digitsOf(shown, radix) : undefined;
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

function floatOf(text: string): number | undefined {
  if (FLOAT.test(text)) return Number(text);
  const special = SPECIAL.exec(text);
  if (!special) return undefined;
  const [, sign, infinite] = special;
  const value = infinite === undefined ? Number.NaN : Number.POSITIVE_INFINITY;
  return sign === "-" ? -value : value;
}
