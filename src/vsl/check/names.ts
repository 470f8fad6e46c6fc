/**
 * What the resolver finds out about a script: which declaration a name means, what a call may call, and which pieces
 * of code there are. The compiler emits by it; suspension.ts decides by it which code has to wait.
 */

import type { NativeFunction, NativeModule } from "../host.ts";
import type { Call, Closure, Expression, FunctionDeclaration, MethodCall, Tree, Variable } from "../syntax/ast.ts";
import type { Unit } from "../unit.ts";

/** A variable, constant or parameter. */
export interface Binding {
  /** Unique in its unit. */
  readonly id: number;
  readonly name: string;
  readonly constant: boolean;
  readonly owner: Code;
  /** Declared at the top level of the script. */
  readonly top: boolean;
  /** Some closure uses it. */
  captured: boolean;
  /** What it holds in the beginning, where that is an expression. */
  readonly init: Expression | undefined;
  /** May hold something else later. */
  assigned: boolean;
}

/**
 * Captured by a closure: it lives in a Cell that closures name, so that a host can run them on copies. Also when nobody
 * changes it, because what it holds may be a closure that captured something that changes.
 */
export function needsCell(binding: Binding): boolean {
  return binding.captured;
}

/** A body of code that is compiled to one JavaScript function: a script, a function or a closure. */
export interface Code {
  readonly node: Tree | FunctionDeclaration | Closure;
  readonly unit: Unit;
  usesThis: boolean;
  /** Assigns to `this` or changes it in place. */
  changesThis: boolean;
  /** Variables of enclosing code that it, or a closure inside it, uses. */
  readonly captures: Set<Binding>;
  readonly calls: Set<Callee>;
  /** Waits for something somewhere, so it is an async function. */
  suspends: boolean;
}

export type Callee =
  | { readonly kind: "code"; readonly code: Code }
  | { readonly kind: "native"; readonly functions: readonly NativeFunction[] }
  /** Resolved by the receiver's type when it runs. */
  | { readonly kind: "method"; readonly name: string; readonly count: number }
  /** Whatever a function pointer points to. */
  | { readonly kind: "pointer" };

export type ImportedModule =
  | { readonly kind: "script"; readonly unit: Unit }
  | { readonly kind: "native"; readonly module: NativeModule };

export type VariableMeaning =
  | { readonly kind: "binding"; readonly binding: Binding }
  | { readonly kind: "script-variable"; readonly unit: Unit; readonly name: string }
  | { readonly kind: "native-variable"; readonly module: NativeModule; readonly name: string };

export type CallMeaning =
  | { readonly kind: "script"; readonly unit: Unit; readonly declaration: FunctionDeclaration }
  | { readonly kind: "native"; readonly name: string; readonly functions: readonly NativeFunction[] }
  /** `type_of(x)`, `Fn("f")` and their like; compiled by name. */
  | { readonly kind: "keyword"; readonly name: string }
  /** `is_def_var("x")`: known when the script is compiled. */
  | { readonly kind: "constant"; readonly value: boolean };

/** Everything known about one unit's names. */
export interface Names {
  readonly top: Code;
  readonly codes: Map<Tree | FunctionDeclaration | Closure, Code>;
  readonly variables: Map<Variable, VariableMeaning>;
  /** By the node that declares it. */
  readonly declarations: Map<object, Binding>;
  readonly calls: Map<Call, CallMeaning>;
  /** What a call expression may call; for deciding whether it waits. */
  readonly callees: Map<Call | MethodCall, readonly Callee[]>;
  /** Functions that `Fn("name")` can reach. */
  readonly pointed: Set<FunctionDeclaration>;
  /** Closures that only the host can call: bodies of directives. */
  readonly unpointed: Set<Closure>;
}

/** The variable or `this` at the root of `a.b[0].c`, which a change of it changes. */
export function rootOf(target: Expression): Expression {
  let node = target;
  while (node.kind === "property" || node.kind === "index") node = node.object;
  return node;
}
