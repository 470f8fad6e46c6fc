/** Words of the command line that mean mails, flags and times, and how counts and tables are printed. */

import { InvalidArgumentError } from "commander";

/** `\Seen $Work` or `(\Seen,$Work)`: flags have a backslash, the rest are keywords. */
export function flagWords(text: string): { readonly flags: string[]; readonly keywords: string[] } {
  const words = text
    .replace(/^\((.*)\)$/s, "$1")
    .split(/[\s,]+/)
    .filter((word) => word !== "");
  return { flags: words.filter(isFlag), keywords: words.filter((word) => !isFlag(word)) };
}

function isFlag(word: string): boolean {
  return word.startsWith("\\");
}

/** Any form that JavaScript reads as a date, or seconds since 1970. */
export function time(text: string): Date {
  const date = new Date(/^\d+$/.test(text) ? Number(text) * 1000 : text);
  if (Number.isNaN(date.getTime())) {
    throw new InvalidArgumentError('Expected a time such as "2024-02-01T08:00:00Z", or seconds since 1970.');
  }
  return date;
}

export function mails(count: number): string {
  return `${count} ${count === 1 ? "mail" : "mails"}`;
}

/** Rows in columns; numbers stand on the right. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, at) => (/^\d+$/.test(cell) ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
}

export function printLines(lines: readonly string[]): void {
  process.stdout.write(lines.map((line) => `${line}\n`).join(""));
}
