/**
 * From text to tokens, one at a time: the parser asks, because only it knows whether a `}` ends a block or the
 * interpolation of a template. Numbers are in numbers.ts, strings and characters in strings.ts.
 */

import { VsmtpError } from "../../errors.ts";
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
  fail(reason: string, hint: string, start?: number, end?: number): never;
}

const IDENTIFIER = /[A-Za-z_][A-Za-z0-9_]*/y;

export class Lexer implements Reader {
  readonly source: Source;
  readonly text: string;
  at = 0;
  #doc = "";

  constructor(source: Source) {
    this.source = source;
    this.text = source.text;
    if (this.text.startsWith("#!")) this.#skipLine();
  }

  fail(reason: string, hint: string, start = this.at, end = start + 1): never {
    throw new VsmtpError("VSL_SYNTAX", { reason, hint }, { place: this.source.place(start, end) });
  }

  next(): Token {
    this.#skipBlank();
    const start = this.at;
    const c = this.text[start];
    if (c === undefined) return this.#token("end", start);
    if (c >= "0" && c <= "9") return this.#token(...readNumber(this), start);
    if (c === '"') return this.#token("string", readString(this), start);
    if (c === "'") return this.#token("char", readChar(this), start);
    if (c === "`") {
      this.at++;
      return this.#token("template", start);
    }
    if (c === "#" && /^#+"/.test(this.text.slice(start, start + 64)))
      return this.#token("string", readRawString(this), start);
    IDENTIFIER.lastIndex = start;
    const word = IDENTIFIER.exec(this.text)?.[0];
    return word === undefined ? this.#symbol(start) : this.#word(word, start);
  }

  /** The next piece of a template, after its backtick or after the `}` of an interpolation. */
  templateChunk(first: boolean): TemplateChunk {
    return readTemplate(this, first);
  }

  #word(word: string, start: number): Token {
    this.at = start + word.length;
    if (infixWords.has(word)) return this.#token(infixWords.get(word) as string, word, start);
    if (keywords.has(word)) return this.#token(word, start);
    if (reservedWords.has(word)) {
      this.fail(`\`${word}\` is a reserved word`, "Choose another name", start, this.at);
    }
    return this.#token("identifier", word, start);
  }

  #symbol(start: number): Token {
    if (/^!in(?![A-Za-z0-9_])/.test(this.text.slice(start, start + 4))) {
      this.at = start + 3;
      return this.#token("!in", start);
    }
    const symbol = symbols.find((candidate) => this.text.startsWith(candidate, start));
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
    return this.#token(symbol, start);
  }

  #token(kind: TokenKind, ...rest: [value: Value, start: number] | [start: number]): Token {
    const [value, start] = rest.length === 2 ? rest : [undefined, rest[0]];
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
      if (!found) this.fail("this comment never ends", "Close it with `*/`", start, start + 2);
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
