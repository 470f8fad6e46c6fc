/**
 * The values of vSL, as JavaScript holds them.
 *
 * Booleans and strings are JavaScript's own, `()` is undefined. An integer is a number while it is safe and a BigInt
 * beyond, so floats, which are a type of their own, are boxed. Arrays, maps and blobs have value semantics: a copy
 * only marks the container as shared, and the first holder that changes it afterwards takes a copy of its own
 * (`owned` in containers.ts). Host objects are the opaque values of whoever embeds the language.
 */

import type { FnPtr } from "./function-pointer.ts";
import type { HostObject } from "./host.ts";

export type Value =
  | undefined
  | boolean
  | number
  | bigint
  | string
  | Float
  | Char
  | VslArray
  | VslMap
  | Blob
  | Range
  | Timestamp
  | FnPtr
  | HostObject;

/** A 64-bit float, `f64`. */
export class Float {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

/** One Unicode scalar value. */
export class Char {
  readonly code: number;

  constructor(code: number) {
    this.code = code;
  }

  toString(): string {
    return String.fromCodePoint(this.code);
  }
}

/** What a variable holds that a closure captured and somebody changes: closure and owner see one value. */
export class Cell {
  v: Value;

  constructor(v: Value) {
    this.v = v;
  }
}

/** What has value semantics and can be changed in place. */
export abstract class Container {
  /** More than one holder: whoever wants to change it takes a copy first. */
  shared = false;
}

export class VslArray extends Container {
  items: Value[];

  constructor(items: Value[] = []) {
    super();
    this.items = items;
  }
}

/** An object map. Keys come in the order of their UTF-8 bytes, as Rhai's BTreeMap gives them. */
export class VslMap extends Container {
  entries: Map<string, Value>;
  #sorted: string[] | undefined;

  constructor(entries: Map<string, Value> = new Map()) {
    super();
    this.entries = entries;
  }

  static of(record: Readonly<Record<string, Value>>): VslMap {
    return new VslMap(new Map(Object.entries(record)));
  }

  get size(): number {
    return this.entries.size;
  }

  get(key: string): Value {
    return this.entries.get(key);
  }

  has(key: string): boolean {
    return this.entries.has(key);
  }

  set(key: string, value: Value): void {
    const before = this.entries.size;
    this.entries.set(key, value);
    if (this.entries.size !== before) this.#sorted = undefined;
  }

  delete(key: string): boolean {
    this.#sorted = undefined;
    return this.entries.delete(key);
  }

  /** Sorted; not to be changed by the caller. */
  keys(): readonly string[] {
    this.#sorted ??= [...this.entries.keys()].sort(byCodePoint);
    return this.#sorted;
  }
}

/** An array of bytes. */
export class Blob extends Container {
  bytes: Uint8Array;

  constructor(bytes: Uint8Array = new Uint8Array(0)) {
    super();
    this.bytes = bytes;
  }
}

/** `from..to` or `from..=to`; as an index or a loop source. */
export class Range {
  readonly from: number | bigint;
  readonly to: number | bigint;
  readonly inclusive: boolean;

  constructor(from: number | bigint, to: number | bigint, inclusive: boolean) {
    this.from = from;
    this.to = to;
    this.inclusive = inclusive;
  }
}

/** A moment of the monotonic clock. */
export class Timestamp {
  /** Seconds on the monotonic clock. */
  readonly seconds: number;

  constructor(seconds: number) {
    this.seconds = seconds;
  }
}

/** UTF-8 order, which UTF-16 order is not beyond the BMP. */
function byCodePoint(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

/** Surrogates stand for code points above all other UTF-16 units. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit < 0xe000 ? unit + 0x2000 : unit >= 0xe000 ? unit - 0x800 : unit;
}
