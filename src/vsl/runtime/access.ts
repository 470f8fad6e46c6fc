/**
 * Properties and elements: reading, writing, and the way down to a nested container that is about to change.
 *
 * Writers answer with the container (a new value where it is a string or an integer), which compiled code writes back
 * to where the container came from, level by level.
 */

import { HostObject } from "../host.ts";
import type { Run } from "../run.ts";
import { Failure } from "../script-error.ts";
import { Blob, Char, charOf, Range, type Value, VslArray, VslMap } from "../value.ts";
import { codeAt, countCharacters, hasSurrogates, sliceCharacters, unitAt } from "./characters.ts";
import { owned, share } from "./containers.ts";
import { type Int, int, isInt } from "./operators.ts";
import { position, sliceBounds } from "./positions.ts";
import { typeName } from "./text.ts";

/** What `value.name` means for values that are neither maps nor host objects; given by the standard library. */
export type PropertyReader = (run: Run, value: Value, name: string) => Value;

export function getProperty(run: Run, object: Value, name: string, standard: PropertyReader): Value {
  if (object instanceof VslMap) return object.get(name);
  if (!(object instanceof HostObject)) return standard(run, object, name);
  const getter = object.type.getters.get(name);
  if (!getter) throw new Failure("ErrorPropertyNotFound", `${object.type.name} has no property \`${name}\``);
  return getter(object);
}

export function setProperty(run: Run, object: Value, name: string, value: Value): Value {
  if (!(object instanceof VslMap))
    throw new Failure("ErrorIndexingType", `\`${name}\` of ${typeName(object)} cannot be set`);
  object.set(name, value);
  if (object.size > run.maxMap) run.growsMap(object.size);
  return object;
}

/** Small, so that it becomes part of the code around it. */
export function getIndex(run: Run, object: Value, index: Value): Value {
  if (object instanceof VslArray && typeof index === "number" && index >= 0 && index < object.items.length) {
    return object.items[index];
  }
  return getElement(run, object, index);
}

function getElement(run: Run, object: Value, index: Value): Value {
  if (object instanceof VslArray) {
    if (index instanceof Range) return arraySlice(run, object, index);
    return object.items[position(index, object.items.length, "array")];
  }
  if (object instanceof VslMap) return object.get(key(index));
  if (typeof object === "string") return stringIndex(run, object, index);
  if (object instanceof Blob) {
    if (index instanceof Range) return blobSlice(run, object, index);
    return object.bytes[position(index, object.bytes.length, "blob")];
  }
  if (isInt(object)) return index instanceof Range ? bitRange(object, index) : bit(object, index);
  throw new Failure("ErrorIndexingType", `${typeName(object)} cannot be indexed`);
}

/** Small, as `getIndex` is. */
export function setIndex(run: Run, object: Value, index: Value, value: Value): Value {
  if (object instanceof VslArray && typeof index === "number" && index >= 0 && index < object.items.length) {
    object.items[index] = value;
    return object;
  }
  return setElement(run, object, index, value);
}

function setElement(run: Run, object: Value, index: Value, value: Value): Value {
  if (object instanceof VslArray) {
    object.items[position(index, object.items.length, "array")] = value;
    return object;
  }
  if (object instanceof VslMap) {
    object.set(key(index), value);
    if (object.size > run.maxMap) run.growsMap(object.size);
    return object;
  }
  if (object instanceof Blob) {
    if (!isInt(value))
      throw new Failure("ErrorMismatchDataType", `an element of a blob is an integer, not ${typeName(value)}`);
    object.bytes[position(index, object.bytes.length, "blob")] = Number(BigInt.asUintN(8, BigInt(value)));
    return object;
  }
  if (typeof object === "string") return setCharacters(run, object, index, value);
  if (isInt(object)) return setBits(object, index, value);
  throw new Failure("ErrorIndexingType", `an element of ${typeName(object)} cannot be set`);
}

/** The property, ready to be changed: a shared container is replaced by a copy first. */
export function ownedProperty(run: Run, object: Value, name: string): Value {
  if (!(object instanceof VslMap)) return undefined;
  const value = object.get(name);
  const mine = owned(run, value);
  if (mine !== value) object.set(name, mine);
  return mine;
}

export function ownedIndex(run: Run, object: Value, index: Value): Value {
  const value = getIndex(run, object, index);
  const mine = owned(run, value);
  if (mine !== value) setIndex(run, object, index, mine);
  return mine;
}

/** The elements of a slice stay in the array too. */
function arraySlice(run: Run, { items }: VslArray, range: Range): VslArray {
  const [from, to] = sliceBounds(range, items.length);
  run.makesArray(to - from);
  return new VslArray(items.slice(from, to).map(share));
}

function blobSlice(run: Run, { bytes }: Blob, range: Range): Blob {
  const [from, to] = sliceBounds(range, bytes.length);
  run.makesBlob(to - from);
  return new Blob(bytes.slice(from, to));
}

function key(index: Value): string {
  if (typeof index !== "string")
    throw new Failure("ErrorMismatchDataType", `the key of a map is a string, not ${typeName(index)}`);
  return index;
}

function stringIndex(run: Run, text: string, index: Value): Value {
  if (typeof index === "number" && index >= 0 && index < text.length && !hasSurrogates(text)) {
    return charOf(text.charCodeAt(index));
  }
  const length = countCharacters(text);
  if (!(index instanceof Range)) return charOf(codeAt(text, position(index, length, "string")));
  const [from, to] = sliceBounds(index, length);
  run.work(to - from);
  return sliceCharacters(text, from, to);
}

/** One character is replaced by a char, or a range of them by a string. */
function setCharacters(run: Run, text: string, index: Value, value: Value): Value {
  const length = countCharacters(text);
  if (index instanceof Range && typeof value === "string") {
    const [from, to] = sliceBounds(index, length);
    return spliced(run, text, from, to, value);
  }
  if (!(value instanceof Char))
    throw new Failure("ErrorMismatchDataType", `an element of a string is a char, not ${typeName(value)}`);
  const at = position(index, length, "string");
  return spliced(run, text, at, at + 1, value.toString());
}

function spliced(run: Run, text: string, from: number, to: number, replacement: string): string {
  const start = unitAt(text, from);
  const end = unitAt(text, to);
  run.makesString(text.length - (end - start) + replacement.length);
  return text.slice(0, start) + replacement + text.slice(end);
}

function bit(value: Int, index: Value): boolean {
  return ((BigInt.asUintN(64, BigInt(value)) >> BigInt(position(index, 64, "bit field"))) & 1n) === 1n;
}

function bitRange(value: Int, range: Range): Int {
  const [from, to] = sliceBounds(range, 64);
  return int(
    BigInt.asIntN(64, BigInt.asUintN(to - from, BigInt.asUintN(64, BigInt(value)) >> BigInt(from))),
    "a bit field",
  );
}

function setBits(value: Int, index: Value, bits: Value): Value {
  const whole = BigInt.asUintN(64, BigInt(value));
  const [from, to] = index instanceof Range ? sliceBounds(index, 64) : [position(index, 64, "bit field"), 0];
  const width = BigInt(index instanceof Range ? to - from : 1);
  const given = typeof bits === "boolean" ? BigInt(bits) : isInt(bits) ? BigInt(bits) : undefined;
  if (given === undefined)
    throw new Failure("ErrorMismatchDataType", `bits are set from a bool or an integer, not ${typeName(bits)}`);
  const mask = ((1n << width) - 1n) << BigInt(from);
  return int(BigInt.asIntN(64, (whole & ~mask) | ((given << BigInt(from)) & mask)), "a bit field");
}
