/** The text of a pattern, read character by character, and the escapes that classes and patterns share. */

import { type CharacterSet, complement, digit, property, single, space, word } from "./sets.ts";
import { RegexError } from "./tree.ts";

const CONTROL: Readonly<Record<string, number>> = { a: 7, f: 12, t: 9, n: 10, r: 13, v: 11 };

const CLASSES: Readonly<Record<string, CharacterSet>> = {
  d: digit,
  D: complement(digit),
  s: space,
  S: complement(space),
  w: word,
  W: complement(word),
};

/** Digits of `\x7F`, `\u007F` and `\U0000007F`. */
const HEX_DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

export class Reader {
  readonly #characters: readonly string[];
  at = 0;

  constructor(pattern: string) {
    this.#characters = [...pattern];
  }

  get done(): boolean {
    return this.at >= this.#characters.length;
  }

  peek(offset = 0): string | undefined {
    return this.#characters[this.at + offset];
  }

  /** Whether `text` comes next. */
  sees(text: string): boolean {
    return [...text].every((character, i) => this.peek(i) === character);
  }

  /** Passes over `text` if it comes next. */
  takes(text: string): boolean {
    if (!this.sees(text)) return false;
    this.at += [...text].length;
    return true;
  }

  next(): string {
    const character = this.peek();
    if (character === undefined) this.fail("the pattern ends too early");
    this.at += 1;
    return character;
  }

  /** The text before `end`, which is passed over. */
  until(end: string): string {
    let text = "";
    while (!this.takes(end)) text += this.next();
    return text;
  }

  fail(reason: string): never {
    throw new RegexError(reason, this.at);
  }

  /** After a backslash: the character, or the number of the one that stands for itself. */
  escape(): { readonly set: CharacterSet } | { readonly code: number } {
    const character = this.next();
    const known = CLASSES[character];
    if (known) return { set: known };
    if (character === "p" || character === "P") return { set: this.#property(character === "P") };
    const control = CONTROL[character];
    if (control !== undefined) return { code: control };
    if (character in HEX_DIGITS) return { code: this.#hex(HEX_DIGITS[character] as number) };
    if (/[0-9]/.test(character)) this.fail("a pattern cannot refer back to what a group matched");
    if (/[A-Za-z<>]/.test(character)) this.fail(`there is no escape \\${character}`);
    return { code: character.codePointAt(0) as number };
  }

  #property(negated: boolean): CharacterSet {
    const braced = this.takes("{");
    const written = braced ? this.until("}") : this.next();
    const inverse = written.startsWith("^");
    const name = inverse ? written.slice(1) : written;
    const set = property(name);
    if (!set) this.fail(`Unicode has no property ${JSON.stringify(name)}`);
    return negated !== inverse ? complement(set) : set;
  }

  #hex(digits: number): number {
    const text = this.takes("{") ? this.until("}") : Array.from({ length: digits }, () => this.next()).join("");
    const code = /^[0-9A-Fa-f]{1,8}$/.test(text) ? Number.parseInt(text, 16) : Number.NaN;
    if (!(code <= 0x10ffff) || (code >= 0xd800 && code <= 0xdfff)) this.fail(`${JSON.stringify(text)} is no character`);
    return code;
  }
}

/** What one escape stands for, as a set. */
export function setOf(read: { readonly set: CharacterSet } | { readonly code: number }): CharacterSet {
  return "set" in read ? read.set : single(read.code);
}
