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
import { sortedTexts } from "./runtime/characters.ts";

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

const LATIN: Char[] = [];

/** A character; those of common texts exist once. */
export function charOf(code: number): Char {
  if (code > 255) return new Char(code);
  LATIN[code] ??= new Char(code);
  return LATIN[code];
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

  clear(): void {
    this.replace(new Map());
  }

  /** Takes other entries in the place of its own. */
  replace(entries: Map<string, Value>): void {
    this.entries = entries;
    this.#sorted = undefined;
  }

  /** Sorted; not to be changed by the caller. */
  keys(): readonly string[] {
    this.#sorted ??= sortedTexts([...this.entries.keys()]);
    return this.#sorted;
  }
}

/** An array of bytes. */
export class Blob extends Container {
  bytes: Uint8Array;
  /** Memory of its own that `bytes` is the beginning of, with room to grow. */
  #room: Uint8Array | undefined;

  constructor(bytes: Uint8Array = new Uint8Array(0)) {
    super();
    this.bytes = bytes;
  }

  /** Makes it longer; what `bytes` holds beyond its old length is to be written by the caller. */
  grow(length: number): void {
    if (this.#room === undefined || this.bytes.buffer !== this.#room.buffer || length > this.#room.length) {
      this.#room = new Uint8Array(Math.max(64, length + (length >> 1)));
      this.#room.set(this.bytes);
    }
    this.bytes = this.#room.subarray(0, length);
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
