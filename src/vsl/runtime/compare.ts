/** Equality, order and containment. Values of types that know nothing of each other are unequal and in no order. */

import { FnPtr } from "../function-pointer.ts";
import { HostObject } from "../host.ts";
import { Failure } from "../script-error.ts";
import { Blob, Char, Float, Range, Timestamp, type Value, VslArray, VslMap } from "../value.ts";
import { bounded, type Walk } from "./budget.ts";
import { byCodePoint, hasSurrogates } from "./characters.ts";
import { isInt } from "./operators.ts";
import { show, typeName } from "./text.ts";

/** `a == b`. */
export function equal(a: Value, b: Value): boolean {
  if (a === b) return !isNotItself(a);
  if (typeof a !== "object" && typeof b !== "object") return false;
  return equalSlowly(a, b, undefined);
}

/** What is not even equal to itself. */
function isNotItself(value: Value): boolean {
  return typeof value === "object" && value instanceof Float && Number.isNaN(value.value);
}

function equalSlowly(a: Value, b: Value, walk: Walk | undefined): boolean {
  if (a instanceof HostObject) return a.type.equals?.(a, b) ?? false;
  if (b instanceof HostObject) return b.type.equals?.(b, a) ?? false;
  if (a instanceof Float || b instanceof Float) return numberOf(a) === numberOf(b) && numberOf(a) !== undefined;
  if (a instanceof Char) return b instanceof Char ? a.code === b.code : b === a.toString();
  if (b instanceof Char) return a === b.toString();
  if (a instanceof VslArray && b instanceof VslArray) return walked(walk, (within) => equalArrays(a, b, within));
  if (a instanceof VslMap && b instanceof VslMap) return walked(walk, (within) => equalMaps(a, b, within));
  if (a instanceof Blob && b instanceof Blob) return Buffer.compare(a.bytes, b.bytes) === 0;
  if (a instanceof Range && b instanceof Range) {
    return a.inclusive === b.inclusive && a.from === b.from && a.to === b.to;
  }
  if (a instanceof FnPtr && b instanceof FnPtr) return a.name === b.name;
  return a instanceof Timestamp && b instanceof Timestamp && a.seconds === b.seconds;
}

/** Goes on with a walk, or begins one. */
function walked(walk: Walk | undefined, visit: (walk: Walk) => boolean): boolean {
  return walk ? visit(walk) : bounded(visit);
}

function equalArrays(a: VslArray, b: VslArray, walk: Walk): boolean {
  if (a.items.length !== b.items.length) return false;
  walk.enter();
  const same = a.items.every((item, i) => equalWithin(item, b.items[i], walk));
  walk.leave();
  return same;
}

function equalMaps(a: VslMap, b: VslMap, walk: Walk): boolean {
  if (a.size !== b.size) return false;
  walk.enter();
  let same = true;
  for (const [key, value] of a.entries) {
    same = b.has(key) && equalWithin(value, b.get(key), walk);
    if (!same) break;
  }
  walk.leave();
  return same;
}

function equalWithin(a: Value, b: Value, walk: Walk): boolean {
  walk.step();
  return (a === b && !isNotItself(a)) || ((typeof a === "object" || typeof b === "object") && equalSlowly(a, b, walk));
}

export function notEqual(a: Value, b: Value): boolean {
  return !equal(a, b);
}

export function less(a: Value, b: Value): boolean {
  return typeof a === "number" && typeof b === "number" ? a < b : order(a, b, (sign) => sign < 0);
}

export function lessOrEqual(a: Value, b: Value): boolean {
  return typeof a === "number" && typeof b === "number" ? a <= b : order(a, b, (sign) => sign <= 0);
}

export function greater(a: Value, b: Value): boolean {
  return typeof a === "number" && typeof b === "number" ? a > b : order(a, b, (sign) => sign > 0);
}

export function greaterOrEqual(a: Value, b: Value): boolean {
  return typeof a === "number" && typeof b === "number" ? a >= b : order(a, b, (sign) => sign >= 0);
}

/** `item in container`, which is `container.contains(item)`. */
export function contains(container: Value, item: Value): boolean {
  if (typeof container === "string" && (typeof item === "string" || item instanceof Char))
    return container.includes(show(item));
  if (container instanceof VslArray) return container.items.some((element) => isElement(element, item));
  if (container instanceof VslMap)
    return (typeof item === "string" || item instanceof HostObject) && container.has(show(item));
  if (container instanceof Range && isInt(item)) {
    return item >= container.from && (container.inclusive ? item <= container.to : item < container.to);
  }
  if (container instanceof Blob && isInt(item)) return container.bytes.includes(Number(item));
  if (container instanceof HostObject && container.type.contains) return container.type.contains(container, item);
  throw new Failure("ErrorFunctionNotFound", `\`in\` cannot look for ${typeName(item)} in ${typeName(container)}`);
}

/** Whether an element of an array is the item that is looked for; a range of addresses stands for each of them. */
function isElement(element: Value, item: Value): boolean {
  const asked = element instanceof HostObject ? element.type.element : undefined;
  return asked ? asked(element as HostObject, item) : equal(element, item);
}

/** Negative, zero or positive; undefined where there is no order. */
export function compare(a: Value, b: Value): number | undefined {
  if (isInt(a) && isInt(b)) return a < b ? -1 : a > b ? 1 : 0;
  const x = numberOf(a);
  const y = numberOf(b);
  if (x !== undefined && y !== undefined) return Number.isNaN(x) || Number.isNaN(y) ? undefined : x - y;
  if (typeof a === "string" && typeof b === "string") return compareText(a, b);
  if (a instanceof Char && b instanceof Char) return a.code - b.code;
  if (isText(a) && isText(b)) return compareText(show(a), show(b));
  if (a instanceof Timestamp && b instanceof Timestamp) return a.seconds - b.seconds;
  if (typeof a === "boolean" && typeof b === "boolean") return Number(a) - Number(b);
  return undefined;
}

function isText(value: Value): boolean {
  return typeof value === "string" || value instanceof Char;
}

function compareText(a: string, b: string): number {
  if (hasSurrogates(a) || hasSurrogates(b)) return byCodePoint(a, b);
  return a < b ? -1 : a > b ? 1 : 0;
}

function order(a: Value, b: Value, test: (sign: number) => boolean): boolean {
  const sign = compare(a, b);
  return sign !== undefined && test(sign);
}

function numberOf(value: Value): number | undefined {
  if (value instanceof Float) return value.value;
  return isInt(value) ? Number(value) : undefined;
}
