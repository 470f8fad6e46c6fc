/** How values are named and shown: `type_of`, `to_string`, `to_debug`. */

import { FnPtr } from "../function-pointer.ts";
import { HostObject } from "../host.ts";
import { Blob, Char, Float, Range, Timestamp, type Value, VslArray, VslMap } from "../value.ts";
import { bounded, type Walk } from "./budget.ts";

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
  if (typeof value === "number") return String(value);
  if (value === undefined) return "";
  if (value instanceof Char) return value.toString();
  if (value instanceof Float) return showFloat(value.value, SMALL_TEXT, GREAT_TEXT);
  return debug(value);
}

/** A text that tells types apart: strings in quotes, floats with a point. */
export function debug(value: Value): string {
  if (!(value instanceof VslArray || value instanceof VslMap)) return debugLeaf(value);
  return bounded((walk) => debugWithin(value, walk));
}

function debugWithin(value: Value, walk: Walk): string {
  const text = value instanceof VslArray || value instanceof VslMap ? nested(value, walk) : debugLeaf(value);
  walk.step(text.length >> 3);
  return text;
}

function nested(value: VslArray | VslMap, walk: Walk): string {
  walk.enter();
  const parts: string[] = [];
  if (value instanceof VslArray) for (const item of value.items) parts.push(debugWithin(item, walk));
  else for (const key of value.keys()) parts.push(`${quoted(key, '"')}: ${debugWithin(value.get(key), walk)}`);
  walk.leave();
  return value instanceof VslArray ? `[${parts.join(", ")}]` : `#{${parts.join(", ")}}`;
}

function debugLeaf(value: Exclude<Value, VslArray | VslMap>): string {
  if (value === undefined) return "()";
  if (typeof value === "string") return quoted(value, '"');
  if (typeof value !== "object") return String(value);
  if (value instanceof Float) return showFloat(value.value, 1e-4, 1e16);
  if (value instanceof Char) return quoted(value.toString(), "'");
  if (value instanceof Blob) return `[${Buffer.from(value.bytes).toString("hex")}]`;
  if (value instanceof FnPtr) return `Fn(${value.name})`;
  if (value instanceof Range) return `${value.from}${value.inclusive ? "..=" : ".."}${value.to}`;
  if (value instanceof HostObject) return value.toText();
  return "<timestamp>";
}

/** Rhai holds these two as 32-bit floats. */
const SMALL_TEXT = Math.fround(1e-13);
const GREAT_TEXT = Math.fround(1e13);

/**
 * Always with a point or an exponent, so that it cannot be taken for an integer. Digits alone between the two sizes;
 * `to_debug` turns to exponents sooner than `to_string` does.
 */
function showFloat(value: number, small: number, great: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (value === 0) return Object.is(value, -0) && great !== GREAT_TEXT ? "-0.0" : "0.0";
  const size = Math.abs(value);
  if (size < small || size >= great) return value.toExponential().replace("e+", "e");
  const text = plainDigits(value);
  return text.includes(".") ? text : `${text}.0`;
}

/** Without an exponent, which JavaScript writes for numbers smaller than a millionth. */
function plainDigits(value: number): string {
  const text = String(value);
  const [digits = "", exponent] = text.split("e-");
  if (exponent === undefined) return text;
  const sign = digits.startsWith("-") ? "-" : "";
  return `${sign}0.${"0".repeat(Number(exponent) - 1)}${digits.replace(/[-.]/g, "")}`;
}

const ESCAPES: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\", "\0": "\\0" };

/** Characters that nobody can see are written by their number. */
const INVISIBLE = /[\\\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu;

function quoted(text: string, mark: '"' | "'"): string {
  const body = text.replace(INVISIBLE, escapeOf).replaceAll(mark, `\\${mark}`);
  return `${mark}${body}${mark}`;
}

function escapeOf(c: string): string {
  return ESCAPES[c] ?? `\\u{${(c.codePointAt(0) as number).toString(16)}}`;
}
