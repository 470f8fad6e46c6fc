/**
 * Memory that arguments are written to, one after the other, and that grows while they are.
 *
 * Quick calls share one block outside V8, whose addresses C gets: calls nest, and each gives back what it took.
 * Growing leaves the old memory as it is, because addresses in it have been handed out, and takes along only what is
 * being written. A call on another thread has a block of its own, which the addon copies: there an address is an
 * offset, and growing takes everything along.
 */

import { MAX_BYTES } from "./wire.ts";

/** Memory and the address of its first byte, as C sees it. */
export interface Memory {
  readonly buffer: ArrayBuffer;
  readonly address: bigint;
}

/** A state of a {@link Block} to return to. */
export interface Mark {
  readonly bytes: Buffer;
  readonly at: number;
}

export class Block {
  bytes: Buffer;
  view: DataView;
  /** The address of `bytes[0]`, divisible by 16. */
  address: bigint;
  /** Where the argument that is being written, or was written last, begins. */
  start = 0;
  /** Where the next byte goes. */
  at = 0;
  readonly #allocate: (bytes: number) => Memory;
  /** Whether growing takes along what was written before `start`. */
  readonly #whole: boolean;

  private constructor(allocate: (bytes: number) => Memory, capacity: number, whole: boolean) {
    const memory = allocate(capacity);
    this.#allocate = allocate;
    this.#whole = whole;
    this.bytes = Buffer.from(memory.buffer);
    this.view = new DataView(memory.buffer);
    this.address = memory.address;
  }

  /** For calls on this thread: `allocate` gives memory that is never freed. */
  static shared(allocate: (bytes: number) => Memory, capacity: number): Block {
    return new Block(allocate, capacity, false);
  }

  /** For the arguments of one call on another thread. */
  static forCopy(capacity: number): Block {
    return new Block((bytes) => ({ buffer: new ArrayBuffer(bytes), address: 0n }), capacity, true);
  }

  /** Begins an argument at the next address that is divisible by 16. */
  begin(): void {
    this.at = (this.at + 15) & ~15;
    this.start = this.at;
  }

  /** The address where the argument begins that was written last. */
  get startAddress(): bigint {
    return this.start === 0 ? this.address : this.address + BigInt(this.start);
  }

  /** Makes sure that `size` bytes can be written at `at`. False when the block would pass {@link MAX_BYTES}. */
  reserve(size: number): boolean {
    return this.at + size <= this.bytes.length || this.#grow(size);
  }

  mark(): Mark {
    return { bytes: this.bytes, at: this.at };
  }

  /** Gives back what was written since the mark: calls nest, and each releases its own arguments. */
  release(mark: Mark): void {
    this.at = mark.bytes === this.bytes ? mark.at : 0;
  }

  #grow(size: number): boolean {
    const from = this.#whole ? 0 : this.start;
    const needed = this.at - from + size;
    if (needed > MAX_BYTES) return false;
    const memory = this.#allocate(Math.min(MAX_BYTES, Math.max(2 * this.bytes.length, needed)));
    const bytes = Buffer.from(memory.buffer);
    this.bytes.copy(bytes, 0, from, this.at);
    this.bytes = bytes;
    this.view = new DataView(memory.buffer);
    this.address = memory.address;
    this.at -= from;
    this.start -= from;
    return true;
  }
}
