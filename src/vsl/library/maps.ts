/** Object maps. Their keys are data, whatever they are called. */

import type { FnPtr } from "../function-pointer.ts";
import { native } from "../native.ts";
import type { Run } from "../run.ts";
import { share } from "../runtime/containers.ts";
import { mergeEntries } from "../runtime/operators.ts";
import { type Value, VslArray, VslMap } from "../value.ts";
import { perEntry } from "./callbacks.ts";
import { inTurn } from "./in-turn.ts";

const inPlace = { mutates: "container" } as const;
const callsBack = { callsBack: true } as const;

export const mapFunctions = [
  native("len", "map: map -> i64", "How many entries it has.", (_, map: VslMap) => map.size),
  native("is_empty", "map: map -> bool", "Whether it has no entry.", (_, map: VslMap) => map.size === 0),
  native("keys", "map: map -> array", "The keys, sorted.", (run, map: VslMap) => {
    run.makesArray(map.size);
    return new VslArray([...map.keys()]);
  }),
  native("values", "map: map -> array", "The values, in the order of their keys.", (run, map: VslMap) => {
    run.makesArray(map.size);
    return new VslArray(map.keys().map((key) => share(map.get(key))));
  }),
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
    (run, map: VslMap, key: string, value: Value) => {
      map.set(key, value);
      if (map.size > run.maxMap) run.growsMap(map.size);
      return undefined;
    },
    inPlace,
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
    inPlace,
  ),
  native(
    "clear",
    "map: map",
    "Removes all entries.",
    (_, map: VslMap) => {
      map.clear();
      return undefined;
    },
    inPlace,
  ),
  native(
    "mixin",
    "map: map, other: map",
    "Takes over all entries of another map; its values replace those of the same keys.",
    (run, map: VslMap, other: VslMap) => void mergeEntries(run, map, other),
    inPlace,
  ),
  native(
    "fill_with",
    "map: map, other: map",
    "Takes over the entries of another map whose keys it does not have.",
    (run, map: VslMap, other: VslMap) => {
      const missing = [...other.entries].filter(([key]) => !map.has(key));
      mergeEntries(run, map, new VslMap(new Map(missing)));
      return undefined;
    },
    inPlace,
  ),
  native(
    "map",
    "map: map, f: Fn -> map",
    "A map of what the function makes of each key and value.",
    (run, map: VslMap, f: FnPtr) => {
      const call = perEntry(run, f, "map");
      const keys = [...map.keys()];
      const made = new Map<string, Value>();
      return inTurn(
        keys.length,
        (i) => call(keys[i] as string, map.get(keys[i] as string)),
        (i, result) => void made.set(keys[i] as string, result),
        () => new VslMap(made),
      );
    },
    callsBack,
  ),
  native(
    "filter",
    "map: map, test: Fn -> map",
    "The entries for which the function of key and value is true.",
    (run, map: VslMap, test: FnPtr) =>
      parted(run, map, test, "filter", (_, chosen) => {
        for (const value of chosen.entries.values()) share(value);
        return chosen;
      }),
    callsBack,
  ),
  native(
    "drain",
    "map: map, test: Fn -> map",
    "Takes away the entries for which the function is true and gives them back.",
    (run, map: VslMap, test: FnPtr) =>
      parted(run, map, test, "drain", (rest, chosen) => {
        map.replace(rest.entries);
        return chosen;
      }),
    { ...callsBack, ...inPlace },
  ),
  native(
    "retain",
    "map: map, test: Fn -> map",
    "Keeps the entries for which the function is true and gives back the others.",
    (run, map: VslMap, test: FnPtr) =>
      parted(run, map, test, "retain", (rest, chosen) => {
        map.replace(chosen.entries);
        return rest;
      }),
    { ...callsBack, ...inPlace },
  ),
];

/** Divides the entries by a test. */
function parted(
  run: Run,
  map: VslMap,
  test: FnPtr,
  caller: string,
  finish: (rest: VslMap, chosen: VslMap) => Value,
): Value | Promise<Value> {
  const call = perEntry(run, test, caller);
  const entries = map.keys().map((key) => [key, map.get(key)] as const);
  const chosen = new Map<string, Value>();
  const rest = new Map<string, Value>();
  return inTurn(
    entries.length,
    (i) => call(...(entries[i] as (typeof entries)[number])),
    (i, result) => void (result === true ? chosen : rest).set(...(entries[i] as (typeof entries)[number])),
    () => finish(new VslMap(rest), new VslMap(chosen)),
  );
}
