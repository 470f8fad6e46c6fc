/** Integers as fields of 64 bits, the lowest first; negative positions count from the highest. */

import { native } from "../native.ts";
import { type Int, int } from "../runtime/operators.ts";
import { type Bounds, position } from "../runtime/positions.ts";
import { Sequence } from "../runtime/sequence.ts";
import { ScriptError } from "../script-error.ts";
import type { Cell, Range, Value } from "../value.ts";

const BITS = 64;
const changes = { mutates: "cell" } as const;

export const bitFunctions = [
  native("get_bit", "value: i64, bit: i64 -> bool", "Whether a bit is set.", (_, value: Int, bit: Int) => {
    const at = position(bit, BITS, "bit field");
    return field(value, [at, at + 1]) === 1n;
  }),
  native(
    "set_bit",
    "value: i64, bit: i64, on: bool",
    "Sets or clears a bit.",
    (_, cell: Cell, bit: Int, on: boolean) => {
      const at = position(bit, BITS, "bit field");
      cell.v = withField(cell.v as Int, [at, at + 1], on ? 1n : 0n);
      return undefined;
    },
    changes,
  ),
  native(
    "get_bits",
    "value: i64, range: range -> i64",
    "The number in a range of bits.",
    (_, value: Int, range: Range) => number(field(value, rangeOf(range))),
  ),
  native(
    "get_bits",
    "value: i64, start: i64, count: i64 -> i64",
    "The number in so many bits from a position on.",
    (_, value: Int, start: Int, count: Int) => number(field(value, stretchOf(start, count))),
  ),
  native(
    "set_bits",
    "value: i64, range: range, bits: i64",
    "Puts a number into a range of bits.",
    (_, cell: Cell, range: Range, bits: Int) => {
      cell.v = withField(cell.v as Int, rangeOf(range), BigInt(bits));
      return undefined;
    },
    changes,
  ),
  native(
    "set_bits",
    "value: i64, start: i64, count: i64, bits: i64",
    "Puts a number into so many bits from a position on.",
    (_, cell: Cell, start: Int, count: Int, bits: Int) => {
      cell.v = withField(cell.v as Int, stretchOf(start, count), BigInt(bits));
      return undefined;
    },
    changes,
  ),
  native("bits", "value: i64 -> range", "Its bits, for a loop.", (_, value: Int) => sequence(value, [0, BITS])),
  native(
    "bits",
    "value: i64, start: i64 -> range",
    "Its bits from a position on, for a loop.",
    (_, value: Int, start: Int) => sequence(value, stretchOf(start, BITS)),
  ),
  native(
    "bits",
    "value: i64, start: i64, count: i64 -> range",
    "So many of its bits from a position on, for a loop.",
    (_, value: Int, start: Int, count: Int) => sequence(value, stretchOf(start, count)),
  ),
  native(
    "bits",
    "value: i64, range: range -> range",
    "A range of its bits, for a loop.",
    (_, value: Int, range: Range) => sequence(value, rangeOf(range)),
  ),
];

function stretchOf(start: Int, count: Int): Bounds {
  if (count <= 0) return [0, 0];
  const from = position(start, BITS, "bit field");
  return [from, Math.min(BITS, from + Number(count))];
}

function rangeOf({ from, to, inclusive }: Range): Bounds {
  const start = Math.max(0, Number(from));
  const end = Math.max(start, Number(to) + (inclusive ? 1 : 0));
  if (inclusive && end > BITS) throw new ScriptError(`bit ${to} is outside of this bit field of ${BITS}`);
  return end === start ? [0, 0] : stretchOf(start, end - start);
}

function field(value: Int, [from, to]: Bounds): bigint {
  return BigInt.asUintN(to - from, BigInt.asUintN(BITS, BigInt(value)) >> BigInt(from));
}

function withField(value: Int, [from, to]: Bounds, bits: bigint): Int {
  const mask = ((1n << BigInt(to - from)) - 1n) << BigInt(from);
  return number((BigInt(value) & ~mask) | ((bits << BigInt(from)) & mask));
}

function number(bits: bigint): Int {
  return int(BigInt.asIntN(BITS, bits), "a bit field");
}

function sequence(value: Int, bounds: Bounds): Sequence {
  const [from, to] = bounds;
  return new Sequence(`bits ${from}..${to} of ${value}`, () => each(field(value, bounds), to - from));
}

function* each(bits: bigint, count: number): Generator<Value> {
  for (let i = 0; i < count; i++) yield ((bits >> BigInt(i)) & 1n) === 1n;
}
