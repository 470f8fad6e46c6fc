/**
 * A named, bounded stretch of an ELF file. Every read of the ELF reader goes through one, so no offset that a file
 * contains is believed, and a failure can say which table of the file is damaged.
 *
 * Numbers are little-endian. 64-bit words are JavaScript numbers: above 2^53 they lose their last digits, which does
 * no harm, because nothing that is compared with the size of a file or of a mapping can be that large.
 */

import type { VsmtpError } from "../../errors.ts";
import { problem } from "../problem.ts";
import { MAX_NAME_BYTES } from "./limits.ts";
import type { Source, Window } from "./source.ts";

export class Region {
  readonly source: Source;
  /** What it is, for messages: "the dynamic symbol table". */
  readonly what: string;
  /** Offset in the file. */
  readonly start: number;
  readonly length: number;
  #window = nothing;

  constructor(source: Source, what: string, start: number, length: number) {
    if (!(start >= 0 && length >= 0 && start + length <= source.size)) {
      const needed = start + length <= Number.MAX_SAFE_INTEGER ? String(start + length) : "more than any file's";
      throw problem("ELF_TRUNCATED", { file: source.file, part: what, needed, size: source.size });
    }
    this.source = source;
    this.what = what;
    this.start = start;
    this.length = length;
  }

  /** A stretch of this one, checked against its bounds. */
  part(what: string, at: number, length: number): Region {
    this.check(at, length);
    return new Region(this.source, what, this.start + at, length);
  }

  u8(at: number): number {
    const offset = this.#offset(at, 1);
    return this.#window.view.getUint8(offset);
  }

  u16(at: number): number {
    const offset = this.#offset(at, 2);
    return this.#window.view.getUint16(offset, true);
  }

  u32(at: number): number {
    const offset = this.#offset(at, 4);
    return this.#window.view.getUint32(offset, true);
  }

  u64(at: number): number {
    const offset = this.#offset(at, 8);
    return wordOf(this.#window.view, offset);
  }

  /** As u64, with a sign. */
  i64(at: number): number {
    const offset = this.#offset(at, 8);
    const { view } = this.#window;
    return view.getUint32(offset, true) + view.getInt32(offset + 4, true) * 0x1_0000_0000;
  }

  /** A copy-free look at bytes; not to be changed or kept. */
  bytes(at: number, length: number): Buffer {
    const offset = this.#offset(at, length);
    return this.#window.bytes.subarray(offset, offset + length);
  }

  /** Bytes as a view, for tables that are gone through from end to end: checked once, not once a word. */
  view(at: number, length: number): DataView {
    const offset = this.#offset(at, length);
    const { bytes } = this.#window;
    return new DataView(bytes.buffer, bytes.byteOffset + offset, length);
  }

  /** The text from `at` to the next NUL. */
  text(at: number): string {
    const limit = Math.min(MAX_NAME_BYTES, this.length - at);
    const from = this.#offset(at, 1);
    const { bytes } = this.#window;
    const end = bytes.indexOf(0, from);
    if (end >= 0 && end - from < limit) return bytes.toString("utf8", from, end);
    // No end in this window: it may be in the next one.
    const whole = this.bytes(at, limit);
    const length = whole.indexOf(0);
    if (length < 0) throw this.damaged(`the name at ${hex(at)} has no end`);
    return whole.toString("utf8", 0, length);
  }

  /** Whether these bytes stand at `at`. */
  holds(at: number, expected: Buffer): boolean {
    if (!(at >= 0 && at + expected.length <= this.length)) return false;
    const offset = this.#offset(at, expected.length);
    const { view } = this.#window;
    // Nearly always the first byte decides.
    for (let index = 0; index < expected.length; index++) {
      if (view.getUint8(offset + index) !== expected[index]) return false;
    }
    return true;
  }

  /** The error that says that this part of the file makes no sense. */
  damaged(reason: string): VsmtpError {
    return problem("ELF_DAMAGED", { file: this.source.file, part: this.what, reason });
  }

  check(at: number, length: number): void {
    if (at >= 0 && length >= 0 && at + length <= this.length) return;
    throw this.damaged(`${length} bytes at ${hex(at)} are beyond its end at ${hex(this.length)}`);
  }

  /** Makes the window one that holds these bytes, and says where in it they begin. */
  #offset(at: number, length: number): number {
    if (!(at >= 0 && at + length <= this.length)) this.check(at, length);
    const from = this.start + at;
    let window = this.#window;
    if (from < window.start || from + length > window.end) {
      window = this.source.window(from, length);
      this.#window = window;
    }
    return from - window.start;
  }
}

const nothing: Window = { start: 0, end: 0, bytes: Buffer.alloc(0), view: new DataView(new ArrayBuffer(0)) };

/** The 64-bit word at `at`. */
export function wordOf(view: DataView, at: number): number {
  const high = view.getUint32(at + 4, true);
  const low = view.getUint32(at, true);
  return high === 0 ? low : low + high * 0x1_0000_0000;
}

/** A number as it stands in ELF tools' output. */
export function hex(value: number): string {
  return Number.isSafeInteger(value) ? `0x${value.toString(16)}` : "an impossible address";
}
