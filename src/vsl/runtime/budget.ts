/**
 * Bounds for what walks through nested containers without a run at hand: showing, comparing, converting. Containers
 * share what they hold, so that a small value can stand for a tree with more leaves than anybody can visit.
 */

import { LimitExceeded, ScriptError, Uncatchable } from "../script-error.ts";

/** Containers inside containers. */
export const MAX_NESTING = 256;
const MAX_STEPS = 4_000_000;

/** What a walk found to be too much. */
class Beyond extends Error {}

/** Makes a walk. Its failure is thrown from here, where the stack still shows whose code asked for it. */
export function bounded<T>(visit: (walk: Walk) => T): T {
  try {
    return visit(new Walk());
  } catch (error) {
    if (error instanceof Beyond) throw new LimitExceeded(error.message);
    throw error instanceof ScriptError && !(error instanceof Uncatchable) ? new ScriptError(error.message) : error;
  }
}

/** One walk. Counts the values that it meets, and how deep it is. */
export class Walk {
  #steps = 0;
  #depth = 0;

  /** Goes into a container. */
  enter(): void {
    if (++this.#depth > MAX_NESTING) throw new Beyond(`containers nested more than ${MAX_NESTING} deep`);
  }

  leave(): void {
    this.#depth--;
  }

  /** Meets something that takes so many steps. */
  step(steps = 1): void {
    this.#steps += steps;
    if (this.#steps > MAX_STEPS) throw new Beyond(`more than ${MAX_STEPS} elements in one value`);
  }
}
