/** Arrays. What is taken out of one and stays in it too gets one more holder. */

import type { FnPtr } from "../function-pointer.ts";
import { native } from "../native.ts";
import type { Run } from "../run.ts";
import { equal } from "../runtime/compare.ts";
import { share } from "../runtime/containers.ts";
import { truth } from "../runtime/flow.ts";
import type { Int } from "../runtime/operators.ts";
import { type Value, VslArray } from "../value.ts";
import { inTurn } from "./in-turn.ts";

export const arrayFunctions = [
  native("len", "array: array -> i64", "How many elements it has.", (_, { items }: VslArray) => items.length),
  native(
    "is_empty",
    "array: array -> bool",
    "Whether it has no element.",
    (_, { items }: VslArray) => items.length === 0,
  ),
  native(
    "push",
    "array: array, item: any",
    "Adds an element at the end.",
    (_, { items }: VslArray, item: Value) => void items.push(item),
    { mutates: "container" },
  ),
  native(
    "pop",
    "array: array -> any",
    "Takes the last element away; `()` if there is none.",
    (_, { items }: VslArray) => items.pop(),
    { mutates: "container" },
  ),
  native(
    "shift",
    "array: array -> any",
    "Takes the first element away; `()` if there is none.",
    (_, { items }: VslArray) => items.shift(),
    { mutates: "container" },
  ),
  native(
    "insert",
    "array: array, at: i64, item: any",
    "Adds an element before a position.",
    (_, { items }: VslArray, at: Int, item: Value) => void items.splice(Number(at), 0, item),
    { mutates: "container" },
  ),
  native("clear", "array: array", "Removes all elements.", (_, array: VslArray) => void array.items.splice(0), {
    mutates: "container",
  }),
  native("reverse", "array: array", "Turns the order around.", (_, { items }: VslArray) => void items.reverse(), {
    mutates: "container",
  }),
  native(
    "index_of",
    "array: array, item: any -> i64",
    "Where an equal element first stands; -1 if nowhere.",
    (_, { items }: VslArray, item: Value) => items.findIndex((element) => equal(element, item)),
  ),
  native(
    "map",
    "array: array, f: Fn -> array",
    "What the function makes of each element.",
    (run, array: VslArray, f: FnPtr) => {
      const result: Value[] = [];
      return each(
        run,
        array,
        f,
        (made) => void result.push(made),
        () => new VslArray(result),
      );
    },
    { callsBack: true },
  ),
  native(
    "filter",
    "array: array, f: Fn -> array",
    "The elements for which the function is true.",
    (run, array: VslArray, f: FnPtr) => {
      const result: Value[] = [];
      return each(
        run,
        array,
        f,
        (keep, item) => void (truth(keep) && result.push(share(item))),
        () => new VslArray(result),
      );
    },
    { callsBack: true },
  ),
  native(
    "for_each",
    "array: array, f: Fn",
    "Calls the function with each element.",
    (run, array: VslArray, f: FnPtr) =>
      each(
        run,
        array,
        f,
        () => undefined,
        () => undefined,
      ),
    { callsBack: true },
  ),
];

/** Calls `f` with each element of the array as it is now. */
function each(
  run: Run,
  array: VslArray,
  f: FnPtr,
  take: (result: Value, item: Value) => void,
  finish: () => Value,
): Value | Promise<Value> {
  const { items } = share(array);
  return inTurn(
    items.length,
    (i) => f.invoke(run, [share(items[i])]),
    (i, result) => take(result, items[i]),
    finish,
  );
}
