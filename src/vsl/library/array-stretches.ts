/** Arrays: parts of them, taken, replaced and removed. */

import { native } from "../native.ts";
import { share, sharedItems } from "../runtime/containers.ts";
import type { Int } from "../runtime/operators.ts";
import { offset } from "../runtime/positions.ts";
import { VslArray } from "../value.ts";
import { type Locate, onStretches } from "./stretches.ts";

const self = "array: array";

export const arrayStretchFunctions = [
  ...onStretches(
    "extract",
    { self, returns: "array", tail: true },
    "A copy of a part.",
    (run, { items }: VslArray, locate: Locate) => {
      const part = items.slice(...locate(items.length));
      return new VslArray(sharedItems(run, part));
    },
  ),
  ...onStretches(
    "splice",
    { self, extra: "replacement: array", returns: "()", mutates: "container" },
    "Replaces a part by the elements of another array.",
    (run, array: VslArray, locate: Locate, replacement: VslArray) => {
      const { items } = array;
      const [from, to] = locate(items.length);
      run.makesArray(items.length - (to - from) + replacement.items.length);
      array.items = [...items.slice(0, from), ...replacement.items.map(share), ...items.slice(to)];
      return undefined;
    },
  ),
  ...onStretches(
    "drain",
    { self, returns: "array", mutates: "container" },
    "Takes a part away and gives it back.",
    (run, { items }: VslArray, locate: Locate) => {
      const [from, to] = locate(items.length);
      run.work((items.length - from) * 8);
      return new VslArray(items.splice(from, to - from));
    },
  ),
  ...onStretches(
    "retain",
    { self, returns: "array", mutates: "container" },
    "Keeps a part only and gives back the rest.",
    (run, array: VslArray, locate: Locate) => {
      const { items } = array;
      const [from, to] = locate(items.length);
      run.work(items.length * 8);
      array.items = items.slice(from, to);
      return new VslArray([...items.slice(0, from), ...items.slice(to)]);
    },
  ),
  native(
    "split",
    "array: array, index: i64 -> array",
    "Cuts it in two at a position, negative from the end, and gives back the second part.",
    (run, { items }: VslArray, index: Int) => {
      run.work(items.length * 8);
      return new VslArray(items.splice(offset(index, items.length)));
    },
    { mutates: "container" },
  ),
];
