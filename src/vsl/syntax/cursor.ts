/** The parser's view of the tokens: the current one, what must follow, and how deep the nesting is. */

import { VsmtpError } from "../../errors.ts";
import type { Import } from "./ast.ts";
import { Lexer, MAX_PROBLEMS } from "./lexer.ts";
import type { Source } from "./source.ts";
import type { TemplateChunk } from "./strings.ts";
import type { Token, TokenKind } from "./token.ts";

/** Deeper trees would exhaust the stack of the parser or of those who walk them. */
const MAX_NESTING = 200;

export class Cursor {
  readonly #lexer: Lexer;
  /** The brackets that are open here, the innermost last, and where among them the braces are. */
  readonly #open: TokenKind[] = [];
  readonly #blocks: number[] = [];
  readonly #maps: number[] = [];
  /** Set when going on makes no sense. */
  abandoned = false;
  /** How deep parsers are nested in each other now. */
  nesting = 0;
  /** Something that belongs to the top level was found in a block. */
  misplaced = false;
  /** Names that skipped pieces may have declared. */
  readonly unsure = new Set<string>();
  /** The end of the token before the current one. */
  lastEnd = 0;
  current: Token;
  /** All imports of the script, wherever they stand. */
  readonly imports: Import[] = [];

  constructor(source: Source) {
    this.#lexer = new Lexer(source);
    this.current = { kind: ";", start: 0, end: 0, value: undefined, doc: "" };
  }

  /** Makes the first token current. */
  begin(): void {
    this.skip();
    this.lastEnd = 0;
  }

  /** Everything wrong that was noted so far. */
  get problems(): VsmtpError[] {
    return this.#lexer.problems;
  }

  /** Goes on with the next token that can be read. */
  skip(): void {
    for (;;) {
      try {
        this.advance();
        return;
      } catch (error) {
        if (!(error instanceof VsmtpError)) throw error;
        this.note(error);
        if (this.abandoned) throw error;
      }
    }
  }

  /** Keeps a problem, unless one is known at that place. */
  note(problem: VsmtpError): void {
    this.#lexer.keep(problem);
    this.abandoned ||= this.problems.length >= MAX_PROBLEMS;
  }

  /** Notes what is wrong with something that was read all the same. */
  complain(reason: string, hint: string, { at, end }: { readonly at: number; readonly end: number }): void {
    this.#lexer.note(reason, hint, at, end);
  }

  noteNames(start: number, end: number): void {
    for (const [name] of this.#lexer.text.slice(start, end).matchAll(/[A-Za-z_]\w*/g)) this.unsure.add(name);
  }

  /** How many brackets are open here. */
  get level(): number {
    return this.#open.length;
  }

  /** Forgets brackets that a skipped piece left open. */
  closeTo(level: number): void {
    while (this.#open.length > level) this.#close();
  }

  #push(kind: TokenKind): void {
    if (kind === "{") this.#blocks.push(this.#open.length);
    else if (kind === "#{") this.#maps.push(this.#open.length);
    this.#open.push(kind);
  }

  #close(): void {
    const kind = this.#open.pop();
    if (kind === "{") this.#blocks.pop();
    else if (kind === "#{") this.#maps.pop();
  }

  /** Whether a brace of that kind was opened since `level` and is open still. */
  isOpenSince(level: number, kind: "{" | "#{"): boolean {
    return ((kind === "{" ? this.#blocks : this.#maps).at(-1) ?? -1) >= level;
  }

  /** The braces of an interpolation, which are no tokens. */
  openInterpolation(): void {
    this.#push("{");
  }

  is(kind: TokenKind): boolean {
    return this.current.kind === kind;
  }

  advance(): Token {
    const token = this.current;
    this.lastEnd = token.end;
    this.current = this.#lexer.next();
    this.#track(token.kind);
    return token;
  }

  #track(kind: TokenKind): void {
    if (kind === "{" || kind === "#{" || kind === "(" || kind === "[") this.#push(kind);
    else if (kind === "?[") this.#push("[");
    // A brace closes whatever was forgotten inside of it.
    else if (kind === "}") this.closeTo(Math.max(this.#blocks.at(-1) ?? 0, this.#maps.at(-1) ?? 0));
    else if ((kind === ")" && this.#open.at(-1) === "(") || (kind === "]" && this.#open.at(-1) === "[")) this.#close();
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
    if (++this.nesting > MAX_NESTING) {
      this.abandoned = true;
      this.fail(`this is nested more than ${MAX_NESTING} levels deep`, "Split it with functions or variables");
    }
    const result = parse();
    this.nesting--;
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
