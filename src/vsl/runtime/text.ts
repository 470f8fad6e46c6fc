/** How values are named and shown: `type_of`, `to_string`, `to_debug`. */

import { FnPtr } from "../function-pointer.ts";
import { HostObject } from "../host.ts";
import { Blob, Char, Float, Range, Timestamp, type Value, VslArray, VslMap } from "../value.ts";

/** What `type_of` answers. */
export function typeName(value: Value): string {
  switch (typeof value) {
    case "undefined":
      return "()";
    case "boolean":
      return "bool";
    case "number":
    case "bigint":
      return "i64";
    case "string":
      return "string";
    default:
      return objectTypeName(value);
  }
}

function objectTypeName(value: Exclude<Value, undefined | boolean | number | bigint | string>): string {
  if (value instanceof Float) return "f64";
  if (value instanceof Char) return "char";
  if (value instanceof VslArray) return "array";
  if (value instanceof VslMap) return "map";
  if (value instanceof Blob) return "blob";
  if (value instanceof FnPtr) return "Fn";
  if (value instanceof Range) return value.inclusive ? "range=" : "range";
  if (value instanceof Timestamp) return "timestamp";
  return value.type.name;
}

/** What `to_string` and interpolation give: strings and characters as they are, others as `to_debug`. */
export function show(value: Value): string {
  if (typeof value === "string") return value;
  if (value === undefined) return "";
  if (value instanceof Char) return value.toString();
  return debug(value);
}

/** A text that tells types apart: strings in quotes, floats with a point. */
export function debug(value: Value): string {
  if (value === undefined) return "()";
  if (typeof value === "string") return quoted(value, '"');
  if (typeof value !== "object") return String(value);
  if (value instanceof Float) return showFloat(value.value);
  if (value instanceof Char) return quoted(value.toString(), "'");
  if (value instanceof VslArray) return `[${value.items.map(debug).join(", ")}]`;
  if (value instanceof VslMap)
    return `#{${value
      .keys()
      .map((key) => `${quoted(key, '"')}: ${debug(value.get(key))}`)
      .join(", ")}}`;
  if (value instanceof Blob) return `[${Buffer.from(value.bytes).toString("hex")}]`;
  if (value instanceof FnPtr) return `Fn(${value.name})`;
  if (value instanceof Range) return `${value.from}${value.inclusive ? "..=" : ".."}${value.to}`;
  if (value instanceof HostObject) return value.toText();
  return "<timestamp>";
}

/** Always with a point or an exponent, so that it cannot be taken for an integer. */
function showFloat(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  const text = String(Object.is(value, -0) ? "-0" : value);
  return /[.e]/.test(text) ? text.replace("e+", "e") : `${text}.0`;
}

const ESCAPES: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\" };

function quoted(text: string, mark: '"' | "'"): string {
  const body = text.replace(/[\n\r\t\\]/g, (c) => ESCAPES[c] as string).replaceAll(mark, `\\${mark}`);
  return `${mark}${body}${mark}`;
}
