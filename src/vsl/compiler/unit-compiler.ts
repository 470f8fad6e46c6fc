/**
 * Compiles one script to JavaScript and makes it ready to run: its functions, and a function for its top level.
 *
 * The text refers to the runtime by the names of runtime/scope.ts and to everything else, natives, call sites, boxed
 * literals, as external values. Nothing of it reaches a JavaScript global: it is a strict function of its own whose
 * free names are its parameters, and all names in it are ours.
 */

import type { Names } from "../check/names.ts";
import type { Surroundings } from "../check/surroundings.ts";
import type { Suspension } from "../check/suspension.ts";
import type { FnPtr } from "../function-pointer.ts";
import type { Unavailable } from "../host.ts";
import type { Run } from "../run.ts";
import { scopeFor } from "../runtime/scope.ts";
import { functionKey, type Unit } from "../unit.ts";
import type { Value } from "../value.ts";
import { localName } from "./calls.ts";
import { type CompiledFunction, constantName, Emitter, type Instance, type UnitContext } from "./emitter.ts";
import { emitFunction } from "./functions.ts";
import { locateAt, register } from "./located.ts";
import { pointerTo } from "./pointers.ts";
import { emitExport, emitStatements } from "./statements.ts";

/** A compiled unit; its top level runs once. */
export interface CompiledUnit extends Instance {
  readonly unit: Unit;
  /** What could not be computed is Unavailable. */
  readonly exports: Map<string, Value | Unavailable>;
  top(run: Run, depth: number): Value | Promise<Value>;
}

export function compileUnit(
  unit: Unit,
  names: Names,
  surroundings: Surroundings,
  suspension: Suspension,
  instanceOf: (unit: Unit) => Instance,
): CompiledUnit {
  const externals: unknown[] = [];
  const known = new Map<unknown, string>();
  const external = (value: unknown): string => {
    const name = known.get(value) ?? `e${externals.push(value) - 1}`;
    known.set(value, name);
    return name;
  };
  const context: UnitContext = { unit, names, surroundings, suspension, external, instanceOf };
  const declarations = [...unit.functions.values()].flat();
  const functions = declarations.map((declaration) => {
    const code = names.codes.get(declaration);
    if (!code) throw new Error(`unresolved function ${declaration.name}`);
    return emitFunction(context, code, localName(declaration));
  });
  const top = emitTop(context);
  const table = declarations.map(
    (declaration) => `${JSON.stringify(localName(declaration))}: ${localName(declaration)}`,
  );
  const scope = scopeFor(surroundings.methods);
  const constants = new Set(
    unit.tree.statements.flatMap((node) => (node.kind === "let" && node.constant ? [constantName(node.name)] : [])),
  );
  const text = [
    '"use strict";',
    `const {${Object.keys(scope).join(", ")}} = $scope;`,
    externals.length === 0 ? "" : `const [${externals.map((_, i) => `e${i}`).join(", ")}] = $externals;`,
    constants.size === 0 ? "" : `let ${[...constants].join(", ")};`,
    ...functions,
    top,
    `return { top: $top, functions: {${table.join(", ")}} };`,
  ].join("\n");

  const exports: CompiledUnit["exports"] = new Map();
  const instance: CompiledUnit = { unit, exports, functions: new Map(), top: () => undefined };
  const pointer = (name: Value): FnPtr => pointerTo(name, instance, surroundings);
  const here = (promise: Promise<Value>, offset: number) =>
    promise.catch((error: unknown) => locateAt(error, unit, offset));
  const made = instantiate(text, unit, {
    $scope: scope,
    $externals: externals,
    $exports: exports,
    $pointer: pointer,
    $here: here,
  });
  for (const declaration of declarations) {
    const { name, parameters, thisType } = declaration;
    const usesThis = names.codes.get(declaration)?.usesThis ?? false;
    const code = made.functions[localName(declaration)] as CompiledFunction["code"];
    const key = functionKey(name, parameters.length);
    instance.functions.set(key, [...(instance.functions.get(key) ?? []), { code, usesThis, thisType }]);
  }
  return Object.assign(instance, { top: made.top });
}

interface Made {
  readonly top: CompiledUnit["top"];
  readonly functions: Readonly<Record<string, unknown>>;
}

function instantiate(text: string, unit: Unit, parameters: Readonly<Record<string, unknown>>): Made {
  const url = register(text, unit);
  const make = new Function(...Object.keys(parameters), `${text}\n//# sourceURL=${url}`) as (
    ...values: unknown[]
  ) => Made;
  return make(...Object.values(parameters));
}

function emitTop(context: UnitContext): string {
  const e = new Emitter(context, context.names.top);
  const { statements } = context.unit.tree;
  const result = e.temporary();
  const body = e.nested(() => {
    emitStatements(e, statements, { kind: "assign", name: result });
    for (const [alias, node] of context.unit.exports) emitExport(e, node.name, alias);
    e.write(`return ${result};`);
  });
  return `${context.names.top.suspends ? "async " : ""}function $top($, $d) {\n${e.prologue()}${body}\n}`;
}
