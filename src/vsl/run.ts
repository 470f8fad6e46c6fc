/**
 * One run of script code: what it may still use up, and whom it runs for.
 *
 * Compiled code counts down `fuel` at every call and every turn of a loop, and carries its depth along; a run that
 * has none left ends with an error that scripts cannot catch. `host` is the embedder's: natives find their
 * transaction there. A run is used by one chain of calls at a time and thrown away afterwards.
 */

import { LimitExceeded } from "./script-error.ts";
import type { Value } from "./value.ts";

export interface Limits {
  /** Calls and loop turns of one run. */
  readonly operations: number;
  /** Nested calls of script functions. */
  readonly depth: number;
  /** Code units of one string. */
  readonly stringSize: number;
  /** Elements of one array. */
  readonly arraySize: number;
  /** Entries of one map. */
  readonly mapSize: number;
}

export const defaultLimits: Limits = {
  operations: 5_000_000,
  depth: 128,
  stringSize: 16 * 1024 * 1024,
  arraySize: 1_000_000,
  mapSize: 1_000_000,
};

export class Run {
  fuel: number;
  /** Of the function that called a native last; what natives call back runs below it. */
  depth = 0;
  /** What became of the receiver of a method that may change it; compiled code writes it back. */
  replaced: Value;
  readonly maxDepth: number;
  readonly limits: Limits;
  readonly host: unknown;

  constructor(limits: Limits = defaultLimits, host?: unknown) {
    this.limits = limits;
    this.fuel = limits.operations;
    this.maxDepth = limits.depth;
    this.host = host;
  }

  exhausted(): never {
    throw new LimitExceeded(`more than ${this.limits.operations} operations`);
  }

  tooDeep(): never {
    throw new LimitExceeded(`more than ${this.limits.depth} nested calls`);
  }
}
