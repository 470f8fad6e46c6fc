/**
 * Arrays: functions made of all their elements. They go through the array as it is at the beginning; those that change
 * it do so when they are through.
 */

import type { FnPtr } from "../function-pointer.ts";
import { native } from "../native.ts";
import type { Run } from "../run.ts";
import { share } from "../runtime/containers.ts";
import { Cell, type Value, VslArray } from "../value.ts";
import { onElement, perElement, perPair, perResult } from "./callbacks.ts";
import { inTurn } from "./in-turn.ts";

const callsBack = { callsBack: true } as const;
const changing = { callsBack: true, mutates: "container" } as const;

export const arrayLoopFunctions = [
  native(
    "map",
    "array: array, f: Fn -> array",
    "What the function makes of each element.",
    (run, array: VslArray, f: FnPtr) => {
      const { items } = array;
      const call = perElement(run, f, "map");
      const made: Value[] = [];
      return inTurn(
        items.length,
        (i) => call(items[i], i),
        (_, result) => void made.push(result),
        () => new VslArray(made),
      );
    },
    callsBack,
  ),
  native(
    "filter",
    "array: array, test: Fn -> array",
    "The elements for which the function is true.",
    (run, array: VslArray, test: FnPtr) => {
      const { items } = array;
      const call = perElement(run, test, "filter");
      const kept: Value[] = [];
      return inTurn(
        items.length,
        (i) => call(items[i], i),
        (i, result) => void (result === true && kept.push(share(items[i]))),
        () => new VslArray(kept),
      );
    },
    callsBack,
  ),
  native(
    "for_each",
    "array: array, f: Fn",
    "Calls the function with each element as `this`, which it may change, and its position as the parameter.",
    (run, array: VslArray, f: FnPtr) => {
      const items = array.items.slice();
      const call = onElement(run, f, "for_each");
      let self = new Cell(undefined);
      return inTurn(
        items.length,
        (i) => {
          self = new Cell(share(items[i]));
          return call(self, i);
        },
        (i) => {
          items[i] = self.v;
          return undefined;
        },
        () => {
          array.items = items;
          return undefined;
        },
      );
    },
    changing,
  ),
  native(
    "reduce",
    "array: array, f: Fn -> any",
    "Calls the function with the result so far, `()` at first, and each element; the last result.",
    (run, array: VslArray, f: FnPtr) => folded(run, array, f, undefined, false),
    callsBack,
  ),
  native(
    "reduce",
    "array: array, f: Fn, initial: any -> any",
    "Calls the function with the result so far and each element; the last result.",
    (run, array: VslArray, f: FnPtr, initial: Value) => folded(run, array, f, initial, false),
    callsBack,
  ),
  native(
    "reduce_rev",
    "array: array, f: Fn -> any",
    "As `reduce`, from the last element to the first.",
    (run, array: VslArray, f: FnPtr) => folded(run, array, f, undefined, true),
    callsBack,
  ),
  native(
    "reduce_rev",
    "array: array, f: Fn, initial: any -> any",
    "As `reduce`, from the last element to the first.",
    (run, array: VslArray, f: FnPtr, initial: Value) => folded(run, array, f, initial, true),
    callsBack,
  ),
  native(
    "zip",
    "array: array, other: array, f: Fn -> array",
    "What the function makes of the elements of two arrays that stand at the same position.",
    (run, array: VslArray, other: VslArray, f: FnPtr) => {
      const { items } = array;
      const others = other.items;
      const call = perPair(run, f, "zip");
      const made: Value[] = [];
      return inTurn(
        Math.min(items.length, others.length),
        (i) => call(items[i], others[i]),
        (_, result) => void made.push(result),
        () => new VslArray(made),
      );
    },
    callsBack,
  ),
  native(
    "drain",
    "array: array, test: Fn -> array",
    "Takes away the elements for which the function is true and gives them back.",
    (run, array: VslArray, test: FnPtr) => parted(run, array, test, "drain", (rest, chosen) => [rest, chosen]),
    changing,
  ),
  native(
    "retain",
    "array: array, test: Fn -> array",
    "Keeps the elements for which the function is true and gives back the others.",
    (run, array: VslArray, test: FnPtr) => parted(run, array, test, "retain", (rest, chosen) => [chosen, rest]),
    changing,
  ),
];

function folded(run: Run, array: VslArray, f: FnPtr, initial: Value, backwards: boolean): Value | Promise<Value> {
  const { items } = array;
  const call = perResult(run, f, backwards ? "reduce_rev" : "reduce");
  const last = items.length - 1;
  let result = initial;
  return inTurn(
    items.length,
    (i) => (backwards ? call(result, items[last - i], last - i) : call(result, items[i], i)),
    (_, next) => {
      result = next;
      return undefined;
    },
    () => result,
  );
}

/** Divides the elements by a test; `divide` says which stay. */
function parted(
  run: Run,
  array: VslArray,
  test: FnPtr,
  caller: string,
  divide: (rest: Value[], chosen: Value[]) => readonly [stay: Value[], go: Value[]],
): Value | Promise<Value> {
  const items = array.items.slice();
  const call = perElement(run, test, caller);
  const chosen: Value[] = [];
  const rest: Value[] = [];
  return inTurn(
    items.length,
    (i) => call(items[i], i),
    (i, result) => void (result === true ? chosen : rest).push(items[i]),
    () => {
      const [stay, go] = divide(rest, chosen);
      array.items = stay;
      return new VslArray(go);
    },
  );
}
