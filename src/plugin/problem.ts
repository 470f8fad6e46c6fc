/**
 * Failures that quote a file which nobody has vetted. What such a file says may hold anything, terminal control
 * sequences included; what a person or a log gets to see of it is made harmless here.
 */

import { type ErrorCode, type Facts, VsmtpError } from "../errors.ts";

/** Longer than any path that is in use, shorter than what would fill a screen. */
const MAX_SHOWN = 1000;

export function problem(code: ErrorCode, facts: Facts): VsmtpError {
  const shown = Object.entries(facts).map(([key, fact]) => [key, typeof fact === "string" ? printable(fact) : fact]);
  return new VsmtpError(code, Object.fromEntries(shown));
}

/** One line of text without control characters, of a length that can be read. */
export function printable(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, "�");
  return line.length > MAX_SHOWN ? `${line.slice(0, MAX_SHOWN - 1)}…` : line;
}

/** `a, b and c`; of long lists the first few. */
export function enumerate(items: readonly string[], most = 8): string {
  const shown = items.length > most ? [...items.slice(0, most), `${items.length - most} more`] : [...items];
  const last = shown.pop() ?? "";
  return shown.length === 0 ? last : `${shown.join(", ")} and ${last}`;
}
