/**
 * Frames: how a stream between two processes is cut into messages, and how the bytes of one are read and written.
 *
 * A frame is the u32 size of what follows, then a u8 that says what it is, then its fields (messages.ts); numbers are
 * little endian. What comes in was written by a process that may have been damaged, so every size is checked before it
 * is used, and reading never throws: a reader that runs past the end says so once, when it is asked.
 */

/** Of size and kind. */
export const HEAD = 5;

/** Puts the chunks of a stream together to frames. What it holds is never more than one frame and one chunk. */
export class Splitter {
  readonly #limit: number;
  #chunks: Buffer[] = [];
  #held = 0;

  /** @param limit the largest size that a frame may announce */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * The frames that are complete now, from their kind on; undefined: the stream is damaged, and nothing that follows
   * means anything. They may share memory with `chunk`.
   */
  push(chunk: Buffer): Buffer[] | undefined {
    this.#chunks.push(chunk);
    this.#held += chunk.length;
    const frames: Buffer[] = [];
    for (;;) {
      const size = this.#announced();
      if (size === undefined) return frames;
      if (size < 1 || size > this.#limit) return undefined;
      if (this.#held < 4 + size) return frames;
      frames.push(this.#take(size));
    }
  }

  /** The size of the frame that begins; undefined: less than four bytes of it are there. */
  #announced(): number | undefined {
    if (this.#held < 4) return undefined;
    if ((this.#chunks[0] as Buffer).length < 4) this.#join();
    return (this.#chunks[0] as Buffer).readUInt32LE(0);
  }

  #take(size: number): Buffer {
    if ((this.#chunks[0] as Buffer).length < 4 + size) this.#join();
    const all = this.#chunks[0] as Buffer;
    const rest = all.subarray(4 + size);
    if (rest.length === 0) this.#chunks.shift();
    else this.#chunks[0] = rest;
    this.#held -= 4 + size;
    return all.subarray(4, 4 + size);
  }

  #join(): void {
    this.#chunks = [Buffer.concat(this.#chunks)];
  }
}

/** Reads the fields of one frame, from its beginning to its end. */
export class Fields {
  readonly #bytes: Buffer;
  #at = 0;
  #sound = true;

  constructor(frame: Buffer) {
    this.#bytes = frame;
  }

  /** Whether all that was read was there, and nothing is left. What was read means nothing before this is asked. */
  get complete(): boolean {
    return this.#sound && this.#at === this.#bytes.length;
  }

  u8(): number {
    const at = this.#step(1);
    return at === undefined ? 0 : (this.#bytes[at] as number);
  }

  u32(): number {
    const at = this.#step(4);
    return at === undefined ? 0 : this.#bytes.readUInt32LE(at);
  }

  i64(): bigint {
    const at = this.#step(8);
    return at === undefined ? 0n : this.#bytes.readBigInt64LE(at);
  }

  f64(): number {
    const at = this.#step(8);
    return at === undefined ? 0 : this.#bytes.readDoubleLE(at);
  }

  /** Shares the frame's memory. */
  bytes(size: number): Buffer {
    const at = this.#step(size);
    return at === undefined ? this.#bytes.subarray(0, 0) : this.#bytes.subarray(at, at + size);
  }

  /** What is not UTF-8 becomes U+FFFD. */
  text(size: number): string {
    return this.bytes(size).toString("utf8");
  }

  #step(size: number): number | undefined {
    const at = this.#at;
    if (size > this.#bytes.length - at) {
      this.#sound = false;
      return undefined;
    }
    this.#at = at + size;
    return at;
  }
}

/**
 * The size and kind of a frame, followed by room for `room` bytes of fields, which are zeros.
 *
 * @param more bytes that will be sent right after it as part of the frame
 */
export function beginFrame(kind: number, room: number, more = 0): Buffer {
  const head = Buffer.alloc(HEAD + room);
  head.writeUInt32LE(1 + room + more, 0);
  head[4] = kind;
  return head;
}
