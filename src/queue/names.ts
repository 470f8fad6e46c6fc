/**
 * Names of spool entries, `<seconds>.M<microseconds>P<pid>Q<n>`, which are the first part of Maildir names too.
 *
 * No two are equal on one machine: the time of a process never stands still or goes back from one name to the next,
 * not even when the clock does, and starts after every name that an earlier process left.
 */

const SHAPE = /^(\d+)\.M(\d{1,6})P\d+Q\d+$/;

export function isEntryName(name: string): boolean {
  return SHAPE.test(name);
}

export class EntryNames {
  /** Microseconds since the epoch, of the last name. */
  #last = 0;
  #count = 0;

  /** Names made from now on come after this one. */
  follow(name: string): void {
    const [, seconds, micros] = SHAPE.exec(name) ?? [];
    if (seconds !== undefined) this.#last = Math.max(this.#last, Number(seconds) * 1e6 + Number(micros));
  }

  next(): string {
    this.#last = Math.max(this.#last + 1, Math.floor((performance.timeOrigin + performance.now()) * 1000));
    this.#count += 1;
    const seconds = Math.floor(this.#last / 1e6);
    const micros = String(this.#last % 1e6).padStart(6, "0");
    return `${seconds}.M${micros}P${process.pid}Q${this.#count}`;
  }
}
