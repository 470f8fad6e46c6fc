/**
 * One run of script code: what it may still use up, and whom it runs for.
 *
 * Compiled code counts down `fuel` at every call and every turn of a loop, and carries its depth along; a run that
 * has none left ends with an error that scripts cannot catch. Fuel is handed out in portions, and between two of them
 * the run looks at the memory of the process: containers have limits of their own, but a script can hold many.
 * What makes or reads much in one step says so ({@link Run.work}). `host` is the embedder's: natives find their
 * transaction there. A run is used by one chain of calls at a time and thrown away afterwards.
 */

import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { LimitExceeded } from "./script-error.ts";
import type { Value } from "./value.ts";

export interface Limits {
  /** Calls and loop turns of one run. */
  readonly operations: number;
  /** Nested calls of script functions. */
  readonly depth: number;
  /** Code units of one string. */
  readonly stringSize: number;
  /** Elements of one array, bytes of one blob. */
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

/** Operations between two looks at the memory. */
const PORTION = 20_000;
/** Bytes that are handled in one step between two looks at the memory. */
const BULK = 32 * 1024 * 1024;
/** Bytes that count as one operation where one step handles many. */
const BYTES_PER_OPERATION = 64;
/** Code units of strings that are worth being counted. */
const LONG = 4096;
/** Bytes by which the heap may grow from the first look of a run to the next. */
const GROWTH = 256 * 1024 * 1024;
/** The part of the heap that may be in use before a script is stopped rather than the process. */
const FULL = 0.8;

export class Run {
  /** What is left of the current portion. */
  fuel: number;
  /** Of the function that called a native last; what natives call back runs below it. */
  depth = 0;
  /** What became of the receiver of a method that may change it; compiled code writes it back. */
  replaced: Value;
  readonly maxDepth: number;
  readonly maxString: number;
  /** Strings that are put together are not looked at while they are shorter. */
  readonly longString: number;
  readonly maxArray: number;
  readonly maxMap: number;
  readonly limits: Limits;
  readonly host: unknown;
  /** What the host calls this run in its notes; 0: nothing. */
  readonly label: number;
  /** Operations in portions that are still to come. */
  #reserve: number;
  #bulk = 0;
  /** What the heap held when this run first looked. */
  #heap: number | undefined;

  constructor(limits: Limits = defaultLimits, host?: unknown) {
    this.limits = limits;
    this.fuel = Math.min(limits.operations, PORTION);
    this.#reserve = limits.operations - this.fuel;
    this.maxDepth = limits.depth;
    this.maxString = limits.stringSize;
    this.longString = Math.min(limits.stringSize, LONG);
    this.maxArray = limits.arraySize;
    this.maxMap = limits.mapSize;
    this.host = host;
    this.label = labelOf(host);
  }

  /** Called when `fuel` is below zero: goes on with the next portion, or ends the run. */
  exhausted(): void {
    const missing = -1 - this.fuel;
    if (missing >= this.#reserve) {
      throw new LimitExceeded(`more than ${this.limits.operations} operations`);
    }
    this.#checkMemory();
    const portion = Math.min(this.#reserve - missing, PORTION);
    this.#reserve -= missing + portion;
    // The operation that found the portion empty is paid from the next one.
    this.fuel = portion - 1;
  }

  tooDeep(): never {
    throw new LimitExceeded(`more than ${this.limits.depth} nested calls`);
  }

  /** Accounts for a step that fills or reads that many bytes; before it is made, when they may be very many. */
  work(bytes: number): void {
    if (bytes < BYTES_PER_OPERATION) return;
    this.fuel -= Math.floor(bytes / BYTES_PER_OPERATION);
    if (this.fuel < 0) this.exhausted();
    this.filled(bytes);
  }

  /** Accounts for memory that is taken without work worth counting. */
  filled(bytes: number): void {
    this.#bulk += bytes;
    if (this.#bulk < BULK) return;
    this.#bulk = 0;
    this.#checkMemory();
  }

  /** A string of that many code units is about to be made. */
  makesString(length: number): void {
    if (length > this.maxString) throw new LimitExceeded(`a string of more than ${this.maxString} characters`);
    this.work(length);
  }

  /** A string was put together from others, the work of which the engine puts off. */
  joinsString(length: number): void {
    if (length > this.maxString) this.makesString(length);
    this.filled(length);
  }

  /** An array with that many elements is about to be made, or to be copied. */
  makesArray(length: number): void {
    this.growsArray(length);
    this.work(length * 8);
  }

  /** An array or a blob is about to have that many elements. */
  growsArray(length: number): void {
    if (length > this.maxArray) throw new LimitExceeded(`an array of more than ${this.maxArray} elements`);
  }

  makesBlob(length: number): void {
    this.growsBlob(length);
    // Blobs live outside of the heap, so that only this bounds their number.
    this.work(length * 2);
  }

  growsBlob(length: number): void {
    if (length > this.maxArray) throw new LimitExceeded(`a blob of more than ${this.maxArray} bytes`);
  }

  makesMap(size: number): void {
    this.growsMap(size);
    this.work(size * 64);
  }

  growsMap(size: number): void {
    if (size > this.maxMap) throw new LimitExceeded(`a map of more than ${this.maxMap} entries`);
  }

  /** Stops the script that holds too much; others would pay for it otherwise. What is garbage does not count. */
  #checkMemory(): void {
    const { used_heap_size, heap_size_limit } = getHeapStatistics();
    this.#heap ??= used_heap_size;
    const allowed = Math.min(this.#heap + GROWTH, heap_size_limit * FULL);
    if (used_heap_size < allowed) return;
    collectGarbage();
    const live = getHeapStatistics().used_heap_size;
    if (live >= allowed) throw new LimitExceeded("too much memory");
    this.#heap = Math.min(this.#heap, live);
  }
}

function labelOf(host: unknown): number {
  const { label } = (host ?? {}) as { readonly label?: unknown };
  return typeof label === "number" ? label : 0;
}

let collect: (() => void) | undefined;

/** Asks for what the engine would do sooner or later; only it knows what is garbage. */
function collectGarbage(): void {
  if (collect === undefined) {
    setFlagsFromString("--expose-gc");
    collect = runInNewContext("gc") as () => void;
  }
  collect();
}
