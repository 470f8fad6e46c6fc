/**
 * Which native function a call means once its arguments are known: `x.f(a)` picks by the type of `x`, overloads of one
 * arity by the types of all arguments.
 *
 * Call sites remember what they found (call-site.ts). Host objects bring their methods along; for everything else `x.f(a)` is
 * the global function `f(x, a)`. A map that holds a function pointer under that name is asked first.
 */

import { FnPtr } from "../function-pointer.ts";
import { HostObject, type NativeFunction, type NativeModule } from "../host.ts";
import { typeTest } from "../native.ts";
import type { Run } from "../run.ts";
import { Failure, ScriptError } from "../script-error.ts";
import { Cell, type Value, VslMap } from "../value.ts";
import { type Code, callSite, type Resolve } from "./call-site.ts";
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

  /** What `value.name` without parentheses reads. */
  reader(name: string, value: Value): NativeFunction | undefined {
    return this.overloads(name, 1).find(
      (fn) => fn.mutates === undefined && !fn.suspends && !fn.callsBack && accepts(fn, 0, value),
    );
  }

  /** The code of a call site `x.name(…)` with `count` arguments; `waits`: it awaits what may be a promise. */
  site(name: string, count: number, waits: boolean): MethodCall {
    const slow: MethodCall = (run, self, ...args) => {
      const property = propertyOf(self, name);
      if (property) return settled(property.invoke(run, args, new Cell(self)), waits);
      const fn = this.#find(self, args, name);
      return fn.call(run, fn.mutates === undefined ? self : copyToChange(run, fn, self), ...args);
    };
    return this.#site(name, count, slow, (fn) => fn.mutates === undefined, false);
  }

  /** As `site`, for a receiver that can be assigned to: it comes owned, and `run.replaced` goes back to its place. */
  mutatingSite(name: string, count: number, waits: boolean): MethodCall {
    const slow: MethodCall = (run, self, ...args) => {
      run.replaced = self;
      const property = propertyOf(self, name);
      if (property) return replacing(run, self, (cell) => settled(property.invoke(run, args, cell), waits));
      const fn = this.#find(self, args, name);
      if (fn.mutates !== "cell") return keeping(run, self, fn.call(run, self, ...args));
      return replacing(run, self, (cell) => fn.call(run, cell as unknown as Value, ...args));
    };
    return this.#site(name, count, slow, (fn) => fn.mutates !== "cell", true);
  }

  #site(
    name: string,
    count: number,
    slow: MethodCall,
    simple: (fn: NativeFunction) => boolean,
    keeps: boolean,
  ): MethodCall {
    const resolve: Resolve = ([self, ...args]) => {
      const fn = propertyOf(self, name) ? undefined : this.#find(self, args, name);
      return fn && simple(fn) ? directly(fn, [self, ...args]) : undefined;
    };
    return callSite(
      count + 1,
      resolve,
      slow as Code,
      (self) => propertyOf(self, name) !== undefined,
      keeps,
    ) as MethodCall;
  }

  #find(self: Value, args: readonly Value[], name: string): NativeFunction {
    const candidates = this.#candidates(self, name, args.length);
    const [only] = candidates;
    return only && candidates.length === 1 ? only : pick(name, candidates, [self, ...args]);
  }

  #candidates(self: Value, name: string, count: number): NativeFunction[] {
    if (self instanceof HostObject) {
      const methods = self.type.methods.get(name)?.filter((fn) => fn.parameters.length === count + 1);
      if (methods?.length) return methods;
    }
    return this.overloads(name, count + 1).filter((fn) => accepts(fn, 0, self));
  }

  /** A later function takes the place of one with the same types of parameters: the embedder's, of the library's. */
  #add(key: string, fn: NativeFunction): void {
    const known = this.#functions.get(key) ?? [];
    this.#functions.set(key, [...known.filter((other) => !sameParameters(other, fn)), fn]);
  }
}

function sameParameters(a: NativeFunction, b: NativeFunction): boolean {
  return a.parameters.every(({ type }, i) => type === b.parameters[i]?.type);
}

/** The function pointer that a map holds under a name. */
function propertyOf(self: Value, name: string): FnPtr | undefined {
  const property = self instanceof VslMap ? self.get(name) : undefined;
  return property instanceof FnPtr ? property : undefined;
}

/** The code that tests no types, when these arguments pass the tests. */
function directly(fn: NativeFunction, args: readonly Value[]): Code | undefined {
  const { direct } = fn;
  if (!direct || !args.every((arg, i) => accepts(fn, i, arg))) return undefined;
  return fn.callsBack ? (run, self, ...more) => keeping(run, self, direct(run, self, ...more)) : direct;
}

/** Says again what became of the receiver: what the function called back may have used the same place. */
function keeping(run: Run, self: Value, result: Value | Promise<Value>): Value | Promise<Value> {
  if (result instanceof Promise) {
    return result.then((value) => {
      run.replaced = self;
      return value;
    });
  }
  run.replaced = self;
  return result;
}

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
  if (only && overloads.length === 1 && only.mutates === undefined) return only.call;
  const slow: Code = (run, ...args) => {
    const fn = pick(name, overloads, args);
    if (fn.mutates === undefined) return fn.call(run, ...args);
    const [self, ...rest] = args;
    return fn.call(run, copyToChange(run, fn, self), ...rest);
  };
  const resolve: Resolve = (args) => {
    const fn = pick(name, overloads, args);
    return fn.mutates === undefined ? directly(fn, args) : undefined;
  };
  return callSite(overloads[0]?.parameters.length ?? 0, resolve, slow, undefined, false);
}

/** What a function that changes its first argument is given where that is nobody's variable: a copy nobody keeps. */
function copyToChange(run: Run, fn: NativeFunction, self: Value): Value {
  return fn.mutates === "cell" ? (new Cell(self) as unknown as Value) : owned(run, self);
}

function pick(name: string, candidates: readonly NativeFunction[], args: readonly Value[]): NativeFunction {
  const found = candidates.find((fn) => args.every((arg, i) => accepts(fn, i, arg)));
  if (found) return found;
  const types = args.map(typeName);
  throw new Failure("ErrorFunctionNotFound", `there is no function \`${name}(${types.join(", ")})\``);
}

const tests = new Map<string, ((value: Value) => boolean) | undefined>();

function accepts(fn: NativeFunction, index: number, value: Value): boolean {
  const type = fn.parameters[index]?.type ?? "any";
  if (!tests.has(type)) tests.set(type, typeTest(type));
  return tests.get(type)?.(value) ?? true;
}
