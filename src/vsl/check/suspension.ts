/**
 * Which code has to wait for something: decided once, over all scripts of a program, when they are loaded.
 *
 * Code waits when it may call a native that suspends, or code that waits. Two kinds of calls are known only by what
 * they could reach: a method by its name, a function pointer by all closures and all functions that `Fn` names.
 */

import type { Callee, Code, Names } from "./names.ts";
import type { Surroundings } from "./surroundings.ts";

export class Suspension {
  readonly #surroundings: Surroundings;
  readonly #codes: Code[] = [];
  /** What function pointers can point to. */
  readonly #pointed: Code[] = [];
  #pointersWait = false;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  add(names: Names): void {
    for (const code of names.codes.values()) {
      this.#codes.push(code);
      if (code.node.kind === "closure" && !names.unpointed.has(code.node)) this.#pointed.push(code);
    }
    for (const declaration of names.pointed) this.#pointed.push(names.codes.get(declaration) as Code);
  }

  /** Marks all code that waits: spreads from callees to callers until nothing changes. */
  decide(): void {
    for (let changed = true; changed; ) {
      changed = false;
      for (const code of this.#codes) {
        if (code.suspends || !this.waits(code.calls)) continue;
        code.suspends = true;
        changed = true;
      }
      const pointersWait = this.#pointed.some((code) => code.suspends);
      changed ||= pointersWait !== this.#pointersWait;
      this.#pointersWait = pointersWait;
    }
  }

  waits(callees: Iterable<Callee>): boolean {
    for (const callee of callees) if (this.#waits(callee)) return true;
    return false;
  }

  #waits(callee: Callee): boolean {
    switch (callee.kind) {
      case "code":
        return callee.code.suspends;
      case "native":
        return callee.functions.some((fn) => fn.suspends || (fn.callsBack === true && this.#pointersWait));
      case "pointer":
        return this.#pointersWait;
      case "method":
        return this.#methodWaits(callee.name, callee.count);
    }
  }

  /**
   * A name that no native has can only be a function pointer in a map. One that natives have is taken to mean them: a
   * map's function of that name that waits is refused where its caller does not (methods.ts).
   */
  #methodWaits(name: string, count: number): boolean {
    const candidates = [...this.#surroundings.named(name)].filter((fn) => fn.parameters.length === count + 1);
    if (candidates.length === 0) return this.#pointersWait;
    return candidates.some((fn) => fn.suspends || (fn.callsBack === true && this.#pointersWait));
  }
}
