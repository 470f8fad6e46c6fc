/**
 * Arithmetic and bit operators. Small integers take the first lines of each function and nothing else; what overflows
 * a safe number goes on as BigInt, what overflows 64 bits is an error. Integers and floats mix to floats.
 */

import type { Run } from "../run.ts";
import { Failure } from "../script-error.ts";
import { Blob, Char, Float, Timestamp, type Value, VslArray, VslMap } from "../value.ts";
import { isContainer, owned, share, sharedEntries, sharedItems } from "./containers.ts";
import { show, typeName } from "./text.ts";

const MAX_SAFE = Number.MAX_SAFE_INTEGER;
const MAX = (1n << 63n) - 1n;
const MIN = -(1n << 63n);
/** The clock's steps in a second. */
const NANO = 1e9;

export type Int = number | bigint;

export function isInt(value: Value): value is Int {
  return typeof value === "number" || typeof value === "bigint";
}

/** The one form of an i64; an error beyond 64 bits. */
export function int(value: bigint, operation: string): Int {
  if (value > MAX || value < MIN) throw new Failure("ErrorArithmetic", `${operation} overflows 64 bits`);
  return value <= BigInt(MAX_SAFE) && value >= BigInt(-MAX_SAFE) ? Number(value) : value;
}

export function add(run: Run, a: Value, b: Value): Value {
  if (typeof a === "number" && typeof b === "number") {
    const sum = a + b;
    if (sum <= MAX_SAFE && sum >= -MAX_SAFE) return sum;
  } else if (typeof a === "string" && typeof b === "string") return concatenate(run, a, b);
  return addSlowly(run, a, b);
}

/** JavaScript puts off the work of joining long strings, so only their size is looked at. */
function concatenate(run: Run, a: string, b: string): string {
  const length = a.length + b.length;
  if (length > run.longString) run.joinsString(length);
  return a + b;
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
      if (y === 0n) throw new Failure("ErrorArithmetic", `${x} is divided by zero`);
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
      if (y === 0n) throw new Failure("ErrorArithmetic", `the remainder of ${x} by zero does not exist`);
      if (y === -1n) int(x / y, `${x} % ${y}`);
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
      if (y < 0n) throw new Failure("ErrorArithmetic", `an integer cannot be raised to the negative power ${y}`);
      if (y > 63n && x !== 0n && x !== 1n && x !== -1n)
        throw new Failure("ErrorArithmetic", `${x} ** ${y} overflows 64 bits`);
      return int(x ** (y > 63n ? (y & 1n) + 2n : y), `${x} ** ${y}`);
    },
  );
}

export function shiftLeft(a: Value, b: Value): Value {
  if (isSmall(a) && isSmall(b) && b >= 0 && b <= 20) return a * (1 << b);
  return bits(a, b, "<<", (x, y) => (y < 0n ? x >> -y : y > 63n ? 0n : BigInt.asIntN(64, x << y)));
}

export function shiftRight(a: Value, b: Value): Value {
  if (isSmall(a) && isSmall(b) && b >= 0 && b <= 31) return a >> b;
  return bits(a, b, ">>", (x, y) => (y < 0n ? (y < -63n ? 0n : BigInt.asIntN(64, x << -y)) : x >> y));
}

export function bitAnd(a: Value, b: Value): Value {
  if (isSmall(a) && isSmall(b)) return a & b;
  return typeof a === "boolean" && typeof b === "boolean" ? a && b : bits(a, b, "&", (x, y) => x & y);
}

export function bitOr(a: Value, b: Value): Value {
  if (isSmall(a) && isSmall(b)) return a | b;
  return typeof a === "boolean" && typeof b === "boolean" ? a || b : bits(a, b, "|", (x, y) => x | y);
}

export function bitXor(a: Value, b: Value): Value {
  if (isSmall(a) && isSmall(b)) return a ^ b;
  return typeof a === "boolean" && typeof b === "boolean" ? a !== b : bits(a, b, "^", (x, y) => x ^ y);
}

export function negate(value: Value): Value {
  if (typeof value === "number") return 0 - value;
  if (value instanceof Float) return new Float(-value.value);
  if (isInt(value)) return int(-BigInt(value), `-(${value})`);
  throw new Failure("ErrorFunctionNotFound", `\`-\` needs a number, not ${typeName(value)}`);
}

export function plus(value: Value): Value {
  if (value instanceof Float || isInt(value)) return value;
  throw new Failure("ErrorFunctionNotFound", `\`+\` needs a number, not ${typeName(value)}`);
}

export function not(value: Value): boolean {
  if (typeof value === "boolean") return !value;
  throw new Failure("ErrorFunctionNotFound", `\`!\` needs a bool, not ${typeName(value)}`);
}

/** `a += b`: containers grow in place, or in a copy when they are shared; everything else is `a + b`. */
export function addAssign(run: Run, a: Value, b: Value): Value {
  return typeof a === "object" ? grow(run, a, b) : add(run, a, b);
}

function grow(run: Run, a: Value, b: Value): Value {
  if (!isContainer(a)) return add(run, a, b);
  const target = owned(run, a);
  if (target instanceof VslArray) appendItems(run, target, b instanceof VslArray ? b.items : [b]);
  else if (target instanceof VslMap && b instanceof VslMap) mergeEntries(run, target, b);
  else if (target instanceof Blob && !(b instanceof VslArray || b instanceof VslMap)) appendBytes(run, target, b);
  else return add(run, a, b);
  return target;
}

/** What is added stays where it came from too. */
export function appendItems(run: Run, target: VslArray, items: readonly Value[]): void {
  run.growsArray(target.items.length + items.length);
  run.work(items.length * 8);
  // The array may be added to itself.
  const count = items.length;
  for (let i = 0; i < count; i++) target.items.push(share(items[i]));
}

export function mergeEntries(run: Run, target: VslMap, added: VslMap): void {
  run.work(added.size * 64);
  for (const [key, value] of added.entries) {
    target.set(key, share(value));
    if (target.size > run.maxMap) run.growsMap(target.size);
  }
}

/** A byte, the bytes of another blob, or text as UTF-8. */
export function appendBytes(run: Run, target: Blob, added: Value): void {
  const bytes = bytesOf(added);
  if (bytes === undefined) throw new Failure("ErrorFunctionNotFound", `${typeName(added)} cannot be added to a blob`);
  const end = target.bytes.length;
  run.growsBlob(end + bytes.length);
  run.work(bytes.length);
  target.grow(end + bytes.length);
  target.bytes.set(bytes, end);
}

function bytesOf(value: Value): Uint8Array | undefined {
  if (isInt(value)) return Uint8Array.of(byteOf(value));
  if (value instanceof Blob) return value.bytes;
  return isText(value) ? Buffer.from(show(value)) : undefined;
}

/** The lowest eight bits. */
export function byteOf(value: Int): number {
  return typeof value === "number" ? value & 0xff : Number(BigInt.asUintN(8, value));
}

function addSlowly(run: Run, a: Value, b: Value): Value {
  if (typeof a === "string" || typeof b === "string" || (isText(a) && isText(b))) {
    return concatenate(run, textOf(a), textOf(b));
  }
  if (a instanceof VslArray && b instanceof VslArray) {
    run.growsArray(a.items.length + b.items.length);
    const sum = new VslArray(sharedItems(run, a.items));
    appendItems(run, sum, b.items);
    return sum;
  }
  if (a instanceof VslMap && b instanceof VslMap) {
    const sum = new VslMap(sharedEntries(run, a));
    mergeEntries(run, sum, b);
    return sum;
  }
  if (a instanceof Blob && b instanceof Blob) {
    run.makesBlob(a.bytes.length + b.bytes.length);
    return new Blob(new Uint8Array(Buffer.concat([a.bytes, b.bytes])));
  }
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

/** A blob that is added to a string is its text. */
function textOf(value: Value): string {
  return value instanceof Blob ? Buffer.from(value.bytes).toString("utf8") : show(value);
}

function subtractSlowly(a: Value, b: Value): Value {
  if (a instanceof Timestamp) {
    if (b instanceof Timestamp) return new Float(Math.round((a.seconds - b.seconds) * NANO) / NANO);
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

/** Fits into 32 bits, in which JavaScript's own bit operators work. */
function isSmall(value: Value): value is number {
  return typeof value === "number" && (value | 0) === value;
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
  throw new Failure("ErrorFunctionNotFound", `\`${sign}\` is not defined for ${typeName(a)} and ${typeName(b)}`);
}

function bits(a: Value, b: Value, sign: string, operation: (x: bigint, y: bigint) => bigint): Value {
  if (isInt(a) && isInt(b)) return int(operation(BigInt(a), BigInt(b)), `${a} ${sign} ${b}`);
  throw new Failure("ErrorFunctionNotFound", `\`${sign}\` is not defined for ${typeName(a)} and ${typeName(b)}`);
}
