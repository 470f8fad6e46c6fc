/** Scripts that nobody wrote: pieces of the scripts in this folder put together by chance, the same on every machine. */

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const directory = dirname(fileURLToPath(import.meta.url));

/** All scripts of the language's tests. */
export const seeds: readonly string[] = readdirSync(directory, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".vsl"))
  .sort()
  .map((file) => readFileSync(join(directory, file), "utf8"));

const tokens =
  'let const fn if else switch { } ( ) [ ] #{ | || => = == += . ?. ?[ :: , ; : x y 1 2.5 "s" \'c\' `t` $ in for while loop break return this rule "r" ! - .. ..= ** << ?? \\ 0x \u{1F600} \0 try catch throw import export is not !in global:: class __proto__ constructor \u2028 0.0 1e999 \'\' "\\u2028"'.split(
    " ",
  );

export class Mutator {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** xorshift. */
  below(limit: number): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) % limit;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  /** Pieces of one script in place of pieces of another. */
  splice(): string {
    const [text, other] = [this.pick(seeds), this.pick(seeds)];
    const [at, from] = [this.below(text.length + 1), this.below(other.length + 1)];
    return text.slice(0, at) + other.slice(from, from + this.below(40)) + text.slice(at + this.below(20));
  }

  /** Lines of several scripts in a row. */
  shuffle(): string {
    const lines = Array.from({ length: 1 + this.below(8) }, () => this.pick(this.pick(seeds).split("\n")));
    return lines.join("\n");
  }

  soup(): string {
    return Array.from({ length: 1 + this.below(30) }, () => this.pick(tokens)).join(this.below(4) === 0 ? "" : " ");
  }

  /** Bytes that may be no text at all, read as a file would be. */
  bytes(): string {
    const bytes = Buffer.from(this.pick(seeds));
    for (let i = 0; i < 1 + this.below(6); i++) bytes[this.below(bytes.length)] = this.below(256);
    return bytes.toString("utf8");
  }

  any(): string {
    return this.pick([() => this.splice(), () => this.soup(), () => this.bytes(), () => this.shuffle()])();
  }
}
