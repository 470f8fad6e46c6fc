/** What names are visible at a place in a script: variables of blocks, module names of imports. */

import type { Binding, Code, ImportedModule } from "./names.ts";

export class Scope {
  readonly parent: Scope | undefined;
  readonly code: Code;
  readonly #variables = new Map<string, Binding>();
  readonly #modules = new Map<string, ImportedModule | undefined>();

  constructor(code: Code, parent?: Scope) {
    this.code = code;
    this.parent = parent;
  }

  declare(binding: Binding): void {
    this.#variables.set(binding.name, binding);
  }

  /** `undefined` for a module that was not found: its names are not reported again. */
  importAs(alias: string, module: ImportedModule | undefined): void {
    this.#modules.set(alias, module);
  }

  variable(name: string): Binding | undefined {
    return this.#variables.get(name) ?? this.parent?.variable(name);
  }

  module(name: string): { readonly found: ImportedModule | undefined } | undefined {
    return this.#modules.has(name) ? { found: this.#modules.get(name) } : this.parent?.module(name);
  }

  /** All names in sight, the nearest first. */
  *variableNames(): Generator<string> {
    yield* this.#variables.keys();
    if (this.parent) yield* this.parent.variableNames();
  }

  *moduleNames(): Generator<string> {
    yield* this.#modules.keys();
    if (this.parent) yield* this.parent.moduleNames();
  }
}
