/**
 * How long to wait before a process takes the place of one that ended by itself: not at all while that is rare, about a
 * second when it goes on, and ever longer when new ones do not even come to work. There is always a next time.
 */

/** Deaths that are followed at once, when there was none for long enough; one more is allowed each second. */
const AT_ONCE = 10;
/** Milliseconds. */
const SUSTAINED = 1_000;
const FIRST = 250;
const LONGEST = 30_000;

export class Backoff {
  readonly #clock: () => number;
  #credit = AT_ONCE;
  #since: number;
  /** Deaths in a row of processes that were not ready yet. */
  #early = 0;

  /** @param clock milliseconds that never go back */
  constructor(clock: () => number = () => performance.now()) {
    this.#clock = clock;
    this.#since = clock();
  }

  /** Of a process that ended now: milliseconds until the next is to be started. */
  after(wasReady: boolean): number {
    this.#refill();
    this.#early = wasReady ? 0 : this.#early + 1;
    if (this.#early > 0) return Math.min(FIRST * 2 ** (this.#early - 1), LONGEST);
    this.#credit = Math.max(-1, this.#credit - 1);
    return this.#credit >= 0 ? 0 : SUSTAINED;
  }

  #refill(): void {
    const now = this.#clock();
    this.#credit = Math.min(AT_ONCE, this.#credit + (now - this.#since) / SUSTAINED);
    this.#since = now;
  }
}
