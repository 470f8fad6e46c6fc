/**
 * Arithmetic and bit operators. Small integers take the first lines of each function and nothing else; what overflows
 * a safe number goes on as BigInt, what overflows 64 bits is an error. Integers and floats mix to floats.
 */

import { ScriptError } from "../script-error.ts";
import { Blob, Char, Float, Timestamp, type Value, VslArray, VslMap } from "../value.ts";
import { isContainer, owned, share } from "./containers.ts";
import { show, typeName } from "./text.ts";

const MAX_SAFE = Number.MAX_SAFE_INTEGER;
const MAX = (1n << 63n) - 1n;
const MIN = -(1n << 63n);

export type Int = number | bigint;

export function isInt(value: Value): value is Int {
  return typeof value === "number" || typeof value === "bigint";
}

/** The one form of an i64; an error beyond 64 bits. */
export function int(value: bigint, operation: string): Int {
  if (value > MAX || value < MIN) throw new ScriptError(`${operation} overflows 64 bits`);
  return value <= BigInt(MAX_SAFE) && value >= BigInt(-MAX_SAFE) ? Number(value) : value;
}

export function add(a: Value, b: Value): Value {
  if (typeof a === "number" && typeof b === "number") {
    const sum = a + b;
    if (sum <= MAX_SAFE && sum >= -MAX_SAFE) return sum;
  } else if (typeof a === "string" && typeof b === "string") return a + b;
  return addSlowly(a, b);
}

export function subtract(a: Value, b: Value): Value {
  if (typeof a === "number" && typeof b === "number") {
    const difference = a - b;
    if (difference <= MAX_SAFE && difference >= -MAX_SAFE) return difference;
  }
  return subtractSlowly(a, b);
}

export function multiply(a: Value, b: Value): Value {
  if (typeof a === "number" && typeof b === "number") {
    const product = a * b;
    // + 0: an integer has no negative zero
    if (product <= MAX_SAFE && product >= -MAX_SAFE) return product + 0;
  }
  return numeric(
    a,
    b,
    "*",
    (x, y) => x * y,
    (x, y) => int(x * y, `${x} * ${y}`),
  );
}

export function divide(a: Value, b: Value): Value {
  if (typeof a === "number" && typeof b === "number" && b !== 0) return Math.trunc(a / b) + 0;
  return numeric(
    a,
    b,
    "/",
    (x, y) => x / y,
    (x, y) => {
      if (y === 0n) throw new ScriptError(`${x} is divided by zero`);
      return int(x / y, `${x} / ${y}`);
    },
  );
}

export function remainder(a: Value, b: Value): Value {
  if (typeof a === "number" && typeof b === "number" && b !== 0) return (a % b) + 0;
  return numeric(
    a,
    b,
    "%",
    (x, y) => x % y,
    (x, y) => {
      if (y === 0n) throw new ScriptError(`the remainder of ${x} by zero does not exist`);
      return int(x % y, `${x} % ${y}`);
    },
  );
}

export function power(a: Value, b: Value): Value {
  return numeric(
    a,
    b,
    "**",
    (x, y) => x ** y,
    (x, y) => {
      if (y < 0n) throw new ScriptError(`an integer cannot be raised to the negative power ${y}`);
      if (y > 63n && x !== 0n && x !== 1n && x !== -1n) throw new ScriptError(`${x} ** ${y} overflows 64 bits`);
      return int(x ** (y > 63n ? (y & 1n) + 2n : y), `${x} ** ${y}`);
    },
  );
}

export function shiftLeft(a: Value, b: Value): Value {
  return bits(a, b, "<<", (x, y) => (y < 0n ? x >> -y : y > 63n ? 0n : BigInt.asIntN(64, x << y)));
}

export function shiftRight(a: Value, b: Value): Value {
  return bits(a, b, ">>", (x, y) => (y < 0n ? (y < -63n ? 0n : BigInt.asIntN(64, x << -y)) : x >> y));
}

export function bitAnd(a: Value, b: Value): Value {
  return typeof a === "boolean" && typeof b === "boolean" ? a && b : bits(a, b, "&", (x, y) => x & y);
}

export function bitOr(a: Value, b: Value): Value {
  return typeof a === "boolean" && typeof b === "boolean" ? a || b : bits(a, b, "|", (x, y) => x | y);
}

export function bitXor(a: Value, b: Value): Value {
  return typeof a === "boolean" && typeof b === "boolean" ? a !== b : bits(a, b, "^", (x, y) => x ^ y);
}

export function negate(value: Value): Value {
  if (value instanceof Float) return new Float(-value.value);
  if (isInt(value)) return int(-BigInt(value), `-(${value})`);
  throw new ScriptError(`\`-\` needs a number, not ${typeName(value)}`);
}

export function plus(value: Value): Value {
  if (value instanceof Float || isInt(value)) return value;
  throw new ScriptError(`\`+\` needs a number, not ${typeName(value)}`);
}

export function not(value: Value): boolean {
  if (typeof value === "boolean") return !value;
  throw new ScriptError(`\`!\` needs a bool, not ${typeName(value)}`);
}

/** `a += b`: containers grow in place, or in a copy when they are shared; everything else is `a + b`. */
export function addAssign(a: Value, b: Value): Value {
  if (!isContainer(a)) return add(a, b);
  const target = owned(a);
  if (target instanceof VslArray) {
    if (b instanceof VslArray) target.items.push(...b.items.map(share));
    else target.items.push(share(b));
  } else if (target instanceof VslMap && b instanceof VslMap)
    for (const [key, value] of b.entries) target.set(key, share(value));
  else return add(a, b);
  return target;
}

/** Compound operators other than `+=`, by their sign. */
export const binaryOperators: Readonly<Record<string, (a: Value, b: Value) => Value>> = {
  "+": add,
  "-": subtract,
  "*": multiply,
  "/": divide,
  "%": remainder,
  "**": power,
  "<<": shiftLeft,
  ">>": shiftRight,
  "&": bitAnd,
  "|": bitOr,
  "^": bitXor,
};

function addSlowly(a: Value, b: Value): Value {
  if (isText(a) || isText(b)) return show(a) + show(b);
  if (a instanceof VslArray && b instanceof VslArray) return new VslArray([...a.items, ...b.items].map(share));
  if (a instanceof VslMap && b instanceof VslMap)
    return addAssign(new VslMap(new Map([...a.entries].map(([k, v]) => [k, share(v)]))), b);
  if (a instanceof Blob && b instanceof Blob) return new Blob(Buffer.concat([a.bytes, b.bytes]));
  const seconds = secondsOf(b);
  if (a instanceof Timestamp && seconds !== undefined) return new Timestamp(a.seconds + seconds);
  return numeric(
    a,
    b,
    "+",
    (x, y) => x + y,
    (x, y) => int(x + y, `${x} + ${y}`),
  );
}

function subtractSlowly(a: Value, b: Value): Value {
  if (a instanceof Timestamp) {
    if (b instanceof Timestamp) return new Float(a.seconds - b.seconds);
    const seconds = secondsOf(b);
    if (seconds !== undefined) return new Timestamp(a.seconds - seconds);
  }
  if (typeof a === "string" && isText(b)) return a.replaceAll(show(b), "");
  return numeric(
    a,
    b,
    "-",
    (x, y) => x - y,
    (x, y) => int(x - y, `${x} - ${y}`),
  );
}

function isText(value: Value): boolean {
  return typeof value === "string" || value instanceof Char;
}

function secondsOf(value: Value): number | undefined {
  if (value instanceof Float) return value.value;
  return isInt(value) ? Number(value) : undefined;
}

function numeric(
  a: Value,
  b: Value,
  sign: string,
  floats: (x: number, y: number) => number,
  ints: (x: bigint, y: bigint) => Int,
): Value {
  if (isInt(a) && isInt(b)) return ints(BigInt(a), BigInt(b));
  const x = secondsOf(a);
  const y = secondsOf(b);
  if (x !== undefined && y !== undefined) return new Float(floats(x, y));
  throw new ScriptError(`\`${sign}\` is not defined for ${typeName(a)} and ${typeName(b)}`);
}

function bits(a: Value, b: Value, sign: string, operation: (x: bigint, y: bigint) => bigint): Value {
  if (isInt(a) && isInt(b)) return int(operation(BigInt(a), BigInt(b)), `${a} ${sign} ${b}`);
  throw new ScriptError(`\`${sign}\` is not defined for ${typeName(a)} and ${typeName(b)}`);
}
