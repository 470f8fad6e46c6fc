/**
 * Function pointers: `Fn("name")`, closures, and both with curried arguments.
 *
 * A closure names the cells that it captured, so that a host can run it over and over on fresh copies of what they
 * held in the beginning ({@link FnPtr.fresh}): one mail must not see what another left in a captured variable.
 */

import type { Run } from "./run.ts";
import { Failure, LimitExceeded } from "./script-error.ts";
import { Cell, type Value, VslArray, VslMap } from "./value.ts";

/** Compiled code: the run, the depth below which it is called, then `this` if the code uses it, then arguments. */
export type Code = (run: Run, depth: number, ...args: readonly (Value | Cell)[]) => Value | Promise<Value>;

/** What `this` is in a function that was not called as a method: to use it is an error. */
export const unboundThis: Cell = Object.defineProperty(new Cell(undefined), "v", {
  get: refuseThis,
  set: refuseThis,
});

function refuseThis(): never {
  throw new Failure("ErrorUnboundThis", "`this` has no value here: the function was not called as a method");
}

const MAX_CURRIED = 256;

export interface Target {
  /** `anon$7` for closures. */
  readonly name: string;
  /** Parameters without captured variables and `this`; -1: the code itself looks at how many come. */
  readonly arity: number;
  readonly usesThis: boolean;
  /** For those of arity -1: whether there is code for so many arguments. */
  readonly takes?: (count: number) => boolean;
  /** Makes the code for a set of cells. */
  readonly bind: (...cells: readonly Cell[]) => Code;
}

export class FnPtr {
  readonly target: Target;
  readonly curried: readonly Value[];
  readonly cells: readonly Cell[];
  readonly #code: Code;

  constructor(target: Target, cells: readonly Cell[] = [], curried: readonly Value[] = []) {
    this.target = target;
    this.cells = cells;
    this.curried = curried;
    this.#code = target.bind(...cells);
  }

  get name(): string {
    return this.target.name;
  }

  curry(args: readonly Value[]): FnPtr {
    if (this.curried.length + args.length > MAX_CURRIED)
      throw new LimitExceeded(`more than ${MAX_CURRIED} curried arguments`);
    return new FnPtr(this.target, this.cells, [...this.curried, ...args]);
  }

  /** Calls it; `self` is what `this` means inside. A promise only when the code waits for something. */
  invoke(run: Run, args: readonly Value[], self?: Cell): Value | Promise<Value> {
    const all = this.curried.length === 0 ? args : [...this.curried, ...args];
    const { arity, usesThis, name } = this.target;
    if (arity >= 0 && all.length !== arity) {
      throw new Failure("ErrorFunctionNotFound", `${name} takes ${arity} arguments, but was called with ${all.length}`);
    }
    if (!usesThis) return this.#code(run, run.depth + 1, ...all);
    return this.#code(run, run.depth + 1, self ?? unboundThis, ...all);
  }

  /** Whether it can be called with so many arguments. */
  takes(count: number): boolean {
    const { arity, takes } = this.target;
    const all = count + this.curried.length;
    return arity >= 0 ? arity === all : (takes?.(all) ?? true);
  }

  /** As {@link invoke} for one argument that it is known to take, without an array. */
  invokeOne(run: Run, a: Value): Value | Promise<Value> {
    if (this.curried.length > 0) return this.invoke(run, [a]);
    return this.target.usesThis ? this.#code(run, run.depth + 1, unboundThis, a) : this.#code(run, run.depth + 1, a);
  }

  /** As {@link invoke} for two arguments that it is known to take. */
  invokeTwo(run: Run, a: Value, b: Value): Value | Promise<Value> {
    if (this.curried.length > 0) return this.invoke(run, [a, b]);
    return this.target.usesThis
      ? this.#code(run, run.depth + 1, unboundThis, a, b)
      : this.#code(run, run.depth + 1, a, b);
  }

  /** This closure on copies of its captured variables as they are now; itself when it has none. */
  fresh(copies = new Map<Cell, Cell>()): FnPtr {
    if (this.cells.length === 0) return this;
    return new FnPtr(
      this.target,
      this.cells.map((cell) => freshCell(cell, copies)),
      this.curried,
    );
  }
}

function freshCell(cell: Cell, copies: Map<Cell, Cell>): Cell {
  const known = copies.get(cell);
  if (known) return known;
  const copy = new Cell(undefined);
  copies.set(cell, copy);
  copy.v = freshValue(cell.v, copies);
  return copy;
}

/** Containers are marked as shared, or rebuilt where a closure with cells hides in them. */
function freshValue(value: Value, copies: Map<Cell, Cell>, seen = new Set<Value>()): Value {
  if (value instanceof FnPtr) return value.fresh(copies);
  if (!(value instanceof VslArray || value instanceof VslMap)) return value;
  value.shared = true;
  if (!holdsCells(value, seen)) return value;
  if (value instanceof VslArray) return new VslArray(value.items.map((item) => freshValue(item, copies, seen)));
  const entries = [...value.entries].map(([key, item]) => [key, freshValue(item, copies, seen)] as const);
  return new VslMap(new Map(entries));
}

/** `seen`: containers known to hold none; containers share what they hold, so that one may be met very often. */
function holdsCells(value: Value, seen: Set<Value>): boolean {
  if (value instanceof FnPtr) return value.cells.length > 0;
  if (!(value instanceof VslArray || value instanceof VslMap) || seen.has(value)) return false;
  const items = value instanceof VslArray ? value.items : value.entries.values();
  for (const item of items) if (typeof item === "object" && holdsCells(item, seen)) return true;
  seen.add(value);
  return false;
}
