/**
 * Says in the marker of this process (observe/marker.ts) that the JavaScript thread is inside one function of a plugin,
 * for whoever has to find out when it does not come back. Plain stores: it is done at every call.
 */

import { CELL, marker } from "../observe/index.ts";

// Constants of this file cost nothing where those of another are looked up.
const { clock: CLOCK, situation: SITUATION, function: FUNCTION } = CELL;

export class Mark {
  /** Of the function in the marker. */
  readonly id: number;
  readonly #cells: Int32Array;
  readonly #last: number;

  /** @param name of the function, as `vsmtp plugin list` shows it */
  constructor(plugin: string, name: string) {
    this.id = marker().functionId(plugin, name);
    this.#cells = marker().cells;
    this.#last = CELL.last + this.id;
  }

  /** Right before a call, inside which no other begins; {@link end} follows, however it ends. */
  begin(situation: number): void {
    const cells = this.#cells;
    const clock = ((cells[CLOCK] as number) + 1) | 0;
    cells[CLOCK] = clock;
    cells[this.#last] = clock;
    cells[SITUATION] = situation;
    cells[FUNCTION] = this.id;
  }

  end(): void {
    this.#cells[FUNCTION] = 0;
  }
}
