/**
 * Which native function a call means once its arguments are known: `x.f(a)` picks by the type of `x`, overloads of one
 * arity by the types of all arguments.
 *
 * A call site remembers the last type it saw. Host objects bring their methods along; for everything else `x.f(a)` is
 * the global function `f(x, a)`. A map that holds a function pointer under that name is asked first.
 */

import { FnPtr } from "../function-pointer.ts";
import { HostObject, type NativeFunction, type NativeModule } from "../host.ts";
import { typeTest } from "../native.ts";
import type { Run } from "../run.ts";
import { ScriptError } from "../script-error.ts";
import { Cell, type Value, VslMap } from "../value.ts";
import { owned } from "./containers.ts";
import { typeName } from "./text.ts";

export type MethodCall = (run: Run, self: Value, ...args: Value[]) => Value | Promise<Value>;

/** All global functions, by name and arity. */
export class MethodTable {
  readonly #functions = new Map<string, NativeFunction[]>();

  constructor(globals: readonly NativeModule[]) {
    for (const module of globals) {
      for (const [name, overloads] of module.functions) {
        for (const fn of overloads) this.#add(`${name}/${fn.parameters.length}`, fn);
      }
    }
  }

  /** Global functions of that name and number of arguments. */
  overloads(name: string, arity: number): readonly NativeFunction[] {
    return this.#functions.get(`${name}/${arity}`) ?? [];
  }

  /** The code of a call site `x.name(…)` with `count` arguments; `waits`: it awaits what may be a promise. */
  site(name: string, count: number, waits: boolean): MethodCall {
    const find = this.#finder(name, count);
    const slow: MethodCall = (run, self, ...args) => {
      const property = propertyOf(self, name);
      if (property) return settled(property.invoke(run, args, new Cell(self)), waits);
      const fn = find(self, args);
      if (fn.mutates === undefined) return fn.call(run, self, ...args);
      // What cannot be assigned to is changed in a copy that nobody keeps.
      return fn.call(run, fn.mutates === "cell" ? (new Cell(self) as unknown as Value) : owned(self), ...args);
    };
    return quickened(count, find, slow, (fn) => fn.mutates === undefined);
  }

  /** As `site`, for a receiver that can be assigned to: it comes owned, and `run.replaced` goes back to its place. */
  mutatingSite(name: string, count: number, waits: boolean): MethodCall {
    const find = this.#finder(name, count);
    const slow: MethodCall = (run, self, ...args) => {
      run.replaced = self;
      const property = propertyOf(self, name);
      if (property) return replacing(run, self, (cell) => settled(property.invoke(run, args, cell), waits));
      const fn = find(self, args);
      if (fn.mutates !== "cell") return fn.call(run, self, ...args);
      return replacing(run, self, (cell) => fn.call(run, cell as unknown as Value, ...args));
    };
    return quickened(count, find, slow, (fn) => fn.mutates !== "cell");
  }

  #finder(name: string, count: number): Finder {
    let lastKey: unknown;
    let last: NativeFunction | undefined;
    return (self, args) => {
      const key = typeKey(self);
      if (key === lastKey && last) return last;
      const candidates = this.#candidates(self, name, count);
      const [only] = candidates;
      if (only && candidates.length === 1) {
        lastKey = key;
        last = only;
        return only;
      }
      return pick(name, candidates, [self, ...args]);
    };
  }

  #candidates(self: Value, name: string, count: number): NativeFunction[] {
    if (self instanceof HostObject) {
      const methods = self.type.methods.get(name)?.filter((fn) => fn.parameters.length === count + 1);
      if (methods?.length) return methods;
    }
    return this.overloads(name, count + 1).filter((fn) => accepts(fn, 0, self));
  }

  #add(key: string, fn: NativeFunction): void {
    const known = this.#functions.get(key);
    if (known) known.push(fn);
    else this.#functions.set(key, [fn]);
  }
}

/** The function pointer that a map holds under a name. */
function propertyOf(self: Value, name: string): FnPtr | undefined {
  const property = self instanceof VslMap ? self.get(name) : undefined;
  return property instanceof FnPtr ? property : undefined;
}

type Finder = (self: Value, args: readonly Value[]) => NativeFunction;

/** Calls with at most one argument, on anything but maps, go to their native without an array of arguments. */
function quickened(
  count: number,
  find: Finder,
  slow: MethodCall,
  allowed: (fn: NativeFunction) => boolean,
): MethodCall {
  if (count > 1) return slow;
  return (run, self, a) => {
    if (!(self instanceof VslMap)) {
      const fn = find(self, count === 0 ? NO_ARGUMENTS : [a]);
      if (allowed(fn)) {
        run.replaced = self;
        return count === 0 ? fn.call(run, self) : fn.call(run, self, a);
      }
    }
    return count === 0 ? slow(run, self) : slow(run, self, a);
  };
}

const NO_ARGUMENTS: readonly Value[] = [];

/** Calls with the receiver in a cell, and leaves what the cell holds afterwards for the caller. */
function replacing(run: Run, self: Value, call: (cell: Cell) => Value | Promise<Value>): Value | Promise<Value> {
  const cell = new Cell(self);
  const result = call(cell);
  run.replaced = cell.v;
  if (!(result instanceof Promise)) return result;
  return result.then((value) => {
    run.replaced = cell.v;
    return value;
  });
}

/** What a function pointer answered; where nobody waits, it must not be a promise. */
export function settled(result: Value | Promise<Value>, waits: boolean): Value | Promise<Value> {
  if (waits || !(result instanceof Promise)) return result;
  // Its outcome belongs to nobody now.
  result.catch(() => undefined);
  throw new ScriptError("a function that waits for something cannot be called through a pointer here");
}

/** The code of a call `name(…)` whose overloads have one arity. */
export function overloadedCall(name: string, overloads: readonly NativeFunction[]): NativeFunction["call"] {
  const [only] = overloads;
  if (only && overloads.length === 1) return only.call;
  return (run, ...args) => pick(name, overloads, args).call(run, ...args);
}

function pick(name: string, candidates: readonly NativeFunction[], args: readonly Value[]): NativeFunction {
  const found = candidates.find((fn) => args.every((arg, i) => accepts(fn, i, arg)));
  if (found) return found;
  const types = args.map(typeName);
  throw new ScriptError(`there is no function \`${name}(${types.join(", ")})\``);
}

const tests = new Map<string, ((value: Value) => boolean) | undefined>();

function accepts(fn: NativeFunction, index: number, value: Value): boolean {
  const type = fn.parameters[index]?.type ?? "any";
  if (!tests.has(type)) tests.set(type, typeTest(type));
  return tests.get(type)?.(value) ?? true;
}

function typeKey(value: Value): unknown {
  if (typeof value !== "object") return typeof value === "bigint" ? "number" : typeof value;
  return value instanceof HostObject ? value.type : value.constructor;
}
