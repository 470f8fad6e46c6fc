/** Strings: looking for parts, taking them out, and cutting strings into them. */

import { native } from "../native.ts";
import type { Run } from "../run.ts";
import { countCharacters, hasSurrogates, sliceCharacters, unitAt } from "../runtime/characters.ts";
import type { Int } from "../runtime/operators.ts";
import { offset } from "../runtime/positions.ts";
import { type Cell, type Char, VslArray } from "../value.ts";
import { type Locate, onStretches } from "./stretches.ts";

type Text = string | Char;

const self = "text: string";

export const stringPartFunctions = [
  native(
    "contains",
    "text: string, part: string|char -> bool",
    "Whether the part occurs in it.",
    (run, text: string, part: Text) => {
      run.work(text.length >> 2);
      return text.includes(textOf(part));
    },
  ),
  native(
    "starts_with",
    "text: string, prefix: string|char -> bool",
    "Whether it begins with the prefix.",
    (_, text: string, prefix: Text) => text.startsWith(textOf(prefix)),
  ),
  native(
    "ends_with",
    "text: string, suffix: string|char -> bool",
    "Whether it ends with the suffix.",
    (_, text: string, suffix: Text) => text.endsWith(textOf(suffix)),
  ),
  native(
    "index_of",
    "text: string, part: string|char -> i64",
    "Where the part first occurs; -1 if nowhere.",
    (run, text: string, part: Text) => indexOf(run, text, textOf(part)),
  ),
  native(
    "index_of",
    "text: string, part: string|char, start: i64 -> i64",
    "Where the part first occurs from a position on, negative from the end; -1 if nowhere.",
    (run, text: string, part: Text, start: Int) => indexOfFrom(run, text, textOf(part), start),
  ),
  ...onStretches(
    "sub_string",
    { self, returns: "string", tail: true },
    "A part of it.",
    (run, text: string, locate: Locate) => part(run, text, locate),
  ),
  ...onStretches(
    "crop",
    { self, returns: "()", tail: true, mutates: "cell" },
    "Leaves nothing but a part of it.",
    (run, cell: Cell, locate: Locate) => {
      cell.v = part(run, cell.v as string, locate);
      return undefined;
    },
  ),
  native("split", "text: string -> array", "The words between white space.", (run, text: string) => {
    if (text === "") return new VslArray([""]);
    run.work(text.length);
    const words: string[] = [];
    for (const [word] of text.matchAll(/\P{White_Space}+/gu)) addPart(run, words, word);
    return new VslArray(words);
  }),
  native(
    "split",
    "text: string, index: i64 -> array",
    "The two parts before and behind a position, negative from the end.",
    (_, text: string, index: Int) => {
      const at = unitAt(text, offset(index, countCharacters(text)));
      return new VslArray([text.slice(0, at), text.slice(at)]);
    },
  ),
  native(
    "split",
    "text: string, mark: string|char -> array",
    "The parts between marks.",
    (run, text: string, mark: Text) => new VslArray(cut(run, text, textOf(mark), Number.POSITIVE_INFINITY)),
  ),
  native(
    "split",
    "text: string, mark: string|char, count: i64 -> array",
    "The parts between marks, so many at most; the last one is the rest.",
    (run, text: string, mark: Text, count: Int) => new VslArray(cut(run, text, textOf(mark), Number(count))),
  ),
  native(
    "split_rev",
    "text: string, mark: string|char -> array",
    "The parts between marks, from the end.",
    (run, text: string, mark: Text) => new VslArray(cutBackwards(run, text, textOf(mark), Number.POSITIVE_INFINITY)),
  ),
  native(
    "split_rev",
    "text: string, mark: string|char, count: i64 -> array",
    "The parts between marks from the end, so many at most; the last one is the rest.",
    (run, text: string, mark: Text, count: Int) => new VslArray(cutBackwards(run, text, textOf(mark), Number(count))),
  ),
];

function indexOf(run: Run, text: string, wanted: string): number {
  if (text === "") return -1;
  run.work(text.length >> 2);
  return characterAt(text, text.indexOf(wanted));
}

function indexOfFrom(run: Run, text: string, wanted: string, start: Int): number {
  const length = countCharacters(text);
  if (text === "" || Number(start) >= length) return -1;
  run.work(text.length >> 2);
  return characterAt(text, text.indexOf(wanted, unitAt(text, offset(start, length))));
}

/** The number of the character that begins at a unit. */
function characterAt(text: string, unit: number): number {
  return unit <= 0 || !hasSurrogates(text) ? unit : countCharacters(text.slice(0, unit));
}

/** The text of a part that may be a character. */
function textOf(part: Text): string {
  return typeof part === "string" ? part : part.toString();
}

function part(run: Run, text: string, locate: Locate): string {
  const simple = !hasSurrogates(text);
  const [from, to] = locate(simple ? text.length : countCharacters(text));
  run.work(to - from);
  return simple ? text.slice(from, to) : sliceCharacters(text, from, to);
}

function addPart(run: Run, parts: string[], text: string): void {
  if (parts.length >= run.maxArray) run.growsArray(parts.length + 1);
  parts.push(text);
}

/** An empty mark stands between all characters, at the beginning and at the end. */
function cut(run: Run, text: string, mark: string, count: number): string[] {
  run.work(text.length);
  if (mark !== "" && count === Number.POSITIVE_INFINITY && text.length < run.maxArray) return text.split(mark);
  const parts: string[] = [];
  let from = 0;
  for (let at = mark === "" && text !== "" ? 0 : text.indexOf(mark); parts.length < count - 1; ) {
    if (text === "" || at === -1 || at > text.length) break;
    addPart(run, parts, text.slice(from, at));
    from = at + mark.length;
    at = mark === "" ? nextCharacter(text, at) : text.indexOf(mark, from);
  }
  addPart(run, parts, text.slice(from));
  return parts;
}

function cutBackwards(run: Run, text: string, mark: string, count: number): string[] {
  run.work(text.length);
  const parts: string[] = [];
  let to = text.length;
  for (let at = text.length - mark.length; parts.length < count - 1 && text !== ""; ) {
    at = mark === "" ? at : at < 0 ? -1 : text.lastIndexOf(mark, at);
    if (at < 0) break;
    addPart(run, parts, text.slice(at + mark.length, to));
    to = at;
    at = mark === "" ? previousCharacter(text, at) : at - mark.length;
  }
  addPart(run, parts, text.slice(0, to));
  return parts;
}

function nextCharacter(text: string, unit: number): number {
  return unit + ((text.codePointAt(unit) ?? 0) > 0xffff ? 2 : 1);
}

function previousCharacter(text: string, unit: number): number {
  return unit - ((text.codePointAt(unit - 2) ?? 0) > 0xffff ? 2 : 1);
}
