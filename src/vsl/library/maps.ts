/** Object maps. */

import { native } from "../native.ts";
import { share } from "../runtime/containers.ts";
import { type Value, VslArray, type VslMap } from "../value.ts";

export const mapFunctions = [
  native("len", "map: map -> i64", "How many entries it has.", (_, map: VslMap) => map.size),
  native("is_empty", "map: map -> bool", "Whether it has no entry.", (_, map: VslMap) => map.size === 0),
  native("keys", "map: map -> array", "The keys, sorted.", (_, map: VslMap) => new VslArray([...map.keys()])),
  native(
    "values",
    "map: map -> array",
    "The values, in the order of their keys.",
    (_, map: VslMap) => new VslArray(map.keys().map((key) => share(map.get(key)))),
  ),
  native(
    "get",
    "map: map, key: string -> any",
    "The value of a key; `()` without one.",
    (_, map: VslMap, key: string) => share(map.get(key)),
  ),
  native(
    "set",
    "map: map, key: string, value: any",
    "Gives a key a value.",
    (_, map: VslMap, key: string, value: Value) => void map.set(key, value),
    { mutates: "container" },
  ),
  native(
    "remove",
    "map: map, key: string -> any",
    "Takes an entry away; its value, or `()`.",
    (_, map: VslMap, key: string) => {
      const value = map.get(key);
      map.delete(key);
      return value;
    },
    { mutates: "container" },
  ),
  native(
    "clear",
    "map: map",
    "Removes all entries.",
    (_, map: VslMap) => {
      for (const key of [...map.keys()]) map.delete(key);
      return undefined;
    },
    { mutates: "container" },
  ),
];
