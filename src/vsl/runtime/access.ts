/**
 * Properties and elements: reading, writing, and the way down to a nested container that is about to change.
 *
 * Writers answer with the container (a new value where it is a string or an integer), which compiled code writes back
 * to where the container came from, level by level.
 */

import { HostObject } from "../host.ts";
import { ScriptError } from "../script-error.ts";
import { Blob, Char, Range, type Value, VslArray, VslMap } from "../value.ts";
import { owned } from "./containers.ts";
import { type Int, int, isInt } from "./operators.ts";
import { typeName } from "./text.ts";

/** What `value.name` means for values that are neither maps nor host objects; given by the standard library. */
export type PropertyReader = (value: Value, name: string) => Value;

export function getProperty(object: Value, name: string, standard: PropertyReader): Value {
  if (object instanceof VslMap) return object.get(name);
  if (!(object instanceof HostObject)) return standard(object, name);
  const getter = object.type.getters.get(name);
  if (!getter) throw new ScriptError(`${object.type.name} has no property \`${name}\``);
  return getter(object);
}

export function setProperty(object: Value, name: string, value: Value): Value {
  if (!(object instanceof VslMap)) throw new ScriptError(`\`${name}\` of ${typeName(object)} cannot be set`);
  object.set(name, value);
  return object;
}

export function getIndex(object: Value, index: Value): Value {
  if (object instanceof VslArray) {
    if (typeof index === "number" && index >= 0 && index < object.items.length) return object.items[index];
    if (index instanceof Range) return new VslArray(object.items.slice(...bounds(index, object.items.length)));
    return object.items[position(index, object.items.length, "array")];
  }
  if (object instanceof VslMap) return object.get(key(index));
  if (typeof object === "string") return stringIndex(object, index);
  if (object instanceof Blob) {
    if (index instanceof Range) return new Blob(object.bytes.slice(...bounds(index, object.bytes.length)));
    return object.bytes[position(index, object.bytes.length, "blob")];
  }
  if (isInt(object)) return index instanceof Range ? bitRange(object, index) : bit(object, index);
  throw new ScriptError(`${typeName(object)} cannot be indexed`);
}

export function setIndex(object: Value, index: Value, value: Value): Value {
  if (object instanceof VslArray) {
    if (typeof index === "number" && index >= 0 && index < object.items.length) {
      object.items[index] = value;
      return object;
    }
    object.items[position(index, object.items.length, "array")] = value;
    return object;
  }
  if (object instanceof VslMap) {
    object.set(key(index), value);
    return object;
  }
  if (object instanceof Blob) {
    if (!isInt(value)) throw new ScriptError(`an element of a blob is an integer, not ${typeName(value)}`);
    object.bytes[position(index, object.bytes.length, "blob")] = Number(BigInt.asUintN(8, BigInt(value)));
    return object;
  }
  if (typeof object === "string") return setCharacter(object, index, value);
  if (isInt(object)) return setBits(object, index, value);
  throw new ScriptError(`an element of ${typeName(object)} cannot be set`);
}

/** The property, ready to be changed: a shared container is replaced by a copy first. */
export function ownedProperty(object: Value, name: string): Value {
  if (!(object instanceof VslMap)) return undefined;
  const value = object.get(name);
  const mine = owned(value);
  if (mine !== value) object.set(name, mine);
  return mine;
}

export function ownedIndex(object: Value, index: Value): Value {
  const value = getIndex(object, index);
  const mine = owned(value);
  if (mine !== value) setIndex(object, index, mine);
  return mine;
}

/** Start and end for `slice`, both within the length. */
function bounds(range: Range, length: number): [number, number] {
  const from = clamp(Number(range.from), length);
  return [from, Math.max(from, clamp(Number(range.to) + (range.inclusive ? 1 : 0), length))];
}

function clamp(value: number, length: number): number {
  return Math.min(Math.max(value < 0 ? value + length : value, 0), length);
}

/** Negative positions count from the end. */
function position(index: Value, length: number, what: string): number {
  if (!isInt(index))
    throw new ScriptError(
      `the index of ${what === "array" ? "an" : "a"} ${what} is an integer, not ${typeName(index)}`,
    );
  const at = Number(index);
  const real = at < 0 ? at + length : at;
  if (real < 0 || real >= length) throw new ScriptError(`index ${index} is outside of this ${what} of ${length}`);
  return real;
}

function key(index: Value): string {
  if (typeof index !== "string") throw new ScriptError(`the key of a map is a string, not ${typeName(index)}`);
  return index;
}

function stringIndex(text: string, index: Value): Value {
  const points = [...text];
  if (index instanceof Range) return points.slice(...bounds(index, points.length)).join("");
  return new Char((points[position(index, points.length, "string")] as string).codePointAt(0) as number);
}

function setCharacter(text: string, index: Value, value: Value): Value {
  if (!(value instanceof Char)) throw new ScriptError(`an element of a string is a char, not ${typeName(value)}`);
  const points = [...text];
  points[position(index, points.length, "string")] = value.toString();
  return points.join("");
}

function bit(value: Int, index: Value): boolean {
  return ((BigInt.asUintN(64, BigInt(value)) >> BigInt(position(index, 64, "bit field"))) & 1n) === 1n;
}

function bitRange(value: Int, range: Range): Int {
  const [from, to] = bounds(range, 64);
  return int(
    BigInt.asIntN(64, BigInt.asUintN(to - from, BigInt.asUintN(64, BigInt(value)) >> BigInt(from))),
    "a bit field",
  );
}

function setBits(value: Int, index: Value, bits: Value): Value {
  const whole = BigInt.asUintN(64, BigInt(value));
  const [from, to] = index instanceof Range ? bounds(index, 64) : [position(index, 64, "bit field"), 0];
  const width = BigInt(index instanceof Range ? to - from : 1);
  const given = typeof bits === "boolean" ? BigInt(bits) : isInt(bits) ? BigInt(bits) : undefined;
  if (given === undefined) throw new ScriptError(`bits are set from a bool or an integer, not ${typeName(bits)}`);
  const mask = ((1n << width) - 1n) << BigInt(from);
  return int(BigInt.asIntN(64, (whole & ~mask) | ((given << BigInt(from)) & mask)), "a bit field");
}
