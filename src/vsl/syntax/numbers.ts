/** Number literals: `42`, `1_000`, `0xff`, `0o17`, `0b1010`, `1.5`, `1e10`, `2.` */

import { Float, type Value } from "../value.ts";
import type { Reader } from "./lexer.ts";

const RADIX = /0[xX]([0-9a-fA-F_]+)|0[oO]([0-7_]+)|0[bB]([01_]+)/y;
/** A dot belongs to the number unless a name, a call or a second dot (a range) follows it. */
const DECIMAL = /\d[\d_]*(?:\.(?:\d[\d_]*|(?![A-Za-z_.(]))(?:[eE][+-]?\d[\d_]*)?|[eE][+-]?\d[\d_]*)?/y;
const BITS = 64;

/** 2^63: no i64 itself, but its negation is one; the parser folds the sign and refuses the rest. */
export const INT_MIN_MAGNITUDE = 1n << 63n;

export function readNumber(reader: Reader): ["int" | "float", Value] {
  const start = reader.at;
  const radix = match(RADIX, reader);
  const text = radix ?? match(DECIMAL, reader) ?? "";
  reader.at = start + text.length;
  if (/[A-Za-z_0-9]/.test(reader.text[reader.at] ?? "")) {
    const from = reader.at;
    reader.at += (/^\w*/.exec(reader.text.slice(from)) as RegExpExecArray)[0].length;
    reader.note("malformed number", "Separate the number from what follows it", start, from + 1);
    return ["int", 0];
  }
  const digits = text.replaceAll("_", "");
  if (radix !== undefined) return ["int", radixInt(reader, digits, start)];
  if (/[.eE]/.test(digits)) return ["float", new Float(Number(digits))];
  const value = BigInt(digits);
  if (value > INT_MIN_MAGNITUDE) {
    reader.note("this number does not fit into 64 bits", "Write a float, such as 1e30", start, reader.at);
    return ["int", 0];
  }
  return ["int", narrow(value)];
}

/** All 64 bits may be given: `0xffff_ffff_ffff_ffff` is -1. */
function radixInt(reader: Reader, digits: string, start: number): Value {
  if (digits.length === 2) {
    reader.note("malformed number", "Write at least one digit", start, reader.at);
    return 0;
  }
  const value = BigInt(digits);
  if (value >> BigInt(BITS) !== 0n)
    reader.note("this number does not fit into 64 bits", "Drop digits", start, reader.at);
  return narrow(BigInt.asIntN(BITS, value));
}

/** The one form that an i64 has: a number when it is safe. */
export function narrow(value: bigint): number | bigint {
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}

function match(pattern: RegExp, reader: Reader): string | undefined {
  pattern.lastIndex = reader.at;
  return pattern.exec(reader.text)?.[0];
}
