/**
 * Reads JSON (RFC 8259). JavaScript's own parser makes `1` of `1.0` and loses the last digits of great integers.
 * Strings it reads well, so their escapes are left to it.
 */

import type { Run } from "../run.ts";
import { MAX_NESTING } from "../runtime/budget.ts";
import { int } from "../runtime/operators.ts";
import { ScriptError, Uncatchable } from "../script-error.ts";
import { Float, type Value, VslArray, VslMap } from "../value.ts";

const BLANK = /[ \t\r\n]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;
const MAX_I64 = (1n << 63n) - 1n;

export class JsonParser {
  readonly #text: string;
  readonly #run: Run;
  #at = 0;
  #depth = 0;

  constructor(text: string, run: Run) {
    this.#text = text;
    this.#run = run;
  }

  /** @throws ScriptError from here, however deep in the text the failure is. */
  parse(): Value {
    try {
      return this.#whole();
    } catch (error) {
      throw error instanceof ScriptError && !(error instanceof Uncatchable) ? new ScriptError(error.message) : error;
    }
  }

  #whole(): Value {
    const value = this.#value();
    this.#take(BLANK);
    return this.#at === this.#text.length ? value : this.#fail("something stands behind the value");
  }

  #value(): Value {
    this.#take(BLANK);
    switch (this.#text[this.#at]) {
      case "{":
        return this.#within(() => this.#map());
      case "[":
        return this.#within(() => this.#array());
      case '"':
        return this.#string();
      default:
        return this.#scalar();
    }
  }

  #within(read: () => Value): Value {
    if (++this.#depth > MAX_NESTING) this.#fail(`more than ${MAX_NESTING} levels`);
    this.#at++;
    const value = read();
    this.#depth--;
    return value;
  }

  #map(): VslMap {
    const entries = new Map<string, Value>();
    if (!this.#comes("}")) {
      do {
        this.#take(BLANK);
        const key = this.#text[this.#at] === '"' ? this.#string() : this.#fail("a key in quotes is missing");
        if (!this.#comes(":")) this.#fail("`:` is missing");
        entries.set(key, this.#value());
        this.#run.growsMap(entries.size);
      } while (this.#comes(","));
      if (!this.#comes("}")) this.#fail("`,` or `}` is missing");
    }
    return new VslMap(entries);
  }

  #array(): VslArray {
    const items: Value[] = [];
    if (!this.#comes("]")) {
      do {
        items.push(this.#value());
        this.#run.growsArray(items.length);
      } while (this.#comes(","));
      if (!this.#comes("]")) this.#fail("`,` or `]` is missing");
    }
    return new VslArray(items);
  }

  #string(): string {
    const end = this.#endOfString();
    try {
      const text = JSON.parse(this.#text.slice(this.#at, end)) as string;
      this.#at = end;
      return text;
    } catch {
      return this.#fail("a string has an unknown escape or a control character");
    }
  }

  #endOfString(): number {
    for (let i = this.#at + 1; i < this.#text.length; i++) {
      const c = this.#text[i];
      if (c === '"') return i + 1;
      if (c === "\\") i++;
    }
    return this.#fail("a string does not end");
  }

  #scalar(): Value {
    const word = this.#take(WORD);
    if (word !== undefined) return word === "null" ? undefined : word === "true";
    const number = this.#take(NUMBER);
    if (number === undefined) return this.#fail("a value is missing");
    if (/[.eE]/.test(number)) return new Float(Number(number));
    const value = number.length < 16 ? undefined : BigInt(number);
    if (value === undefined) return Number(number) + 0;
    // What no integer can hold is a float.
    return value > MAX_I64 || value < -MAX_I64 - 1n ? new Float(Number(number)) : int(value, "parse_json");
  }

  /** What the pattern matches here, if it does. */
  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const text = pattern.exec(this.#text)?.[0];
    this.#at += text?.length ?? 0;
    return text;
  }

  #comes(mark: string): boolean {
    this.#take(BLANK);
    if (this.#text[this.#at] !== mark) return false;
    this.#at++;
    return true;
  }

  #fail(reason: string): never {
    throw new ScriptError(`parse_json: ${reason} (character ${this.#at + 1})`);
  }
}
