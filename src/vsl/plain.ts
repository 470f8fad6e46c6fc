/** Between vSL values and plain JavaScript data, for configurations and JSON. */

import { typeName } from "./runtime/text.ts";
import { ScriptError } from "./script-error.ts";
import { Blob, Char, Float, type Value, VslArray, VslMap } from "./value.ts";

/** `()` becomes null. Throws for values that are no data: functions, ranges, host objects. */
export function toPlain(value: Value): unknown {
  if (value === undefined) return null;
  if (typeof value !== "object") return value;
  if (value instanceof Float) return value.value;
  if (value instanceof Char) return value.toString();
  if (value instanceof VslArray) return value.items.map(toPlain);
  if (value instanceof VslMap) return Object.fromEntries(value.keys().map((key) => [key, toPlain(value.get(key))]));
  if (value instanceof Blob) return value.bytes;
  throw new ScriptError(`${typeName(value)} is no plain data`);
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
