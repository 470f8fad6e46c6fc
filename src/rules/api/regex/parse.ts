/**
 * Reads patterns in the syntax of Rust's `regex` crate, which is what vSL promises: Unicode classes, flags, named
 * groups and repetition, but nothing that needs backtracking (look-around, back-references).
 *
 * Only whether a text matches is ever asked, so groups capture nothing and greed does not matter.
 */

import { parseClass } from "./character-class.ts";
import { Reader, setOf } from "./reader.ts";
import { type CharacterSet, complement, single, withBothCases } from "./sets.ts";
import type { Assertion, Node } from "./tree.ts";

interface Flags {
  readonly i: boolean;
  readonly m: boolean;
  readonly s: boolean;
  readonly x: boolean;
}

const NO_FLAGS: Flags = { i: false, m: false, s: false, x: false };
const DEEPEST = 200;
const MOST_REPEATED = 1000;
const LONGEST = 10_000;

/** @throws RegexError */
export function parseRegex(pattern: string): Node {
  const reader = new Reader(pattern);
  if (pattern.length > LONGEST) reader.fail(`the pattern has more than ${LONGEST} characters`);
  return new Parser(reader).whole();
}

class Parser {
  readonly #reader: Reader;
  #flags = NO_FLAGS;
  #depth = 0;

  constructor(reader: Reader) {
    this.#reader = reader;
  }

  whole(): Node {
    const node = this.#choice();
    if (!this.#reader.done) this.#reader.fail("this parenthesis closes nothing");
    return node;
  }

  #choice(): Node {
    const nodes = [this.#sequence()];
    while (this.#reader.takes("|")) nodes.push(this.#sequence());
    return nodes.length === 1 ? (nodes[0] as Node) : { kind: "choice", nodes };
  }

  #sequence(): Node {
    const nodes: Node[] = [];
    for (;;) {
      this.#skipComments();
      const next = this.#reader.peek();
      if (next === undefined || next === "|" || next === ")") break;
      const atom = this.#atom();
      if (atom) nodes.push(this.#repeated(atom));
    }
    return nodes.length === 1 ? (nodes[0] as Node) : { kind: "sequence", nodes };
  }

  /** With the flag `x`, white space and `# …` to the end of a line mean nothing. */
  #skipComments(): void {
    if (!this.#flags.x) return;
    for (let next = this.#reader.peek(); next !== undefined; next = this.#reader.peek()) {
      if (next === "#") while (!this.#reader.done && this.#reader.next() !== "\n");
      else if (/\s/.test(next)) this.#reader.next();
      else return;
    }
  }

  #repeated(node: Node): Node {
    let result = node;
    for (;;) {
      this.#skipComments();
      const range = this.#range();
      if (!range) return result;
      // Greed decides about what is matched, not about whether.
      this.#reader.takes("?");
      result = { kind: "repeat", node: result, ...range };
    }
  }

  #range(): { least: number; most: number | undefined } | undefined {
    if (this.#reader.takes("*")) return { least: 0, most: undefined };
    if (this.#reader.takes("+")) return { least: 1, most: undefined };
    if (this.#reader.takes("?")) return { least: 0, most: 1 };
    if (!this.#reader.takes("{")) return undefined;
    const match = /^\s*(\d{1,9})\s*(,)?\s*(\d{1,9})?\s*$/.exec(this.#reader.until("}"));
    if (!match) this.#reader.fail("braces hold how often something is repeated: {2}, {2,}, {2,5}");
    const [, first, comma, second] = match;
    const least = Number(first);
    const most = comma === undefined ? least : second === undefined ? undefined : Number(second);
    if (most !== undefined && most < least) this.#reader.fail("a repetition needs its smaller number first");
    if (Math.max(least, most ?? 0) > MOST_REPEATED) this.#reader.fail(`at most ${MOST_REPEATED} repetitions`);
    return { least, most };
  }

  /** Undefined for flags, which are no part of the tree. */
  #atom(): Node | undefined {
    const character = this.#reader.next();
    switch (character) {
      case "(":
        return this.#group();
      case "[":
        return set(parseClass(this.#reader, this.#flags.i));
      case ".":
        return set(this.#flags.s ? () => true : complement(single(10)));
      case "^":
        return assertion(this.#flags.m ? "line start" : "text start");
      case "$":
        return assertion(this.#flags.m ? "line end" : "text end");
      case "\\":
        return this.#escape();
      case "*":
      case "+":
      case "?":
      case "{":
        return this.#reader.fail(`there is nothing before ${character} to be repeated`);
      default:
        return set(this.#cased(single(character.codePointAt(0) as number)));
    }
  }

  #escape(): Node {
    for (const [letter, meaning] of Object.entries(ASSERTIONS))
      if (this.#reader.takes(letter)) return assertion(meaning);
    return set(this.#cased(setOf(this.#reader.escape())));
  }

  #cased(one: CharacterSet): CharacterSet {
    return this.#flags.i ? withBothCases(one) : one;
  }

  #group(): Node | undefined {
    const outside = this.#flags;
    if (this.#reader.takes("?") && this.#groupKind() === "flags") return undefined;
    if (++this.#depth > DEEPEST) this.#reader.fail("groups are nested too deeply");
    const node = this.#choice();
    if (!this.#reader.takes(")")) this.#reader.fail("a parenthesis is not closed");
    this.#depth -= 1;
    this.#flags = outside;
    return node;
  }

  /** After `(?`. Flags without a colon hold up to the end of the group around them. */
  #groupKind(): "group" | "flags" {
    for (const sign of ["=", "!", "<=", "<!"]) {
      if (this.#reader.sees(sign)) this.#reader.fail("a pattern cannot look ahead or back");
    }
    if (this.#reader.takes("P<") || this.#reader.takes("<")) {
      if (!/^[\p{L}_][\p{L}\p{N}_.[\]]*$/u.test(this.#reader.until(">"))) this.#reader.fail("a group needs a name");
      return "group";
    }
    let on = true;
    let flags = this.#flags;
    for (;;) {
      const character = this.#reader.next();
      if (character === "-") on = false;
      else if (character === "i" || character === "m" || character === "s" || character === "x") {
        flags = { ...flags, [character]: on };
      } else if (character === ":" || character === ")") {
        this.#flags = flags;
        return character === ":" ? "group" : "flags";
      } else if (!(character === "U" || (character === "u" && on))) this.#reader.fail(`there is no flag ${character}`);
    }
  }
}

const ASSERTIONS: Readonly<Record<string, Assertion>> = {
  A: "text start",
  z: "text end",
  b: "word boundary",
  B: "inside word",
};

function set(characters: CharacterSet): Node {
  return { kind: "set", set: characters };
}

function assertion(kind: Assertion): Node {
  return { kind: "assertion", assertion: kind };
}
