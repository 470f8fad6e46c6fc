/**
 * Names of spool entries, `<seconds>.M<microseconds>P<pid>Q<n>`, which are the first part of Maildir names too.
 *
 * No two are equal on one machine: the time of a process never stands still or goes back from one name to the next,
 * not even when the clock does, and starts after every name that an earlier process left.
 */

const SHAPE = /^(\d+)\.M(\d{1,6})P(\d+)Q\d+$/;

export function isEntryName(name: string): boolean {
  return SHAPE.test(name);
}

/** The process that made the name, and when, in microseconds since 1970; undefined: it is no name of an entry. */
export function writerOf(name: string): { readonly pid: number; readonly time: number } | undefined {
  const [, seconds, micros, pid] = SHAPE.exec(name) ?? [];
  return seconds === undefined ? undefined : { pid: Number(pid), time: Number(seconds) * 1e6 + Number(micros) };
}

export class EntryNames {
  /** Microseconds since the epoch, of the last name. */
  #last = 0;
  #count = 0;

  /** Names made from now on come after this one. */
  follow(name: string): void {
    this.followTime(writerOf(name)?.time ?? 0);
  }

  /** Names made from now on are of later times, in microseconds since 1970. */
  followTime(time: number): void {
    this.#last = Math.max(this.#last, time);
  }

  next(): string {
    this.#last = Math.max(this.#last + 1, now());
    this.#count += 1;
    const seconds = Math.floor(this.#last / 1e6);
    const micros = String(this.#last % 1e6).padStart(6, "0");
    return `${seconds}.M${micros}P${process.pid}Q${this.#count}`;
  }
}

/** In microseconds since 1970. */
export function now(): number {
  return Math.floor((performance.timeOrigin + performance.now()) * 1000);
}
