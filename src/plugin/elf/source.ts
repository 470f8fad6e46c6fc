/**
 * Where the bytes of an ELF file come from: memory, or an open file that is read in blocks as they are needed.
 *
 * Judging a plugin touches a few blocks of the C library and of the node executable (100 MB); reading those whole
 * would take longer than everything else. Bounds are not checked here but by {@link Region}.
 */

import { closeSync, readSync } from "node:fs";
import { reasonOf, VsmtpError } from "../../errors.ts";

/** Part of a file that is in memory. */
export interface Window {
  /** Offset in the file of the first byte. */
  readonly start: number;
  /** Offset in the file of what comes after the last one. */
  readonly end: number;
  readonly bytes: Buffer;
  /** Of the same bytes. */
  readonly view: DataView;
}

export interface Source {
  /** The file's path, for messages. */
  readonly file: string;
  readonly size: number;
  /** A window that holds at least `length` bytes from `at`, all of which lie in the file. */
  window(at: number, length: number): Window;
  /** The same file is not read any more. */
  close(): void;
}

/** A file that is in memory as a whole. */
export class MemorySource implements Source {
  readonly file: string;
  readonly size: number;
  readonly #window: Window;

  constructor(file: string, bytes: Uint8Array) {
    this.file = file;
    this.size = bytes.length;
    this.#window = windowOf(0, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  }

  window(): Window {
    return this.#window;
  }

  close(): void {}
}

/** Holds a small plugin whole; of a large library, what one look-up touches. */
const BLOCK_BYTES = 32 * 1024;

/** An open file. Owns the descriptor. */
export class FileSource implements Source {
  readonly file: string;
  readonly size: number;
  readonly #fd: number;
  readonly #blocks = new Map<number, Window>();

  constructor(file: string, fd: number, size: number) {
    this.file = file;
    this.#fd = fd;
    this.size = size;
  }

  window(at: number, length: number): Window {
    const index = Math.floor(at / BLOCK_BYTES);
    const start = index * BLOCK_BYTES;
    // What crosses a block's end is rare (a name, a table's entry), so it is read for itself and not kept.
    if (at + length > start + BLOCK_BYTES) return this.#read(at, length);
    let block = this.#blocks.get(index);
    if (!block) {
      block = this.#read(start, Math.min(BLOCK_BYTES, this.size - start));
      this.#blocks.set(index, block);
    }
    return block;
  }

  close(): void {
    this.#blocks.clear();
    closeSync(this.#fd);
  }

  #read(start: number, length: number): Window {
    const bytes = Buffer.allocUnsafeSlow(length);
    let done = 0;
    while (done < length) {
      const count = this.#readSome(bytes, done, start + done);
      if (count === 0) throw this.#unreadable("it shrank while it was read");
      done += count;
    }
    return windowOf(start, bytes);
  }

  #readSome(into: Buffer, offset: number, position: number): number {
    try {
      return readSync(this.#fd, into, offset, into.length - offset, position);
    } catch (error) {
      throw this.#unreadable(reasonOf(error), error);
    }
  }

  #unreadable(reason: string, cause?: unknown): VsmtpError {
    const hint = "Wait until nothing writes to the file any more, or look for disk errors in the system's log";
    return new VsmtpError("PLUGIN_UNREADABLE", { file: this.file, reason, hint }, { cause });
  }
}

function windowOf(start: number, bytes: Buffer): Window {
  return {
    start,
    end: start + bytes.length,
    bytes,
    view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  };
}
