/** How long something takes, kept in a few numbers: good to a fifth, from less than a microsecond to hours. */

/** Steps that double the time. */
const STEPS = 4;
/** The first step ends at 1/16 µs. */
const BELOW_ONE = 4 * STEPS;
const COUNTS = BELOW_ONE + 34 * STEPS;

export class Histogram {
  #counts: Uint32Array | undefined;
  #total = 0;

  /** @param milliseconds as performance.now() counts them */
  add(milliseconds: number): void {
    const step = Math.ceil(Math.log2(milliseconds * 1000) * STEPS) + BELOW_ONE;
    const index = Math.min(Math.max(step, 0), COUNTS - 1);
    this.#counts ??= new Uint32Array(COUNTS);
    this.#counts[index] = (this.#counts[index] as number) + 1;
    this.#total++;
  }

  /** Microseconds that this part of all did not exceed; undefined: there were none. */
  quantile(part: number): number | undefined {
    if (this.#counts === undefined) return undefined;
    let left = Math.ceil(part * this.#total);
    const index = this.#counts.findIndex((count) => {
      left -= count;
      return left <= 0;
    });
    return Number((2 ** ((index - BELOW_ONE) / STEPS)).toPrecision(3));
  }
}
