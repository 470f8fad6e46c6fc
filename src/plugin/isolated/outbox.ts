/** What goes out over a connection: all that is sent in one turn of the event loop is written together. */

import type { Socket } from "node:net";
import type { Frame } from "./messages.ts";

/** Parts of this size are copied together: one write of many bytes costs less than many writes of a few. */
const SMALL = 16 * 1024;

export class Outbox {
  readonly #socket: Socket;
  #parts: Uint8Array[] = [];
  #bytes = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  send(frame: Frame): void {
    if (this.#socket.destroyed) return;
    if (this.#parts.length === 0) process.nextTick(() => this.#flush());
    for (const part of frame) {
      this.#parts.push(part);
      this.#bytes += part.length;
    }
  }

  /** Bytes that the other end has not taken, and that take memory here. */
  get waiting(): number {
    return this.#bytes + this.#socket.writableLength;
  }

  #flush(): void {
    const socket = this.#socket;
    if (socket.destroyed) return;
    let small: Uint8Array[] = [];
    const writeSmall = (): void => {
      if (small.length > 0) socket.write(small.length === 1 ? (small[0] as Uint8Array) : Buffer.concat(small));
      small = [];
    };
    socket.cork();
    for (const part of this.#parts) {
      if (part.length <= SMALL) {
        small.push(part);
        continue;
      }
      writeSmall();
      socket.write(part);
    }
    writeSmall();
    socket.uncork();
    this.#parts = [];
    this.#bytes = 0;
  }
}
