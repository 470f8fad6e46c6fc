/** The memory in which processes for clients count these; see src/smtp/clients.ts. The supervisor's side. */

import { closeSync } from "node:fs";
import { native } from "../../native/index.ts";

/** Processes for clients that may live at a time, those that retire included. */
const PLACES = 1024;

export class ClientCounts {
  /** Handed to processes. */
  readonly descriptor: number;
  readonly #counts: Int32Array;
  readonly #taken = new Set<number>();

  constructor() {
    const { descriptor, memory } = native().sharedMemory("vsmtp clients", PLACES * Int32Array.BYTES_PER_ELEMENT);
    this.descriptor = descriptor;
    this.#counts = new Int32Array(memory);
  }

  /** A place for a process that is about to start; undefined: there is none, and it counts for itself. */
  take(): number | undefined {
    for (let place = 0; place < PLACES; place++) {
      if (this.#taken.has(place)) continue;
      this.#taken.add(place);
      return place;
    }
    return undefined;
  }

  /** The process is gone, and so are its clients. */
  giveBack(place: number): void {
    this.#taken.delete(place);
    // A plugin gone wild may have written anywhere.
    for (let free = 0; free < PLACES; free++) if (!this.#taken.has(free)) this.#counts[free] = 0;
  }

  close(): void {
    closeSync(this.descriptor);
  }
}
