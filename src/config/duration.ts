/** Durations as configurations write them: `"100ms"`, `"30s"`, `"1h 30m"`. They stay texts until somebody waits for them. */

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

const WHOLE = /^\s*(?:\d+\s*(?:ms|s|m|h|d)\s*)+$/;
const PART = /(\d+)\s*(ms|s|m|h|d)/g;

export function isDuration(text: string): boolean {
  return WHOLE.test(text) && Number.isSafeInteger(milliseconds(text));
}

/** Of a text that {@link isDuration} accepts. */
export function milliseconds(duration: string): number {
  let sum = 0;
  for (const [, count, unit] of duration.matchAll(PART)) sum += Number(count) * (UNITS[unit ?? ""] ?? Number.NaN);
  return sum;
}
