/**
 * Regular expressions that no text can make slow: all ways through the program are followed at once, a character at a
 * time, so that the time is at most the length of the text times the size of the pattern. What clients send is matched
 * against what admins wrote; a backtracking engine would let a client stop the server.
 */

import { parseRegex } from "./parse.ts";
import { compileRegex, type Step } from "./program.ts";
import { word } from "./sets.ts";
import type { Assertion } from "./tree.ts";

/** Steps of one search; some tenths of a second. */
const MOST_WORK = 20_000_000;

export class Regex {
  readonly source: string;
  readonly #steps: readonly Step[];
  /** Where to go on: marks of the steps that are on a list already, by the number of the list. */
  readonly #marks: Int32Array;
  #list = 0;

  /** @throws RegexError */
  constructor(source: string) {
    this.source = source;
    this.#steps = compileRegex(parseRegex(source));
    this.#marks = new Int32Array(this.#steps.length);
  }

  /** Whether the pattern is found anywhere in the text. @throws RangeError when that would take too long. */
  matches(text: string): boolean {
    const codes = Array.from(text, (character) => character.codePointAt(0) as number);
    if ((codes.length + 1) * this.#steps.length > MOST_WORK) {
      throw new RangeError(`a text of ${codes.length} characters is too long for the pattern /${this.source}/`);
    }
    let current: number[] = [];
    for (let at = 0; ; at++) {
      if (this.#follow(0, codes, at, current, at === 0)) return true;
      if (at === codes.length) return false;
      const following: number[] = [];
      this.#nextList();
      for (const index of current) {
        const step = this.#steps[index] as Step & { kind: "set" };
        if (step.set(codes[at] as number) && this.#follow(index + 1, codes, at + 1, following, false)) return true;
      }
      current = following;
    }
  }

  #nextList(): void {
    this.#list += 1;
    if (this.#list < 0x7fffffff) return;
    this.#marks.fill(0);
    this.#list = 1;
  }

  /** Puts the steps that consume a character, reached from `start`, on a list; true: the end is reached. */
  #follow(start: number, codes: readonly number[], at: number, list: number[], fresh: boolean): boolean {
    if (fresh) this.#nextList();
    const open = [start];
    for (let index = open.pop(); index !== undefined; index = open.pop()) {
      if (this.#marks[index] === this.#list) continue;
      this.#marks[index] = this.#list;
      const step = this.#steps[index] as Step;
      if (step.kind === "match") return true;
      if (step.kind === "set") list.push(index);
      else if (step.kind === "jump") open.push(step.to);
      else if (step.kind === "split") open.push(step.other, step.one);
      else if (holds(step.assertion, codes, at)) open.push(index + 1);
    }
    return false;
  }
}

function holds(assertion: Assertion, codes: readonly number[], at: number): boolean {
  switch (assertion) {
    case "text start":
      return at === 0;
    case "text end":
      return at === codes.length;
    case "line start":
      return at === 0 || codes[at - 1] === 10;
    case "line end":
      return at === codes.length || codes[at] === 10;
    case "word boundary":
      return isWord(codes[at - 1]) !== isWord(codes[at]);
    case "inside word":
      return isWord(codes[at - 1]) === isWord(codes[at]);
  }
}

function isWord(code: number | undefined): boolean {
  return code !== undefined && word(code);
}
