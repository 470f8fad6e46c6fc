/** The parser's view of the tokens: the current one, what must follow, and how deep the nesting is. */

import type { Import } from "./ast.ts";
import { Lexer } from "./lexer.ts";
import type { Source } from "./source.ts";
import type { TemplateChunk } from "./strings.ts";
import type { Token, TokenKind } from "./token.ts";

/** Deeper trees would exhaust the stack of the parser or of those who walk them. */
const MAX_NESTING = 200;

export class Cursor {
  readonly #lexer: Lexer;
  #depth = 0;
  /** The end of the token before the current one. */
  lastEnd = 0;
  current: Token;
  /** All imports of the script, wherever they stand. */
  readonly imports: Import[] = [];

  constructor(source: Source) {
    this.#lexer = new Lexer(source);
    this.current = this.#lexer.next();
  }

  is(kind: TokenKind): boolean {
    return this.current.kind === kind;
  }

  advance(): Token {
    const token = this.current;
    this.lastEnd = token.end;
    this.current = this.#lexer.next();
    return token;
  }

  /** Takes the token when it is of that kind. */
  accept(kind: TokenKind): Token | undefined {
    return this.is(kind) ? this.advance() : undefined;
  }

  expect(kind: TokenKind, where: string, hint = `Write \`${kind}\` there`): Token {
    if (this.is(kind)) return this.advance();
    this.fail(`expected \`${kind}\` ${where}, found ${shown(this.current)}`, hint);
  }

  /** A name, with what it is for. */
  name(what: string): Token & { readonly value: string } {
    if (!this.is("identifier")) {
      this.fail(
        `expected ${what}, found ${shown(this.current)}`,
        "Names begin with a letter or `_` and are no keywords",
      );
    }
    return this.advance() as Token & { readonly value: string };
  }

  /** The token after the current one, read without moving. */
  peek(): Token {
    const at = this.#lexer.at;
    const token = this.#lexer.next();
    this.#lexer.at = at;
    return token;
  }

  /** Right after a backtick or the `}` of an interpolation has become current: the text that follows it. */
  templateChunk(first: boolean): TemplateChunk {
    this.#lexer.at = this.current.end;
    return this.#lexer.templateChunk(first);
  }

  /** Goes on with the token after a template's piece. */
  resume(): void {
    this.lastEnd = this.#lexer.at;
    this.current = this.#lexer.next();
  }

  nested<T>(parse: () => T): T {
    if (++this.#depth > MAX_NESTING) {
      this.fail(`this is nested more than ${MAX_NESTING} levels deep`, "Split it with functions or variables");
    }
    const result = parse();
    this.#depth--;
    return result;
  }

  /** At the current token unless told otherwise; what is missing at the end is shown behind the last token. */
  fail(reason: string, hint: string, start?: number, end?: number): never {
    const at = start ?? (this.is("end") ? this.lastEnd : this.current.start);
    this.#lexer.fail(reason, hint, at, end ?? Math.max(this.current.end, at + 1));
  }
}

export function shown(token: Token): string {
  if (token.kind === "end") return "the end of the script";
  if (token.kind === "identifier") return `\`${String(token.value)}\``;
  if (token.kind === "string") return "a string";
  if (token.kind === "template") return "a template";
  if (["int", "float", "char"].includes(token.kind)) return "a literal";
  return `\`${token.kind}\``;
}
