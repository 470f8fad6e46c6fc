/** Literals as the language reads them: the values that a tree can hold. */

import { infixWords, keywords, reservedWords } from "./syntax/token.ts";
import { Char, Float, type Value, VslArray, VslMap } from "./value.ts";

const ESCAPES: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\" };

export function printLiteral(value: Value): string {
  if (value === undefined) return "()";
  if (typeof value === "string") return printString(value);
  if (value instanceof Char) return quoted(value.toString(), "'");
  if (value instanceof Float) return printFloat(value.value);
  if (value instanceof VslArray) return `[${value.items.map(printLiteral).join(", ")}]`;
  if (value instanceof VslMap)
    return `#{${value
      .keys()
      .map((key) => `${printString(key)}: ${printLiteral(value.get(key))}`)
      .join(", ")}}`;
  return String(value);
}

export function printString(text: string): string {
  return quoted(text, '"');
}

/** No literal is infinite; one that was too big to be told is written as something as big. */
function printFloat(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? "1e999" : "-1e999";
  const text = String(Object.is(value, -0) ? "-0" : value).replace("e+", "e");
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** What editors might swallow or show as nothing is written as a number. */
function quoted(text: string, mark: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const body = text.replace(/[\\\u0000-\u001f\u007f\u2028\u2029\ufeff]/g, (c) => ESCAPES[c] ?? hex(c));
  return `${mark}${body.replaceAll(mark, `\\${mark}`)}${mark}`;
}

function hex(c: string): string {
  return `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** Whether a name must be quoted to be the key of a map. */
export function isPlainKey(key: string): boolean {
  return /^[A-Za-z_]\w*$/.test(key) && ![keywords, reservedWords, infixWords].some((words) => words.has(key));
}
