/**
 * From the tree of a pattern to a program of a few kinds of steps (Thompson's construction). Repetitions are written
 * out, and a program has a limit, so that a short pattern cannot become a huge one.
 */

import { type CharacterSet, remembered } from "./sets.ts";
import { type Assertion, type Node, RegexError } from "./tree.ts";

export type Step =
  /** Consumes one character. */
  | { readonly kind: "set"; readonly set: CharacterSet }
  | { readonly kind: "assertion"; readonly assertion: Assertion }
  /** Goes on at both places. */
  | { readonly kind: "split"; one: number; other: number }
  | { readonly kind: "jump"; to: number }
  | { readonly kind: "match" };

const MOST_STEPS = 10_000;
/** Parts that are written out, empty ones too: repetitions of nothing take time as well. */
const MOST_PARTS = 100_000;

type Jump = Step & { kind: "jump" };
type Split = Step & { kind: "split" };

/** @throws RegexError when the pattern is too large */
export function compileRegex(tree: Node): readonly Step[] {
  const writer = new Writer();
  writer.write(tree);
  return [...writer.steps, { kind: "match" }];
}

class Writer {
  readonly steps: Step[] = [];
  #parts = 0;

  write(node: Node): void {
    this.#parts += 1;
    if (this.steps.length > MOST_STEPS || this.#parts > MOST_PARTS) {
      throw new RegexError("the pattern is too large once repetitions are written out", 0);
    }
    switch (node.kind) {
      case "set":
        this.steps.push({ kind: "set", set: remembered(node.set) });
        return;
      case "assertion":
        this.steps.push(node);
        return;
      case "sequence":
        for (const inner of node.nodes) this.write(inner);
        return;
      case "choice":
        return this.#choice(node.nodes);
      case "repeat":
        return this.#repeat(node.node, node.least, node.most);
    }
  }

  #choice(nodes: readonly Node[]): void {
    const ends: Jump[] = [];
    for (const [i, node] of nodes.entries()) {
      if (i === nodes.length - 1) {
        this.write(node);
        break;
      }
      const split = this.#split();
      this.write(node);
      const end: Jump = { kind: "jump", to: 0 };
      ends.push(end);
      this.steps.push(end);
      split.other = this.steps.length;
    }
    for (const end of ends) end.to = this.steps.length;
  }

  #repeat(node: Node, least: number, most: number | undefined): void {
    for (let i = 0; i < least; i++) this.write(node);
    if (most === undefined) {
      const start = this.steps.length;
      const loop = this.#split();
      this.write(node);
      this.steps.push({ kind: "jump", to: start });
      loop.other = this.steps.length;
      return;
    }
    const splits: Split[] = [];
    for (let i = least; i < most; i++) {
      splits.push(this.#split());
      this.write(node);
    }
    for (const split of splits) split.other = this.steps.length;
  }

  /** Goes on behind itself, and where its writer says later. */
  #split(): Split {
    const split: Split = { kind: "split", one: this.steps.length + 1, other: 0 };
    this.steps.push(split);
    return split;
  }
}
