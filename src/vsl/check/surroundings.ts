/** What a host gives to scripts: built-in modules, global functions, and what their names let the compiler assume. */

import type { HostType, NativeFunction, NativeModule } from "../host.ts";
import { MethodTable } from "../runtime/methods.ts";
import type { Unit } from "../unit.ts";
import type { Names } from "./names.ts";
import { mayAccept } from "./types.ts";

export class Surroundings {
  /** Modules that are there without an import. */
  readonly modules: ReadonlyMap<string, NativeModule>;
  readonly methods: MethodTable;
  readonly globals: readonly NativeModule[];
  /** Types of host objects, by name. */
  readonly types = new Map<string, HostType>();
  readonly #names = new Map<Unit, Names>();
  readonly #byName = new Map<string, Set<NativeFunction>>();

  constructor(globals: readonly NativeModule[], modules: ReadonlyMap<string, NativeModule>) {
    this.globals = globals;
    this.modules = modules;
    this.methods = new MethodTable(globals);
    for (const module of [...globals, ...modules.values()]) this.learn(module);
  }

  /** Takes note of the functions and methods of a module that a script imports. */
  learn(module: NativeModule): void {
    for (const overloads of module.functions.values()) for (const fn of overloads) this.#learn(fn);
    for (const type of module.types.values()) {
      this.types.set(type.name, type);
      for (const overloads of type.methods.values()) for (const fn of overloads) this.#learn(fn);
    }
    for (const inner of module.modules.values()) this.learn(inner);
  }

  /** Units are resolved after those that they import. */
  resolved(unit: Unit, names: Names): void {
    this.#names.set(unit, names);
  }

  namesOf(unit: Unit): Names {
    return this.#names.get(unit) as Names;
  }

  functionNames(): Iterable<string> {
    return new Set(this.globals.flatMap((module) => [...module.functions.keys()]));
  }

  /** All natives that a method call of that name could mean. */
  named(name: string): ReadonlySet<NativeFunction> {
    return this.#byName.get(name) ?? NONE;
  }

  /** What `x.name(…)` can mean for an `x` of one of these types. */
  methodsOf(types: ReadonlySet<string>, name: string): NativeFunction[] {
    const global = this.globals.flatMap((module) => module.functions.get(name) ?? []);
    const own = [...types].flatMap((type) => this.types.get(type)?.methods.get(name) ?? []);
    return [...own, ...global.filter((fn) => fn.parameters[0] && mayAccept(fn.parameters[0].type, types))];
  }

  /** The names of all methods of values of these types. */
  methodNames(types: ReadonlySet<string>): string[] {
    const global = this.globals.flatMap((module) => [...module.functions.keys()]);
    const own = [...types].flatMap((type) => [...(this.types.get(type)?.methods.keys() ?? [])]);
    return [...own, ...global.filter((name) => this.methodsOf(types, name).length > 0)];
  }

  /** A call of a method of that name may change its receiver. */
  mayMutate(name: string): boolean {
    for (const fn of this.named(name)) if (fn.mutates !== undefined) return true;
    return false;
  }

  /** Whatever the receiver is, the call changes it. */
  alwaysMutates(name: string, count: number): boolean {
    const candidates = [...this.named(name)].filter((fn) => fn.parameters.length === count + 1);
    return candidates.length > 0 && candidates.every((fn) => fn.mutates !== undefined);
  }

  #learn(fn: NativeFunction): void {
    const known = this.#byName.get(fn.name);
    if (known) known.add(fn);
    else this.#byName.set(fn.name, new Set([fn]));
  }
}

const NONE: ReadonlySet<NativeFunction> = new Set();
