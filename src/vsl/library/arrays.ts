/** Arrays: their elements one by one. What is taken out of one and stays in it too gets one more holder. */

import { native } from "../native.ts";
import { equal } from "../runtime/compare.ts";
import { share } from "../runtime/containers.ts";
import { appendItems, type Int } from "../runtime/operators.ts";
import { offset, positionIfAny } from "../runtime/positions.ts";
import type { Value, VslArray } from "../value.ts";

const inPlace = { mutates: "container" } as const;

export const arrayFunctions = [
  native("len", "array: array -> i64", "How many elements it has.", (_, { items }: VslArray) => items.length),
  native(
    "is_empty",
    "array: array -> bool",
    "Whether it has no element.",
    (_, { items }: VslArray) => items.length === 0,
  ),
  native(
    "get",
    "array: array, index: i64 -> any",
    "The element at a position, negative from the end; `()` if there is none.",
    (_, { items }: VslArray, index: Int) => {
      const at = positionIfAny(index, items.length);
      return at === undefined ? undefined : share(items[at]);
    },
  ),
  native(
    "set",
    "array: array, index: i64, item: any",
    "Replaces the element at a position, negative from the end; does nothing if there is none.",
    (_, { items }: VslArray, index: Int, item: Value) => {
      const at = positionIfAny(index, items.length);
      if (at !== undefined) items[at] = item;
      return undefined;
    },
    inPlace,
  ),
  native(
    "push",
    "array: array, item: any",
    "Adds an element at the end.",
    (run, { items }: VslArray, item: Value) => {
      if (items.length >= run.maxArray) run.growsArray(items.length + 1);
      items.push(item);
      return undefined;
    },
    inPlace,
  ),
  native(
    "append",
    "array: array, other: array",
    "Adds the elements of another array at the end.",
    (run, array: VslArray, other: VslArray) => void appendItems(run, array, other.items),
    inPlace,
  ),
  native(
    "insert",
    "array: array, index: i64, item: any",
    "Adds an element before a position, negative from the end; beyond the end it comes last.",
    (run, { items }: VslArray, index: Int, item: Value) => {
      run.growsArray(items.length + 1);
      const at = offset(index, items.length);
      run.work((items.length - at) * 8);
      items.splice(at, 0, item);
      return undefined;
    },
    inPlace,
  ),
  native(
    "pad",
    "array: array, length: i64, item: any",
    "Makes it at least that long with copies of an element.",
    (run, array: VslArray, length: Int, item: Value) => {
      const missing = Number(length) - array.items.length;
      if (missing <= 0) return undefined;
      run.makesArray(Number(length));
      array.items = array.items.concat(new Array<Value>(missing).fill(share(item)));
      return undefined;
    },
    inPlace,
  ),
  native(
    "pop",
    "array: array -> any",
    "Takes the last element away; `()` if there is none.",
    (_, { items }: VslArray) => items.pop(),
    inPlace,
  ),
  native(
    "shift",
    "array: array -> any",
    "Takes the first element away; `()` if there is none.",
    (run, { items }: VslArray) => {
      run.work(items.length >> 3);
      return items.shift();
    },
    inPlace,
  ),
  native(
    "remove",
    "array: array, index: i64 -> any",
    "Takes the element at a position away, negative from the end; `()` if there is none.",
    (run, { items }: VslArray, index: Int) => {
      const at = positionIfAny(index, items.length);
      if (at === undefined) return undefined;
      run.work((items.length - at) * 8);
      return items.splice(at, 1)[0];
    },
    inPlace,
  ),
  native(
    "clear",
    "array: array",
    "Removes all elements.",
    (_, array: VslArray) => {
      array.items = [];
      return undefined;
    },
    inPlace,
  ),
  native(
    "truncate",
    "array: array, length: i64",
    "Cuts off what is beyond a length.",
    (_, { items }: VslArray, length: Int) => {
      if (length < items.length) items.length = Math.max(0, Number(length));
      return undefined;
    },
    inPlace,
  ),
  native(
    "chop",
    "array: array, length: i64",
    "Cuts off the beginning, so that so many of the last elements stay.",
    (_, { items }: VslArray, length: Int) => {
      if (length < items.length) items.splice(0, items.length - Math.max(0, Number(length)));
      return undefined;
    },
    inPlace,
  ),
  native(
    "reverse",
    "array: array",
    "Turns the order around.",
    (run, { items }: VslArray) => {
      run.work(items.length * 8);
      items.reverse();
      return undefined;
    },
    inPlace,
  ),
  native(
    "index_of",
    "array: array, item: any -> i64",
    "Where an equal element first stands; -1 if nowhere.",
    (run, { items }: VslArray, item: Value) => {
      run.work(items.length * 8);
      return items.findIndex((element) => equal(element, item));
    },
  ),
  native(
    "index_of",
    "array: array, item: any, start: i64 -> i64",
    "Where an equal element first stands from a position on, negative from the end; -1 if nowhere.",
    (run, { items }: VslArray, item: Value, start: Int) => {
      run.work(items.length * 8);
      const from = offset(start, items.length);
      return items.findIndex((element, i) => i >= from && equal(element, item));
    },
  ),
];
