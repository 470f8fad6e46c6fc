/**
 * Gives every name of a script its meaning, and reports those that have none. One walk over the tree, after which the
 * compiler never looks a name up again.
 *
 * Functions see their parameters, the imports of the script and, by `global::`, its constants; closures see everything
 * around them. This file keeps the scopes; the walk itself is in statements.ts, expressions.ts, variables.ts and calls.ts.
 */

import { type ErrorCode, type Facts, VsmtpError } from "../../errors.ts";
import type { Block, Closure, Expression, FunctionDeclaration, Import, Parameter, Tree } from "../syntax/ast.ts";
import type { Unit } from "../unit.ts";
import type { Binding, Code, Names } from "./names.ts";
import { Scope } from "./scope.ts";
import { resolveStatement } from "./statements.ts";
import type { Surroundings } from "./surroundings.ts";

export class Resolver {
  readonly unit: Unit;
  readonly surroundings: Surroundings;
  readonly problems: VsmtpError[] = [];
  readonly names: Names;
  /** Imports at the top level, which functions see. */
  readonly imports: Scope;
  scope: Scope;
  #loops = 0;
  #nextId = 0;

  constructor(unit: Unit, surroundings: Surroundings) {
    this.unit = unit;
    this.surroundings = surroundings;
    const top = this.#code(unit.tree);
    this.names = {
      top,
      codes: new Map([[unit.tree, top]]),
      variables: new Map(),
      declarations: new Map(),
      calls: new Map(),
      callees: new Map(),
      pointed: new Set(),
      unpointed: new Set(),
    };
    this.imports = new Scope(top);
    this.scope = new Scope(top, this.imports);
  }

  resolve(): void {
    const { statements } = this.unit.tree;
    this.#duplicates();
    for (const statement of statements) if (statement.kind === "import") this.import(statement, this.imports);
    const bodies = statements.filter((statement) => statement.kind === "function");
    for (const declaration of bodies) this.names.codes.set(declaration, this.#code(declaration));
    for (const statement of statements) resolveStatement(this, statement);
    for (const declaration of bodies) this.#function(declaration);
  }

  /** What a piece with a syntax error may have declared is not reported as missing. */
  report(code: ErrorCode, facts: Facts, at: number, end: number): void {
    if (typeof facts.name === "string" && this.unit.tree.unsure?.has(facts.name)) return;
    this.problems.push(new VsmtpError(code, facts, { place: this.unit.source.place(at, end) }));
  }

  /** Whether `break` and `continue` have something to leave. */
  get inLoop(): boolean {
    return this.#loops > 0;
  }

  get code(): Code {
    return this.scope.code;
  }

  #code(node: Tree | FunctionDeclaration | Closure): Code {
    return {
      node,
      unit: this.unit,
      usesThis: false,
      changesThis: false,
      captures: new Set(),
      calls: new Set(),
      suspends: false,
    };
  }

  #duplicates(): void {
    for (const declarations of this.unit.functions.values()) {
      const types = new Set<string | undefined>();
      for (const { name, parameters, thisType, nameAt } of declarations) {
        if (types.has(thisType)) {
          this.report("VSL_DUPLICATE_FUNCTION", { name, count: parameters.length }, nameAt, nameAt + name.length);
        }
        types.add(thisType);
      }
    }
  }

  #function(declaration: FunctionDeclaration): void {
    const code = this.names.codes.get(declaration) as Code;
    this.#body(new Scope(code, this.imports), declaration.parameters, declaration.body);
  }

  /** A closure sees everything around it. */
  closure(closure: Closure): void {
    const code = this.#code(closure);
    this.names.codes.set(closure, code);
    this.#body(new Scope(code, this.scope), closure.parameters, closure.body);
  }

  #body(scope: Scope, parameters: readonly Parameter[], body: Block): void {
    const { scope: outer } = this;
    const loops = this.#loops;
    this.#loops = 0;
    this.scope = scope;
    for (const parameter of parameters) this.declare(parameter, parameter.name, false);
    for (const statement of body.statements) resolveStatement(this, statement);
    this.scope = outer;
    this.#loops = loops;
  }

  /** Declares a name in the current scope, for the node that does so in the tree. */
  declare(node: object, name: string, constant: boolean, init?: Expression): Binding {
    const top = this.scope.parent === this.imports && this.code === this.names.top;
    const id = this.#nextId++;
    const binding = { id, name, constant, owner: this.code, top, captured: false, init, assigned: false };
    this.names.declarations.set(node, binding);
    this.scope.declare(binding);
    return binding;
  }

  /** Walks through a scope of its own. */
  inner(walk: () => void): void {
    const { scope: outer } = this;
    this.scope = new Scope(outer.code, outer);
    walk();
    this.scope = outer;
  }

  /** As `inner`, where `break` and `continue` are at home. */
  loop(walk: () => void): void {
    this.#loops++;
    this.inner(walk);
    this.#loops--;
  }

  /** Makes the module of an import known in a scope. */
  import(statement: Import, scope: Scope): void {
    if (statement.alias !== undefined) scope.importAs(statement.alias, this.unit.imports.get(statement.specifier));
  }
}
