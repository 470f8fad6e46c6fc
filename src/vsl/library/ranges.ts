/** Ranges, and the other things that loops go through without there being a container. */

import { native } from "../native.ts";
import { countCharacters, sliceCharacters } from "../runtime/characters.ts";
import { type Int, int } from "../runtime/operators.ts";
import { Sequence } from "../runtime/sequence.ts";
import { ScriptError } from "../script-error.ts";
import { charOf, Float, Range, type Value } from "../value.ts";
import { type Locate, onStretches } from "./stretches.ts";

export const rangeFunctions = [
  native("range", "from: i64, to: i64 -> range", "What `from..to` is.", (_, from: Int, to: Int) => {
    return new Range(from, to, false);
  }),
  native(
    "range",
    "from: i64, to: i64, step: i64 -> range",
    "Integers in steps up or down to one that does not belong to them, for a loop.",
    (_, from: Int, to: Int, step: Int) => integers(from, to, step),
  ),
  native(
    "range",
    "range: range, step: i64 -> range",
    "The integers of a range in steps, for a loop.",
    (_, { from, to, inclusive }: Range, step: Int) =>
      integers(from, inclusive ? int(BigInt(to) + (step < 0 ? -1n : 1n), "the range") : to, step),
  ),
  native(
    "range",
    "from: f64, to: f64, step: f64 -> range",
    "Floats in steps up or down to one that does not belong to them, for a loop.",
    (_, { value: from }: Float, { value: to }: Float, { value: step }: Float) => {
      refuseZero(from + step === from);
      return new Sequence(`range(${from}, ${to}, ${step})`, () => floats(from, to, step));
    },
  ),
  native("start", "range: range -> i64", "Where it begins.", (_, { from }: Range) => from),
  native("end", "range: range -> i64", "Where it ends.", (_, { to }: Range) => to),
  native("is_inclusive", "range: range -> bool", "Whether its end belongs to it.", (_, r: Range) => r.inclusive),
  native(
    "is_exclusive",
    "range: range -> bool",
    "Whether its end does not belong to it.",
    (_, r: Range) => !r.inclusive,
  ),
  native("is_empty", "range: range -> bool", "Whether nothing is in it.", (_, { from, to, inclusive }: Range) => {
    return inclusive ? from > to : from >= to;
  }),
  native("chars", "text: string -> range", "The characters of a string, for a loop.", (_, text: string) => chars(text)),
  ...onStretches(
    "chars",
    { self: "text: string", returns: "range", tail: true },
    "Characters of a part of a string, for a loop.",
    (_, text: string, locate: Locate) => chars(sliceCharacters(text, ...locate(countCharacters(text)))),
  ),
];

function chars(text: string): Sequence {
  return new Sequence(`the characters of ${text.length > 40 ? "a string" : JSON.stringify(text)}`, function* () {
    for (const c of text) yield charOf(c.codePointAt(0) as number);
  });
}

function integers(from: Int, to: Int, step: Int): Sequence {
  refuseZero(Number(step) === 0);
  const text = `range(${from}, ${to}, ${step})`;
  const last = BigInt(to) + BigInt(step);
  const plain = [from, to, step, last].every((n) => Number.isSafeInteger(Number(n)));
  if (plain) return new Sequence(text, () => floatless(Number(from), Number(to), Number(step)));
  return new Sequence(text, () => bigIntegers(BigInt(from), BigInt(to), BigInt(step)));
}

function* floatless(from: number, to: number, step: number): Generator<Value> {
  for (let i = from; step > 0 ? i < to : i > to; i += step) yield i;
}

function* bigIntegers(from: bigint, to: bigint, step: bigint): Generator<Value> {
  for (let i = from; step > 0n ? i < to : i > to; i += step) yield int(i, "the range");
}

function* floats(from: number, to: number, step: number): Generator<Value> {
  for (let x = from; step > 0 ? x < to : x > to; x += step) yield new Float(x);
}

function refuseZero(isZero: boolean): void {
  if (isZero) throw new ScriptError("a range cannot go in steps of zero");
}
