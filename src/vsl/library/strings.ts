/** Strings: what they are made of and how they change. Positions count characters (code points), not bytes. */

import { native } from "../native.ts";
import type { Run } from "../run.ts";
import { codeAt, countCharacters, unitAt } from "../runtime/characters.ts";
import { add, type Int } from "../runtime/operators.ts";
import { positionIfAny } from "../runtime/positions.ts";
import { show } from "../runtime/text.ts";
import { Blob, type Cell, type Char, charOf, type Value, VslArray } from "../value.ts";

type Text = string | Char;

const changes = { mutates: "cell" } as const;
const WHITE = /^\p{White_Space}$/u;

export const stringFunctions = [
  native("len", "text: string -> i64", "How many characters it has.", (run, text: string) => {
    run.work(text.length >> 4);
    return countCharacters(text);
  }),
  native("is_empty", "text: string -> bool", "Whether it has no character.", (_, text: string) => text === ""),
  native("bytes", "text: string -> i64", "How many bytes it takes as UTF-8.", (run, text: string) => {
    run.work(text.length);
    return Buffer.byteLength(text);
  }),
  native(
    "get",
    "text: string, index: i64 -> any",
    "The character at a position, negative from the end; `()` if there is none.",
    (_, text: string, index: Int) => {
      const at = positionIfAny(index, countCharacters(text));
      return at === undefined ? undefined : charOf(codeAt(text, at));
    },
  ),
  native(
    "set",
    "text: string, index: i64, character: char",
    "Replaces the character at a position, negative from the end; does nothing if there is none.",
    (run, cell: Cell, index: Int, character: Char) => {
      const text = cell.v as string;
      const at = positionIfAny(index, countCharacters(text));
      if (at === undefined) return undefined;
      run.work(text.length);
      cell.v = text.slice(0, unitAt(text, at)) + show(character) + text.slice(unitAt(text, at + 1));
      return undefined;
    },
    changes,
  ),
  native("to_upper", "text: string -> string", "In capitals.", (run, text: string) => {
    run.makesString(text.length);
    return text.toUpperCase();
  }),
  native("to_lower", "text: string -> string", "In small letters.", (run, text: string) => {
    run.makesString(text.length);
    return text.toLowerCase();
  }),
  native(
    "make_upper",
    "text: string",
    "Puts it in capitals.",
    change((text) => text.toUpperCase()),
    changes,
  ),
  native(
    "make_lower",
    "text: string",
    "Puts it in small letters.",
    change((text) => text.toLowerCase()),
    changes,
  ),
  native("trim", "text: string", "Removes white space at both ends.", change(trimmed), changes),
  native(
    "clear",
    "text: string",
    "Makes it empty.",
    change(() => ""),
    changes,
  ),
  native(
    "append",
    "text: string, more: any",
    "Adds the text of a value at the end.",
    (run, cell: Cell, more: Value) => {
      cell.v = add(run, cell.v, more);
      return undefined;
    },
    changes,
  ),
  native(
    "pop",
    "text: string -> any",
    "Takes the last character away; `()` if there is none.",
    (_, cell: Cell) => {
      const text = cell.v as string;
      const length = countCharacters(text);
      if (length === 0) return undefined;
      cell.v = text.slice(0, unitAt(text, length - 1));
      return charOf(codeAt(text, length - 1));
    },
    changes,
  ),
  native(
    "pop",
    "text: string, count: i64 -> string",
    "Takes the last characters away.",
    (_, cell: Cell, count: Int) => {
      const text = cell.v as string;
      const length = countCharacters(text);
      const cut = unitAt(text, length - Math.min(length, Math.max(0, Number(count))));
      cell.v = text.slice(0, cut);
      return text.slice(cut);
    },
    changes,
  ),
  native(
    "truncate",
    "text: string, length: i64",
    "Cuts off what is beyond a length.",
    (_, cell: Cell, length: Int) => {
      const text = cell.v as string;
      cell.v = text.slice(0, unitAt(text, Math.max(0, Number(length))));
      return undefined;
    },
    changes,
  ),
  native(
    "pad",
    "text: string, length: i64, padding: string|char",
    "Makes it at least that long by repeating a padding at the end.",
    (run, cell: Cell, length: Int, padding: Text) => {
      cell.v = padded(run, cell.v as string, Number(length), show(padding));
      return undefined;
    },
    changes,
  ),
  native(
    "remove",
    "text: string, part: string|char",
    "Removes every occurrence.",
    (run, cell: Cell, part: Text) => {
      cell.v = replaced(run, cell.v as string, show(part), "");
      return undefined;
    },
    changes,
  ),
  native(
    "replace",
    "text: string, from: string|char, to: string|char",
    "Replaces every occurrence.",
    (run, cell: Cell, from: Text, to: Text) => {
      cell.v = replaced(run, cell.v as string, show(from), show(to));
      return undefined;
    },
    changes,
  ),
  native("to_chars", "text: string -> array", "Its characters.", (run, text: string) => {
    run.makesArray(countCharacters(text));
    return new VslArray(Array.from(text, (c) => charOf(c.codePointAt(0) as number)));
  }),
  native("to_blob", "text: string -> blob", "Its bytes as UTF-8.", (run, text: string) => {
    run.makesBlob(Buffer.byteLength(text));
    return new Blob(new Uint8Array(Buffer.from(text)));
  }),
];

function change(edit: (text: string) => string) {
  return (run: Run, cell: Cell): undefined => {
    const text = cell.v as string;
    run.makesString(text.length);
    cell.v = edit(text);
  };
}

/** JavaScript's own idea of white space differs in two characters. */
function trimmed(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && WHITE.test(text.charAt(start))) start++;
  while (start < end && WHITE.test(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}

function padded(run: Run, text: string, length: number, padding: string): string {
  const missing = length - countCharacters(text);
  const width = countCharacters(padding);
  if (missing <= 0 || width === 0) return text;
  run.makesString(text.length + missing);
  const more = padding.repeat(Math.ceil(missing / width));
  return text + more.slice(0, unitAt(more, missing));
}

/** The length of the result is known before it is made. An empty part occurs between all characters. */
function replaced(run: Run, text: string, from: string, to: string): string {
  run.work(text.length);
  let count = 0;
  if (from === "") count = text.length + 1;
  else for (let at = text.indexOf(from); at !== -1; at = text.indexOf(from, at + from.length)) count++;
  if (count === 0 || text === "") return text;
  run.makesString(text.length + count * (to.length - from.length));
  return from === "" ? `${to}${[...text].map((c) => c + to).join("")}` : text.replaceAll(from, () => to);
}
