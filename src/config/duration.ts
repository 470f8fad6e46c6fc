/** Durations as configurations write them: `"100ms"`, `"30s"`, `"1h 30m"`. They stay texts until somebody waits for them. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Milliseconds of a unit, under all its names. */
const UNITS: ReadonlyMap<string, number> = new Map(
  (
    [
      ["ns nsec", 1e-6],
      ["us usec", 1e-3],
      ["ms msec millis", 1],
      ["s sec secs second seconds", SECOND],
      ["m min mins minute minutes", MINUTE],
      ["h hr hrs hour hours", HOUR],
      ["d day days", DAY],
      ["w week weeks", 7 * DAY],
    ] as const
  ).flatMap(([names, length]) => names.split(" ").map((name) => [name, length] as const)),
);

const WHOLE = /^\s*(?:\d+\s*[a-z]+\s*)+$/;
const PART = /(\d+)\s*([a-z]+)/g;

export function isDuration(text: string): boolean {
  return WHOLE.test(text) && milliseconds(text) <= Number.MAX_SAFE_INTEGER;
}

/** Of a text that {@link isDuration} accepts; whole milliseconds, rounded up. */
export function milliseconds(duration: string): number {
  let sum = 0;
  for (const [, count, unit] of duration.matchAll(PART)) sum += Number(count) * (UNITS.get(unit ?? "") ?? Number.NaN);
  return Math.ceil(sum);
}
