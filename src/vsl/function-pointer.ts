/**
 * Function pointers: `Fn("name")`, closures, and both with curried arguments.
 *
 * A closure names the cells that it captured, so that a host can run it over and over on fresh copies of what they
 * held in the beginning ({@link FnPtr.fresh}): one mail must not see what another left in a captured variable.
 */

import type { Run } from "./run.ts";
import { ScriptError } from "./script-error.ts";
import { Cell, type Value, VslArray, VslMap } from "./value.ts";

/** Compiled code: the run, the depth below which it is called, then `this` if the code uses it, then arguments. */
export type Code = (run: Run, depth: number, ...args: readonly (Value | Cell)[]) => Value | Promise<Value>;

export interface Target {
  /** `anon$7` for closures. */
  readonly name: string;
  /** Parameters without captured variables and `this`; -1: the code itself looks at how many come. */
  readonly arity: number;
  readonly usesThis: boolean;
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
    return new FnPtr(this.target, this.cells, [...this.curried, ...args]);
  }

  /** Calls it; `self` is what `this` means inside. A promise only when the code waits for something. */
  invoke(run: Run, args: readonly Value[], self?: Cell): Value | Promise<Value> {
    const all = this.curried.length === 0 ? args : [...this.curried, ...args];
    const { arity, usesThis, name } = this.target;
    if (arity >= 0 && all.length !== arity) {
      throw new ScriptError(`${name} takes ${arity} arguments, but was called with ${all.length}`);
    }
    if (!usesThis) return this.#code(run, run.depth + 1, ...all);
    return this.#code(run, run.depth + 1, self ?? new Cell(undefined), ...all);
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
function freshValue(value: Value, copies: Map<Cell, Cell>): Value {
  if (value instanceof FnPtr) return value.fresh(copies);
  if (value instanceof VslArray) {
    value.shared = true;
    return value.items.some(holdsCells) ? new VslArray(value.items.map((item) => freshValue(item, copies))) : value;
  }
  if (value instanceof VslMap) {
    value.shared = true;
    const entries = [...value.entries];
    if (!entries.some(([, item]) => holdsCells(item))) return value;
    return new VslMap(new Map(entries.map(([key, item]) => [key, freshValue(item, copies)])));
  }
  return value;
}

function holdsCells(value: Value): boolean {
  if (value instanceof FnPtr) return value.cells.length > 0;
  if (value instanceof VslArray) return value.items.some(holdsCells);
  return value instanceof VslMap && [...value.entries.values()].some(holdsCells);
}
