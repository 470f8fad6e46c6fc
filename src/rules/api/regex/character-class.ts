/** Bracketed classes: `[a-z]`, `[^\d_]`, `[[:alpha:]--[aeiou]]`, as Rust's regex syntax has them. */

import { type Reader, setOf } from "./reader.ts";
import {
  between,
  type CharacterSet,
  complement,
  difference,
  intersection,
  posix,
  single,
  symmetricDifference,
  union,
  withBothCases,
} from "./sets.ts";

type Combine = (one: CharacterSet, other: CharacterSet) => CharacterSet;

const OPERATORS: readonly (readonly [string, Combine])[] = [
  ["&&", intersection],
  ["--", difference],
  ["~~", symmetricDifference],
];

/** How deep classes may lie in each other. */
const DEEPEST = 50;

/** After the opening bracket. */
export function parseClass(reader: Reader, ignoreCase: boolean, depth = 0): CharacterSet {
  if (depth > DEEPEST) reader.fail("classes are nested too deeply");
  const negated = reader.takes("^");
  let sets: CharacterSet[] = [];
  let left: { readonly set: CharacterSet; readonly combine: Combine } | undefined;
  // A bracket that comes first, or a hyphen, stands for itself.
  if (reader.takes("]")) sets.push(single(93));
  while (!reader.takes("]")) {
    const operator = OPERATORS.find(([text]) => reader.takes(text));
    if (!operator) {
      sets.push(item(reader, ignoreCase, depth));
      continue;
    }
    const before = folded(union(sets), ignoreCase);
    left = { set: left ? left.combine(left.set, before) : before, combine: operator[1] };
    sets = [];
  }
  const last = folded(union(sets), ignoreCase);
  const set = left ? left.combine(left.set, last) : last;
  return negated ? complement(set) : set;
}

function folded(set: CharacterSet, ignoreCase: boolean): CharacterSet {
  return ignoreCase ? withBothCases(set) : set;
}

function item(reader: Reader, ignoreCase: boolean, depth: number): CharacterSet {
  if (reader.takes("[:")) return posixClass(reader);
  if (reader.takes("[")) return parseClass(reader, ignoreCase, depth + 1);
  const first = endpoint(reader);
  if ("set" in first) return first.set;
  const isRange = reader.peek() === "-" && reader.peek(1) !== "]" && reader.peek(1) !== "-";
  if (!isRange) return single(first.code);
  reader.next();
  const last = endpoint(reader);
  if ("set" in last || last.code < first.code) reader.fail("a range needs two characters in their order");
  return between(first.code, last.code);
}

function endpoint(reader: Reader): { readonly set: CharacterSet } | { readonly code: number } {
  const character = reader.next();
  if (character !== "\\") return { code: character.codePointAt(0) as number };
  const read = reader.escape();
  return "set" in read ? { set: setOf(read) } : read;
}

function posixClass(reader: Reader): CharacterSet {
  const negated = reader.takes("^");
  const name = reader.until(":]");
  const set = posix(name);
  if (!set) reader.fail(`there is no class [:${name}:]`);
  return negated ? complement(set) : set;
}
