/**
 * The channel between the supervisor and one of its processes: a socket that the process is born with, on which every
 * message stands behind its size.
 *
 * Code of plugins is in these processes and may write to any descriptor or close it. So what comes may be anything: no
 * message that cannot be read does more than end its channel.
 */

import type { Socket } from "node:net";
import { deserialize, serialize } from "node:v8";

/** The descriptor of the process's end. */
export const CHANNEL = 3;

export interface ChannelOptions {
  /** Bytes of the longest message that is taken. */
  readonly longest: number;
  /** False: this is no message for this end. */
  hear(message: unknown): boolean;
  /** Once: the other end is gone, or what comes from there is damaged. */
  end(): void;
}

/** Of the size, a number of 32 bits. */
const HEAD = 4;
/** Bytes that may wait for the other end to read them. */
const UNREAD = 64 * 1024 * 1024;

export class Channel {
  readonly #socket: Socket;
  readonly #options: ChannelOptions;
  /** What has come of messages that are not complete. */
  #pieces: Buffer[] = [];
  #size = 0;
  /** So much has to be there before it is worth looking. */
  #wanted = HEAD;

  constructor(socket: Socket, options: ChannelOptions) {
    this.#socket = socket;
    this.#options = options;
    socket.on("data", (piece: Buffer) => this.#take(piece));
    // "close" comes after it.
    socket.on("error", () => {});
    socket.once("close", () => options.end());
  }

  /** Whoever waits for something hears of the other's end elsewhere. */
  send(message: unknown): void {
    if (this.#socket.writableLength > UNREAD) this.close();
    if (!this.#socket.writable) return;
    const bytes = serialize(message);
    const head = Buffer.alloc(HEAD);
    head.writeUInt32BE(bytes.length);
    this.#socket.write(Buffer.concat([head, bytes]));
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(piece: Buffer): void {
    this.#pieces.push(piece);
    this.#size += piece.length;
    if (this.#size < this.#wanted) return;
    const rest = this.#read(Buffer.concat(this.#pieces));
    this.#pieces = [rest];
    this.#size = rest.length;
  }

  /** Returns what is left after the last complete message. */
  #read(bytes: Buffer): Buffer {
    let rest = bytes;
    this.#wanted = HEAD;
    while (rest.length >= HEAD && !this.#socket.destroyed) {
      const size = rest.readUInt32BE(0);
      if (size > this.#options.longest) this.close();
      else if (rest.length < HEAD + size) {
        this.#wanted = HEAD + size;
        return rest;
      } else if (!this.#isHeard(rest.subarray(HEAD, HEAD + size))) this.close();
      rest = rest.subarray(HEAD + size);
    }
    return rest;
  }

  #isHeard(bytes: Buffer): boolean {
    let message: unknown;
    try {
      message = deserialize(bytes);
    } catch {
      return false;
    }
    return this.#options.hear(message);
  }
}
