/**
 * Strings and characters: `"…"` with escapes, `'c'`, `#"raw"#`, and the verbatim pieces of `` `…${…}…` ``.
 */

import { Char } from "../value.ts";
import type { Reader } from "./lexer.ts";

const SIMPLE: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", "\\": "\\", '"': '"', "'": "'" };
const HEX: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

export interface TemplateChunk {
  readonly text: string;
  /** Whether the template goes on with an interpolation, whose `${` has been read. */
  readonly more: boolean;
}

export function readString(reader: Reader): string {
  const start = reader.at++;
  const lineStart = reader.text.lastIndexOf("\n", start) + 1;
  let value = "";
  for (;;) {
    const c = reader.text[reader.at];
    if (c === undefined) unterminated(reader, start, "string", '"');
    if (c === "\n") {
      reader.fail(
        "a string ends before its line does",
        'Close it with `"`, or write the text between backticks',
        start,
        reader.at,
      );
    }
    reader.at++;
    if (c === '"') {
      if (reader.text[reader.at] !== '"') return value;
      reader.at++;
      value += '"';
    } else if (c !== "\\") value += c;
    else if (!skipContinuation(reader, start - lineStart)) value += readEscape(reader);
  }
}

export function readChar(reader: Reader): Char {
  const start = reader.at++;
  const c = reader.text[reader.at] ?? "";
  let text = "";
  if (c === "\\") {
    reader.at++;
    text = readEscape(reader);
  } else if (c !== "'" && c !== "\n") {
    text = String.fromCodePoint(reader.text.codePointAt(reader.at) ?? 0);
    reader.at += text.length;
  }
  if (text === "" || reader.text[reader.at] !== "'") {
    reader.fail("a character literal holds exactly one character", 'Strings are written "…"', start, reader.at + 1);
  }
  reader.at++;
  return new Char(text.codePointAt(0) as number);
}

/** `#"…"#`: nothing is an escape; more `#` when the text itself has `"#`. */
export function readRawString(reader: Reader): string {
  const start = reader.at;
  const hashes = (/^#+/.exec(reader.text.slice(start)) as RegExpExecArray)[0];
  const from = start + hashes.length + 1;
  const end = reader.text.indexOf(`"${hashes}`, from);
  if (end === -1) unterminated(reader, start, "raw string", `"${hashes}`);
  reader.at = end + 1 + hashes.length;
  return reader.text.slice(from, end);
}

/** Verbatim text up to `${` or the end; a line end right after the opening backtick does not count. */
export function readTemplate(reader: Reader, first: boolean): TemplateChunk {
  const start = reader.at;
  if (first) reader.at += (/^\r?\n/.exec(reader.text.slice(start, start + 2))?.[0] ?? "").length;
  let text = "";
  for (;;) {
    const c = reader.text[reader.at];
    if (c === undefined) unterminated(reader, start - 1, "template", "`");
    if (c === "$" && reader.text[reader.at + 1] === "{") {
      reader.at += 2;
      return { text: unixLines(text), more: true };
    }
    reader.at++;
    if (c !== "`") text += c;
    else if (reader.text[reader.at] === "`") {
      reader.at++;
      text += "`";
    } else return { text: unixLines(text), more: false };
  }
}

function unixLines(text: string): string {
  return text.replaceAll("\r\n", "\n");
}

/** A backslash at the end of a line: the line goes on where the next one's text begins, or at the quote's column. */
function skipContinuation(reader: Reader, column: number): boolean {
  const lineEnd = /^\r?\n/.exec(reader.text.slice(reader.at, reader.at + 2))?.[0];
  if (lineEnd === undefined) return false;
  reader.at += lineEnd.length;
  for (let i = 0; i <= column && /[ \t]/.test(reader.text[reader.at] ?? ""); i++) reader.at++;
  return true;
}

function readEscape(reader: Reader): string {
  const start = reader.at - 1;
  const c = reader.text[reader.at++] ?? "";
  const simple = SIMPLE[c];
  if (simple !== undefined) return simple;
  const digits = HEX[c];
  const hex = digits === undefined ? "" : reader.text.slice(reader.at, reader.at + digits);
  if (digits === undefined || hex.length < digits || /[^0-9a-fA-F]/.test(hex)) {
    reader.note(
      `\`\\${c}\` is no escape`,
      'Known are \\\\ \\" \\n \\r \\t \\xHH \\uHHHH \\UHHHHHHHH',
      start,
      reader.at,
    );
    return "";
  }
  reader.at += digits;
  const code = Number.parseInt(hex, 16);
  if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) {
    reader.note(`U+${hex.toUpperCase()} is no character`, "Write a Unicode scalar value", start, reader.at);
    return "\ufffd";
  }
  return String.fromCodePoint(code);
}

function unterminated(reader: Reader, start: number, what: string, mark: string): never {
  reader.at = reader.text.length;
  reader.fail(`this ${what} never ends`, `Close it with \`${mark}\``, start, start + 1);
}
