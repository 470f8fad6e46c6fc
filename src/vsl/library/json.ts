/** JSON, in which integers and floats stay apart as they do in vSL. */

import { FnPtr } from "../function-pointer.ts";
import { native } from "../native.ts";
import { bounded, type Walk } from "../runtime/budget.ts";
import { debug, typeName } from "../runtime/text.ts";
import { ScriptError } from "../script-error.ts";
import { Blob, Char, Float, type Value, VslArray, VslMap } from "../value.ts";
import { JsonParser } from "./json-parser.ts";

export const jsonFunctions = [
  native("parse_json", "text: string -> any", "The value that a JSON text describes.", (run, text: string) => {
    run.work(text.length * 4);
    return new JsonParser(text, run).parse();
  }),
  native("to_json", "value: any -> string", "A value as JSON.", (run, value: Value) => {
    const text = bounded((walk) => jsonOf(value, walk));
    run.makesString(text.length);
    return text;
  }),
];

function jsonOf(value: Value, walk: Walk): string {
  const text = value instanceof VslArray || value instanceof VslMap ? nested(value, walk) : leaf(value);
  walk.step(text.length >> 3);
  return text;
}

function nested(value: VslArray | VslMap, walk: Walk): string {
  walk.enter();
  const parts: string[] = [];
  if (value instanceof VslArray) for (const item of value.items) parts.push(jsonOf(item, walk));
  else for (const key of value.keys()) parts.push(`${JSON.stringify(key)}:${jsonOf(value.get(key), walk)}`);
  walk.leave();
  return value instanceof VslArray ? `[${parts.join(",")}]` : `{${parts.join(",")}}`;
}

function leaf(value: Exclude<Value, VslArray | VslMap>): string {
  if (value === undefined) return "null";
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value !== "object") return String(value);
  if (value instanceof Float) return Number.isFinite(value.value) ? debug(value) : "null";
  if (value instanceof Char) return JSON.stringify(value.toString());
  if (value instanceof Blob) return `[${value.bytes.join(",")}]`;
  if (value instanceof FnPtr) return JSON.stringify(value.name);
  throw new ScriptError(`${typeName(value)} cannot be written as JSON`);
}
