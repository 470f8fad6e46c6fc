/**
 * Arrays: their order. Sorting is stable; a function that compares may wait, which JavaScript's own sort could not,
 * so that its elements are merged here.
 */

import type { FnPtr } from "../function-pointer.ts";
import { native } from "../native.ts";
import type { Run } from "../run.ts";
import { compare, equal } from "../runtime/compare.ts";
import { sharedItems } from "../runtime/containers.ts";
import { isInt } from "../runtime/operators.ts";
import { typeName } from "../runtime/text.ts";
import { ScriptError } from "../script-error.ts";
import { type Value, VslArray } from "../value.ts";
import { perPair } from "./callbacks.ts";
import { drive, type Steps } from "./in-turn.ts";

const changing = { mutates: "container" } as const;
const comparing = { mutates: "container", callsBack: true } as const;
const SORTABLE = new Set(["i64", "f64", "string", "char", "bool", "()"]);

export const sortingFunctions = [
  native(
    "sort",
    "array: array",
    "Sorts numbers, strings, chars or bools, all of one type.",
    (run, array: VslArray) => {
      array.items = sorted(run, array.items, 1);
      return undefined;
    },
    changing,
  ),
  native(
    "sort_desc",
    "array: array",
    "As `sort`, the greatest first.",
    (run, array: VslArray) => {
      array.items = sorted(run, array.items, -1);
      return undefined;
    },
    changing,
  ),
  ...["sort", "sort_by"].map((name) =>
    native(
      name,
      "array: array, compare: Fn",
      "Sorts by a function of two elements: negative or true when the first comes before the second.",
      (run, array: VslArray, f: FnPtr) => sortBy(run, array, f, name),
      comparing,
    ),
  ),
  native(
    "order",
    "array: array -> array",
    "A sorted copy.",
    (run, { items }: VslArray) => new VslArray(sharedItems(run, sorted(run, items, 1))),
  ),
  native(
    "order_desc",
    "array: array -> array",
    "A sorted copy, the greatest first.",
    (run, { items }: VslArray) => new VslArray(sharedItems(run, sorted(run, items, -1))),
  ),
  ...["order", "order_by"].map((name) =>
    native(
      name,
      "array: array, compare: Fn -> array",
      "A copy that is sorted by a function of two elements.",
      (run, { items }: VslArray, f: FnPtr) => {
        const copy = new VslArray(sharedItems(run, items));
        const done = sortBy(run, copy, f, name);
        return done instanceof Promise ? done.then(() => copy) : copy;
      },
      { callsBack: true },
    ),
  ),
  native(
    "dedup",
    "array: array",
    "Removes elements that are equal to the one before them.",
    (run, array: VslArray) => {
      run.work(array.items.length * 8);
      array.items = array.items.filter((item, i) => i === 0 || !equal(item, array.items[i - 1]));
      return undefined;
    },
    changing,
  ),
  native(
    "dedup",
    "array: array, same: Fn",
    "Removes elements for which a function of the element before them and themselves is true.",
    (run, array: VslArray, f: FnPtr) => drive(withoutRepeats(run, array, f)),
    comparing,
  ),
];

/** A sorted copy. */
function sorted(run: Run, items: readonly Value[], direction: 1 | -1): Value[] {
  // A sort looks at each element about as many times as its number has binary digits.
  run.work(items.length * 8 * (1 + Math.log2(items.length + 1)));
  const types = new Set(items.map(typeName));
  const [type = "()"] = types;
  if (types.size > 1) throw new ScriptError("elements of different types cannot be sorted without a function");
  if (!SORTABLE.has(type)) throw new ScriptError(`elements of ${type} cannot be sorted without a function`);
  return items.slice().sort((a, b) => direction * (compare(a, b) ?? 0));
}

function sortBy(run: Run, array: VslArray, f: FnPtr, caller: string): Value | Promise<Value> {
  return drive(mergeSort(array, perPair(run, f, caller)));
}

/** Merges runs of growing length. */
function* mergeSort(array: VslArray, call: (a: Value, b: Value) => Value | Promise<Value>): Steps {
  let from = array.items.slice();
  let to: Value[] = new Array(from.length);
  for (let width = 1; width < from.length; width *= 2) {
    for (let start = 0; start < from.length; start += 2 * width) {
      const middle = Math.min(start + width, from.length);
      const end = Math.min(middle + width, from.length);
      let left = start;
      let right = middle;
      for (let at = start; at < end; at++) {
        const takeRight = right < end && (left >= middle || signOf(yield call(from[left], from[right])) > 0);
        to[at] = takeRight ? from[right++] : from[left++];
      }
    }
    [from, to] = [to, from];
  }
  array.items = from;
  return undefined;
}

/** What the answer of a comparing function says; true means that the first comes first. */
function signOf(answer: Value): number {
  if (isInt(answer)) return answer < 0 ? -1 : answer > 0 ? 1 : 0;
  if (typeof answer === "boolean") return answer ? -1 : 1;
  throw new ScriptError(`a function that compares answers with an integer or a bool, not with ${typeName(answer)}`);
}

function* withoutRepeats(run: Run, array: VslArray, f: FnPtr): Steps {
  const call = perPair(run, f, "dedup");
  const kept: Value[] = [];
  for (const item of array.items.slice()) {
    if (kept.length === 0 || (yield call(kept.at(-1), item)) !== true) kept.push(item);
  }
  array.items = kept;
  return undefined;
}
