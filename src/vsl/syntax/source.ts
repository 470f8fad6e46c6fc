/** A script's text, and the way from an offset in it to the place that a person is shown. */

import type { Place } from "../../errors.ts";

export class Source {
  readonly file: string;
  readonly text: string;
  #lineStarts: number[] | undefined;

  constructor(file: string, text: string) {
    this.file = file;
    this.text = text;
  }

  /** The place of the code units from `start` to `end`; underlined to the end of the line at the most. */
  place(start: number, end: number = start + 1): Place {
    const starts = this.#starts();
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= start) low = middle;
      else high = middle - 1;
    }
    const lineStart = starts[low] ?? 0;
    const source = (this.text.slice(lineStart).match(/^[^\r\n]*/) ?? [""])[0];
    const column = [...this.text.slice(lineStart, start)].length + 1;
    const length = Math.max(1, [...this.text.slice(start, Math.min(end, lineStart + source.length))].length);
    return { file: this.file, line: low + 1, column, length, source };
  }

  #starts(): number[] {
    if (this.#lineStarts) return this.#lineStarts;
    const starts = [0];
    for (let i = this.text.indexOf("\n"); i !== -1; i = this.text.indexOf("\n", i + 1)) starts.push(i + 1);
    this.#lineStarts = starts;
    return starts;
  }
}
