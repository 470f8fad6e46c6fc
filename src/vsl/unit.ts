/** One script file of a program: its tree, its imports, and what it offers to others. */

import type { ImportedModule } from "./check/names.ts";
import type { Export, FunctionDeclaration, Let, Tree } from "./syntax/ast.ts";
import type { Source } from "./syntax/source.ts";

export interface Unit {
  readonly file: string;
  readonly source: Source;
  readonly tree: Tree;
  /** By the path as it is written. */
  readonly imports: Map<string, ImportedModule>;
  /** `name/arity`; overloads by the type of `this` share an entry. */
  readonly functions: Map<string, FunctionDeclaration[]>;
  /** Top-level variables and constants. */
  readonly variables: Map<string, Let>;
  /** The exported ones, by the name that importers use. */
  readonly exports: Map<string, Let | Export>;
}

export function unitOf(source: Source, tree: Tree): Unit {
  const unit: Unit = {
    file: source.file,
    source,
    tree,
    imports: new Map(),
    functions: new Map(),
    variables: new Map(),
    exports: new Map(),
  };
  for (const statement of tree.statements) {
    if (statement.kind === "function") {
      const key = functionKey(statement.name, statement.parameters.length);
      unit.functions.set(key, [...(unit.functions.get(key) ?? []), statement]);
    } else if (statement.kind === "let") {
      unit.variables.set(statement.name, statement);
      if (statement.exported) unit.exports.set(statement.name, statement);
    } else if (statement.kind === "export") unit.exports.set(statement.alias, statement);
  }
  return unit;
}

export function functionKey(name: string, arity: number): string {
  return `${name}/${arity}`;
}
