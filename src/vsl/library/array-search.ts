/** Arrays: what functions say about their elements. */

import type { FnPtr } from "../function-pointer.ts";
import { native } from "../native.ts";
import type { Run } from "../run.ts";
import { share } from "../runtime/containers.ts";
import type { Int } from "../runtime/operators.ts";
import { offset } from "../runtime/positions.ts";
import type { Value, VslArray } from "../value.ts";
import { perElement } from "./callbacks.ts";
import { inTurn, STOP } from "./in-turn.ts";

const callsBack = { callsBack: true } as const;

export const arraySearchFunctions = [
  native(
    "index_of",
    "array: array, test: Fn -> i64",
    "Where an element first stands for which the function is true; -1 if nowhere.",
    (run, array: VslArray, test: FnPtr) => first(run, array, test, 0, "index_of", (at) => at),
    callsBack,
  ),
  native(
    "index_of",
    "array: array, test: Fn, start: i64 -> i64",
    "Where an element first stands for which the function is true, from a position on; -1 if nowhere.",
    (run, array: VslArray, test: FnPtr, start: Int) => first(run, array, test, start, "index_of", (at) => at),
    callsBack,
  ),
  native(
    "find",
    "array: array, test: Fn -> any",
    "The first element for which the function is true; `()` if none.",
    (run, array: VslArray, test: FnPtr) => first(run, array, test, 0, "find", (_, item) => share(item)),
    callsBack,
  ),
  native(
    "find",
    "array: array, test: Fn, start: i64 -> any",
    "The first element from a position on for which the function is true; `()` if none.",
    (run, array: VslArray, test: FnPtr, start: Int) => first(run, array, test, start, "find", (_, item) => share(item)),
    callsBack,
  ),
  native(
    "find_map",
    "array: array, f: Fn -> any",
    "The first thing but `()` that the function makes of an element.",
    (run, array: VslArray, f: FnPtr) => firstMade(run, array, f, 0),
    callsBack,
  ),
  native(
    "find_map",
    "array: array, f: Fn, start: i64 -> any",
    "The first thing but `()` that the function makes of an element from a position on.",
    (run, array: VslArray, f: FnPtr, start: Int) => firstMade(run, array, f, start),
    callsBack,
  ),
  native(
    "some",
    "array: array, test: Fn -> bool",
    "Whether the function is true for any element.",
    (run, array: VslArray, test: FnPtr) => first(run, array, test, 0, "some", (at) => at >= 0),
    callsBack,
  ),
  native(
    "all",
    "array: array, test: Fn -> bool",
    "Whether the function is true for all elements.",
    (run, array: VslArray, test: FnPtr) => {
      const { items } = array;
      const call = perElement(run, test, "all");
      let all = true;
      return inTurn(
        items.length,
        (i) => call(items[i], i),
        (_, result) => {
          all = result === true;
          return all ? undefined : STOP;
        },
        () => all,
      );
    },
    callsBack,
  ),
];

/** Finds the first element for which a test is true, and answers with what is made of it; of -1 and `()` if none. */
function first(
  run: Run,
  array: VslArray,
  test: FnPtr,
  start: Int,
  caller: string,
  answer: (at: number, item: Value) => Value,
): Value | Promise<Value> {
  const { items } = array;
  const call = perElement(run, test, caller);
  const from = offset(start, items.length);
  let found = -1;
  return inTurn(
    items.length - from,
    (i) => call(items[from + i], from + i),
    (i, result) => {
      if (result !== true) return undefined;
      found = from + i;
      return STOP;
    },
    () => answer(found, items[found]),
  );
}

function firstMade(run: Run, array: VslArray, f: FnPtr, start: Int): Value | Promise<Value> {
  const { items } = array;
  const call = perElement(run, f, "find_map");
  const from = offset(start, items.length);
  let made: Value;
  return inTurn(
    items.length - from,
    (i) => call(items[from + i], from + i),
    (_, result) => {
      made = result;
      return result === undefined ? undefined : STOP;
    },
    () => made,
  );
}
