/** vSL values → wire form (wire.ts). What has none is refused with the path to it. */

import { Blob, Char, Float, typeName, type Value, VslArray, VslMap } from "../vsl/index.ts";
import { MAX_BYTES, MAX_DEPTH, Tag } from "./wire.ts";
import type { Block } from "./wire-block.ts";

/** The size of `struct vsmtp_value`: two addresses. */
const HEAD = 16;

/** Why a value cannot be written. */
export interface Refusal {
  /** Steps to the value inside its containers, outermost first; empty: it is the argument itself. */
  readonly path: string[];
  /** A clause about that value: `is a Fn, …`. */
  readonly reason: string;
}

/**
 * Writes a value as C takes it: a `struct vsmtp_value` at the beginning of what is written (`block.start`), then the
 * encoding that its two addresses enclose. Undefined: it is written.
 */
export function encode(block: Block, value: Value): Refusal | undefined {
  block.begin();
  if (!block.reserve(HEAD)) return tooLarge();
  block.at += HEAD;
  const refusal = put(block, value, 0);
  if (refusal !== undefined) return refusal;
  putAddress(block, block.start, block.start + HEAD);
  putAddress(block, block.start + 8, block.at);
  return undefined;
}

/** Writes a string as C takes it: UTF-8 ended by NUL, at `block.start`. */
export function encodeString(block: Block, text: string): Refusal | undefined {
  block.begin();
  const size = text.length <= 1024 ? 3 * text.length : Buffer.byteLength(text);
  if (!block.reserve(size + 1)) return tooLarge();
  block.at += block.bytes.write(text, block.at);
  block.bytes[block.at++] = 0;
  return undefined;
}

function putAddress(block: Block, at: number, offset: number): void {
  // addresses of user space have 47 bits, so a number holds them
  const address = Number(block.address) + offset;
  block.view.setUint32(at, address >>> 0, true);
  block.view.setUint32(at + 4, Math.floor(address / 2 ** 32), true);
}

export function put(block: Block, value: Value, depth: number): Refusal | undefined {
  switch (typeof value) {
    case "string":
      return putText(block, Tag.string, value);
    case "number":
    case "bigint":
      return putInteger(block, value);
    case "boolean":
      if (!block.reserve(2)) return tooLarge();
      block.bytes[block.at++] = Tag.bool;
      block.bytes[block.at++] = value ? 1 : 0;
      return undefined;
    case "undefined":
      if (!block.reserve(1)) return tooLarge();
      block.bytes[block.at++] = Tag.unit;
      return undefined;
  }
  if (value instanceof VslMap) return putMap(block, value, depth);
  if (value instanceof VslArray) return putArray(block, value, depth);
  if (value instanceof Float) return putFloat(block, value);
  if (value instanceof Blob) return putBytes(block, value);
  if (value instanceof Char) return putChar(block, value);
  return { path: [], reason: `is a ${typeName(value)}, which has no form outside vSL` };
}

function putInteger(block: Block, value: number | bigint): Refusal | undefined {
  if (!block.reserve(9)) return tooLarge();
  block.bytes[block.at] = Tag.int;
  if (typeof value === "bigint") {
    block.view.setBigInt64(block.at + 1, value, true);
  } else {
    block.view.setInt32(block.at + 1, value | 0, true);
    block.view.setInt32(block.at + 5, Math.floor(value / 2 ** 32), true);
  }
  block.at += 9;
  return undefined;
}

function putFloat(block: Block, { value }: Float): Refusal | undefined {
  if (!block.reserve(9)) return tooLarge();
  block.bytes[block.at] = Tag.float;
  block.view.setFloat64(block.at + 1, value, true);
  block.at += 9;
  return undefined;
}

function putChar(block: Block, { code }: Char): Refusal | undefined {
  if (!block.reserve(5)) return tooLarge();
  block.bytes[block.at] = Tag.char;
  block.view.setUint32(block.at + 1, code, true);
  block.at += 5;
  return undefined;
}

function putBytes(block: Block, { bytes }: Blob): Refusal | undefined {
  if (!block.reserve(bytes.length + 6)) return tooLarge();
  block.bytes[block.at] = Tag.bytes;
  block.view.setUint32(block.at + 1, bytes.length, true);
  block.bytes.set(bytes, block.at + 5);
  block.at += bytes.length + 5;
  block.bytes[block.at++] = 0;
  return undefined;
}

function putArray(block: Block, { items }: VslArray, depth: number): Refusal | undefined {
  if (depth === MAX_DEPTH) return tooDeep();
  if (!block.reserve(9)) return tooLarge();
  const size = beginContainer(block, Tag.array, items.length);
  for (let i = 0; i < items.length; i++) {
    const refusal = put(block, items[i], depth + 1);
    if (refusal !== undefined) return within(`element ${i}`, refusal);
  }
  endContainer(block, size);
  return undefined;
}

function putMap(block: Block, map: VslMap, depth: number): Refusal | undefined {
  if (depth === MAX_DEPTH) return tooDeep();
  if (!block.reserve(9)) return tooLarge();
  const size = beginContainer(block, Tag.map, map.size);
  for (const key of map.keys()) {
    const refusal = putText(block, undefined, key) ?? put(block, map.get(key), depth + 1);
    if (refusal !== undefined) return within(`key ${JSON.stringify(key)}`, refusal);
  }
  endContainer(block, size);
  return undefined;
}

/** A string that is given as latin1 text: each character is one byte, whatever the bytes mean. */
export function putLatin1(block: Block, text: string): Refusal | undefined {
  if (!block.reserve(text.length + 6)) return tooLarge();
  block.bytes[block.at] = Tag.string;
  block.view.setUint32(block.at + 1, text.length, true);
  const begin = block.at + 5;
  if (putShort(block.bytes, begin, text) === undefined) block.bytes.write(text, begin, "latin1");
  block.at = begin + text.length;
  block.bytes[block.at++] = 0;
  return undefined;
}

/** A value that is in wire form already. */
export function putEncoded(block: Block, bytes: Uint8Array): Refusal | undefined {
  if (!block.reserve(bytes.length)) return tooLarge();
  block.bytes.set(bytes, block.at);
  block.at += bytes.length;
  return undefined;
}

/** Begins an array of a known number of elements, to be ended by {@link endContainer} with what this returns. */
export function beginArray(block: Block, count: number): number | Refusal {
  return block.reserve(9) ? beginContainer(block, Tag.array, count) : tooLarge();
}

/** Returns where the size goes, counted from `block.start`, which moves when the block grows. */
function beginContainer(block: Block, tag: number, count: number): number {
  block.bytes[block.at] = tag;
  block.view.setUint32(block.at + 1, count, true);
  block.at += 9;
  return block.at - 4 - block.start;
}

export function endContainer(block: Block, size: number): void {
  const at = block.start + size;
  block.view.setUint32(at, block.at - at - 4, true);
}

/** A string, or with no tag a key: length, UTF-8, NUL. Half a surrogate pair becomes U+FFFD. */
function putText(block: Block, tag: number | undefined, text: string): Refusal | undefined {
  const most = text.length <= 1024 ? 3 * text.length : Buffer.byteLength(text);
  if (!block.reserve(most + 6)) return tooLarge();
  if (tag !== undefined) block.bytes[block.at++] = tag;
  const begin = block.at + 4;
  const length = putShort(block.bytes, begin, text) ?? block.bytes.write(text, begin);
  block.view.setUint32(block.at, length, true);
  block.at = begin + length;
  block.bytes[block.at++] = 0;
  return undefined;
}

/** Most text is short and ASCII, and a loop is quicker there than a call out of JavaScript. */
function putShort(bytes: Uint8Array, at: number, text: string): number | undefined {
  if (text.length > 40) return undefined;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0x80) return undefined;
    bytes[at + i] = unit;
  }
  return text.length;
}

function tooLarge(): Refusal {
  return { path: [], reason: `makes the arguments larger than ${MAX_BYTES / 2 ** 20} MiB` };
}

function tooDeep(): Refusal {
  return { path: [], reason: `stands in more than ${MAX_DEPTH} arrays and maps` };
}

function within(step: string, refusal: Refusal): Refusal {
  refusal.path.unshift(step);
  return refusal;
}
