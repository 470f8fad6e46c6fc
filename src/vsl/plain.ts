/** Between vSL values and plain JavaScript data, for configurations and JSON. */

import { bounded, type Walk } from "./runtime/budget.ts";
import { typeName } from "./runtime/text.ts";
import { ScriptError } from "./script-error.ts";
import { Blob, Char, Float, type Value, VslArray, VslMap } from "./value.ts";

/** `()` becomes null. Throws for values that are no data: functions, ranges, host objects. */
export function toPlain(value: Value): unknown {
  return bounded((walk) => plainOf(value, walk));
}

function plainOf(value: Value, walk: Walk): unknown {
  walk.step();
  if (value === undefined) return null;
  if (typeof value !== "object") return value;
  if (value instanceof Float) return value.value;
  if (value instanceof Char) return value.toString();
  if (value instanceof VslArray || value instanceof VslMap) return nested(value, walk);
  if (value instanceof Blob) return value.bytes;
  throw new ScriptError(`${typeName(value)} is no plain data`);
}

/** Keys become properties of the object's own, also those that objects inherit otherwise. */
function nested(value: VslArray | VslMap, walk: Walk): unknown {
  walk.enter();
  const plain =
    value instanceof VslArray
      ? value.items.map((item) => plainOf(item, walk))
      : Object.fromEntries(value.keys().map((key) => [key, plainOf(value.get(key), walk)]));
  walk.leave();
  return plain;
}

/** null and undefined become `()`; numbers with a fraction become floats. */
export function fromPlain(data: unknown): Value {
  if (data === null || data === undefined) return undefined;
  if (typeof data === "number") return Number.isSafeInteger(data) ? data : new Float(data);
  if (typeof data === "string" || typeof data === "boolean" || typeof data === "bigint") return data;
  if (data instanceof Uint8Array) return new Blob(data);
  if (Array.isArray(data)) return new VslArray(data.map(fromPlain));
  return new VslMap(new Map(Object.entries(data).map(([key, value]) => [key, fromPlain(value)])));
}
