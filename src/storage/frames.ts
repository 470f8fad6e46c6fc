/**
 * How a client and a storage process talk over a socket: frames of bytes, each a header and a body.
 *
 *     u32 size of the body   u8 magic   u8 kind   u16 0   u32 number
 *
 * Numbers are little-endian; `number` is that of the request or question that the frame belongs to. Bodies are JSON,
 * pieces of a mail, or what the core has encoded. Both ends are of one host, but what arrives is checked all the same:
 * whatever is no frame, or a larger one than its kind may be, ends the connection.
 */

import type { Writable } from "node:stream";

/** Kinds of frames by their number, and how many bytes a body may have. */
export const FRAMES = {
  /** Both ways, the first frame: { version, … } */
  hello: { kind: 1, most: 4096 },
  /** Client: { asked, situation, mail }; pieces of the mail follow if it has one. */
  request: { kind: 2, most: 1 << 20 },
  /** Client: some bytes of the mail of the latest request; an empty one ends it. */
  piece: { kind: 3, most: 1 << 18 },
  /** Client: a StorageAnswer. */
  answer: { kind: 4, most: 1 << 16 },
  /** Client: { wanted } */
  events: { kind: 5, most: 256 },
  /** Server: what the core has answered. */
  result: { kind: 6, most: 1 << 26 },
  failure: { kind: 7, most: 1 << 20 },
  /** Server: the core was not asked: { reason, hint } */
  refusal: { kind: 8, most: 1 << 16 },
  /** Server: a StorageQuestion. */
  question: { kind: 9, most: 1 << 20 },
  /** Server: a StorageEvent. */
  event: { kind: 10, most: 1 << 20 },
} as const;

export type FrameName = keyof typeof FRAMES;

export interface Frame {
  readonly name: FrameName;
  readonly number: number;
  readonly body: Buffer;
}

export const HEADER = 12;
const MAGIC = 0x76;

const names = new Map(Object.entries(FRAMES).map(([name, { kind }]) => [kind as number, name as FrameName]));
const NOTHING = Buffer.alloc(0);

/** Something arrived that is no frame. */
export class DamagedFrame extends Error {}

/** Writes a frame; false: the socket has more to send than it likes, wait for `drain`. */
export function writeFrame(
  to: Writable,
  name: FrameName,
  number: number,
  body: Uint8Array | string | object = NOTHING,
): boolean {
  const bytes = bytesOf(body);
  const header = Buffer.allocUnsafe(HEADER);
  header.writeUInt32LE(bytes.length, 0);
  header[4] = MAGIC;
  header[5] = FRAMES[name].kind;
  header.writeUInt16LE(0, 6);
  header.writeUInt32LE(number, 8);
  if (bytes.length === 0) return to.write(header);
  to.write(header);
  return to.write(bytes);
}

/** Frames out of what a socket gives. The bodies of small ones share memory with what arrived together with them. */
export class FrameReader {
  readonly #take: (frame: Frame) => void;
  readonly #accepted: ReadonlySet<FrameName>;
  #chunks: Buffer[] = [];
  #size = 0;
  /** Bytes that are needed before anything can be done. */
  #needed = HEADER;

  /** @param accepted the others are damage here */
  constructor(accepted: readonly FrameName[], take: (frame: Frame) => void) {
    this.#accepted = new Set(accepted);
    this.#take = take;
  }

  /** @throws DamagedFrame, and whatever `take` throws; nothing can be read after that. */
  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    if (this.#size < this.#needed) return;
    let rest = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks);
    this.#needed = HEADER;
    while (rest.length >= HEADER) {
      const { name, size } = this.#headerOf(rest);
      const end = HEADER + size;
      if (rest.length < end) {
        this.#needed = end;
        break;
      }
      this.#take({ name, number: rest.readUInt32LE(8), body: rest.subarray(HEADER, end) });
      rest = rest.subarray(end);
    }
    this.#chunks = rest.length > 0 ? [rest] : [];
    this.#size = rest.length;
  }

  #headerOf(bytes: Buffer): { name: FrameName; size: number } {
    const name = names.get(bytes[5] as number);
    const size = bytes.readUInt32LE(0);
    if (bytes[4] !== MAGIC || bytes.readUInt16LE(6) !== 0 || name === undefined) throw new DamagedFrame("no frame");
    if (!this.#accepted.has(name)) throw new DamagedFrame(`a frame of the kind ${name}, which is not for here`);
    if (size > FRAMES[name].most) throw new DamagedFrame(`a frame ${name} of ${size} bytes`);
    return { name, size };
  }
}

/** The JSON of a frame, which has to be a map. @throws DamagedFrame */
export function jsonOf({ name, body }: Frame): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body.toString());
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // The same as any other text that is none.
  }
  throw new DamagedFrame(`a frame ${name} with a text that cannot be read`);
}

function bytesOf(body: Uint8Array | string | object): Uint8Array {
  if (body instanceof Uint8Array) return body;
  return Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
}
