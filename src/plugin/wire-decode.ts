/**
 * Wire form (wire.ts) → vSL values. The bytes were written by our own C core, but into memory that the plugin could
 * reach too, so nothing in them is believed before it is checked.
 */

import { VsmtpError } from "../errors.ts";
import { Blob, Char, Float, type Value, VslArray, VslMap } from "../vsl/index.ts";
import { MAX_DEPTH, Tag } from "./wire.ts";

/**
 * Reads the one value that fills `bytes`.
 *
 * Text that is not UTF-8 gets U+FFFD in its place. Throws a VsmtpError when the bytes are no value.
 *
 * @param source who wrote it, for the error
 */
export function decode(bytes: Uint8Array, source: string): Value {
  const reader = new Reader(bytes, source);
  const value = readValue(reader, 0);
  if (reader.at !== reader.end) reader.damaged("bytes follow the value");
  return value;
}

class Reader {
  readonly bytes: Buffer;
  at = 0;
  /** Where the container ends that is being read. */
  end: number;
  readonly #source: string;

  constructor(bytes: Uint8Array, source: string) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.end = bytes.byteLength;
    this.#source = source;
  }

  /** Steps over `size` bytes and returns where they begin. */
  take(size: number): number {
    const at = this.at;
    if (size > this.end - at) this.damaged(`${size} bytes are announced, ${this.end - at} are there`);
    this.at = at + size;
    return at;
  }

  takeLength(): number {
    return this.bytes.readUInt32LE(this.take(4));
  }

  damaged(reason: string): never {
    throw new VsmtpError("PLUGIN_RESULT_DAMAGED", { source: this.#source, offset: this.at, reason });
  }
}

function readValue(reader: Reader, depth: number): Value {
  const tag = reader.bytes[reader.take(1)];
  switch (tag) {
    case Tag.unit:
      return undefined;
    case Tag.bool:
      return reader.bytes[reader.take(1)] !== 0;
    case Tag.int:
      return readInteger(reader);
    case Tag.float:
      return new Float(reader.bytes.readDoubleLE(reader.take(8)));
    case Tag.char:
      return readChar(reader);
    case Tag.string:
      return readText(reader);
    case Tag.bytes:
      return readBytes(reader);
    case Tag.array:
      return readArray(reader, depth);
    case Tag.map:
      return readMap(reader, depth);
    default:
      return reader.damaged(`tag ${tag} is unknown`);
  }
}

function readInteger(reader: Reader): number | bigint {
  const at = reader.take(8);
  const high = reader.bytes.readInt32LE(at + 4);
  if (high >= -(2 ** 21) && high < 2 ** 21) {
    const value = high * 2 ** 32 + reader.bytes.readUInt32LE(at);
    if (Number.isSafeInteger(value)) return value;
  }
  return reader.bytes.readBigInt64LE(at);
}

function readChar(reader: Reader): Char {
  const code = reader.takeLength();
  if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) reader.damaged(`${code} is no character`);
  return new Char(code);
}

function readText(reader: Reader): string {
  const length = reader.takeLength();
  const begin = reader.take(length + 1);
  if (reader.bytes[begin + length] !== 0) reader.damaged("text does not end with NUL");
  return shortText(reader.bytes, begin, length) ?? reader.bytes.toString("utf8", begin, begin + length);
}

/** Keys and words: short ASCII is quicker put together here than by a call out of JavaScript. */
function shortText(bytes: Uint8Array, begin: number, length: number): string | undefined {
  if (length > 12) return undefined;
  let text = "";
  for (let at = begin; at < begin + length; at++) {
    const unit = bytes[at] as number;
    if (unit >= 0x80) return undefined;
    text += String.fromCharCode(unit);
  }
  return text;
}

function readBytes(reader: Reader): Blob {
  const length = reader.takeLength();
  const begin = reader.take(length + 1);
  return new Blob(new Uint8Array(reader.bytes.subarray(begin, begin + length)));
}

function readArray(reader: Reader, depth: number): VslArray {
  const items: Value[] = [];
  readElements(reader, depth, () => items.push(readValue(reader, depth + 1)));
  return new VslArray(items);
}

function readMap(reader: Reader, depth: number): VslMap {
  const entries = new Map<string, Value>();
  readElements(reader, depth, () => entries.set(readText(reader), readValue(reader, depth + 1)));
  return new VslMap(entries);
}

/** Calls `readElement` as often as the container says, with its end as the bound, and holds it to its size. */
function readElements(reader: Reader, depth: number, readElement: () => void): void {
  if (depth === MAX_DEPTH) reader.damaged(`more than ${MAX_DEPTH} arrays and maps stand inside one another`);
  const count = reader.takeLength();
  const size = reader.takeLength();
  const outer = reader.end;
  const end = reader.take(size) + size;
  reader.at = end - size;
  reader.end = end;
  for (let i = 0; i < count; i++) readElement();
  if (reader.at !== end) reader.damaged("a container is longer than its elements");
  reader.end = outer;
}
