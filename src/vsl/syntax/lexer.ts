/**
 * From text to tokens, one at a time: the parser asks, because only it knows whether a `}` ends a block or the
 * interpolation of a template. Numbers are in numbers.ts, strings and characters in strings.ts.
 */

import { type Place, VsmtpError } from "../../errors.ts";
import type { Value } from "../value.ts";
import { readNumber } from "./numbers.ts";
import type { Source } from "./source.ts";
import { readChar, readRawString, readString, readTemplate, type TemplateChunk } from "./strings.ts";
import { foreignSymbols, infixWords, keywords, reservedWords, symbols, type Token, type TokenKind } from "./token.ts";

/** What the readers of literals see of the lexer. */
export interface Reader {
  readonly text: string;
  /** The code unit that is read next. */
  at: number;
  /** Gives up; reading can go on behind `end`. */
  fail(reason: string, hint: string, start?: number, end?: number): never;
  /** Notes a problem and goes on as if it was none. */
  note(reason: string, hint: string, start: number, end: number): void;
}

/** Of a text with more, the rest tells nobody anything. */
export const MAX_PROBLEMS = 100;

const symbolsByFirst = new Map(symbols.map(([first]) => [first, symbols.filter((symbol) => symbol[0] === first)]));

/** A letter of ASCII, a digit or `_`; digits that begin something were read as a number. */
function isWordPart(c: number): boolean {
  return (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || c === 95 || (c >= 48 && c <= 57);
}

export class Lexer implements Reader {
  readonly source: Source;
  readonly text: string;
  at = 0;
  /** What was wrong so far, in the order of the text. */
  readonly problems: VsmtpError[] = [];
  #doc = "";

  constructor(source: Source) {
    this.source = source;
    this.text = source.text;
    if (this.text.startsWith("#!")) this.#skipLine();
  }

  fail(reason: string, hint: string, start = this.at, end = start + 1): never {
    this.at = Math.max(this.at, end);
    throw this.#problem(reason, hint, start, end);
  }

  note(reason: string, hint: string, start: number, end: number): void {
    if (this.problems.length < MAX_PROBLEMS) this.keep(this.#problem(reason, hint, start, end));
  }

  /** Adds a problem, unless one is known at that place. */
  keep(problem: VsmtpError): void {
    const { line, column } = problem.place as Place;
    const known = this.problems.some(({ place }) => place?.line === line && place.column === column);
    if (!known) this.problems.push(problem);
  }

  #problem(reason: string, hint: string, start: number, end: number): VsmtpError {
    return new VsmtpError("VSL_SYNTAX", { reason, hint }, { place: this.source.place(start, end) });
  }

  next(): Token {
    this.#skipBlank();
    const start = this.at;
    const c = this.text[start];
    if (c === undefined) return this.#token("end", undefined, start);
    if (c >= "0" && c <= "9") return this.#token(...readNumber(this), start);
    if (c === '"') return this.#token("string", readString(this), start);
    if (c === "'") return this.#token("char", readChar(this), start);
    if (c === "`") {
      this.at++;
      return this.#token("template", undefined, start);
    }
    if (c === "#" && /^#+"/.test(this.text.slice(start, start + 64)))
      return this.#token("string", readRawString(this), start);
    let end = start;
    while (isWordPart(this.text.charCodeAt(end))) end++;
    return end === start ? this.#symbol(start) : this.#word(this.text.slice(start, end), start);
  }

  /** The next piece of a template, after its backtick or after the `}` of an interpolation. */
  templateChunk(first: boolean): TemplateChunk {
    return readTemplate(this, first);
  }

  #word(word: string, start: number): Token {
    this.at = start + word.length;
    if (infixWords.has(word)) return this.#token(infixWords.get(word) as string, word, start);
    if (keywords.has(word)) return this.#token(word, undefined, start);
    if (reservedWords.has(word)) {
      this.note(`\`${word}\` is a reserved word`, "Choose another name", start, this.at);
    }
    return this.#token("identifier", word, start);
  }

  #symbol(start: number): Token {
    if (this.text[start] === "!" && /^!in(?![A-Za-z0-9_])/.test(this.text.slice(start, start + 4))) {
      this.at = start + 3;
      return this.#token("!in", undefined, start);
    }
    const candidates = symbolsByFirst.get(this.text[start] as string);
    const symbol = candidates?.find((candidate) => this.text.startsWith(candidate, start));
    if (symbol === undefined) {
      const c = String.fromCodePoint(this.text.codePointAt(start) as number);
      this.fail(
        `unexpected character ${JSON.stringify(c)}`,
        "Remove it, or put it into a string",
        start,
        start + c.length,
      );
    }
    const hint = foreignSymbols.get(symbol);
    if (hint !== undefined) this.fail(`\`${symbol}\` means nothing here`, hint, start, start + symbol.length);
    this.at = start + symbol.length;
    return this.#token(symbol, undefined, start);
  }

  #token(kind: TokenKind, value: Value, start: number): Token {
    const doc = this.#doc;
    this.#doc = "";
    return { kind, value, start, end: this.at, doc };
  }

  #skipBlank(): void {
    for (;;) {
      const c = this.text[this.at];
      if (c === " " || c === "\t" || c === "\n" || c === "\r" || c === "\f" || c === "\v" || c === "\uFEFF") this.at++;
      else if (c === "/" && this.text[this.at + 1] === "/") this.#skipLine();
      else if (c === "/" && this.text[this.at + 1] === "*") this.#skipBlock();
      else return;
    }
  }

  #skipLine(): void {
    const end = this.text.indexOf("\n", this.at);
    const line = this.text.slice(this.at, end === -1 ? undefined : end);
    if (/^\/\/\/(?!\/)/.test(line)) this.#doc += `${this.#doc && "\n"}${line.slice(3).trim()}`;
    this.at = end === -1 ? this.text.length : end;
  }

  #skipBlock(): void {
    const start = this.at;
    let depth = 0;
    do {
      const mark = /\/\*|\*\//g;
      mark.lastIndex = this.at;
      const found = mark.exec(this.text);
      if (!found) {
        this.at = this.text.length;
        this.fail("this comment never ends", "Close it with `*/`", start, start + 2);
      }
      depth += found[0] === "/*" ? 1 : -1;
      this.at = found.index + 2;
    } while (depth > 0);
    const body = this.text.slice(start, this.at);
    if (/^\/\*\*[^*/]/.test(body))
      this.#doc = body
        .slice(3, -2)
        .replace(/^\s*\*? ?/gm, "")
        .trim();
  }
}
