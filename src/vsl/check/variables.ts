/** Which declaration a variable means, who captures it, and what changes it. */

import type { Expression, MethodCall, Variable } from "../syntax/ast.ts";
import { functionKey } from "../unit.ts";
import { moduleAt, moduleVariable } from "./modules.ts";
import { type Binding, rootOf } from "./names.ts";
import { didYouMean } from "./nearest.ts";
import type { Resolver } from "./resolver.ts";
import type { Scope } from "./scope.ts";

export function resolveVariable(resolver: Resolver, node: Variable): void {
  if (node.path.length > 0) return resolveQualified(resolver, node);
  const binding = resolver.scope.variable(node.name);
  if (!binding) {
    const hint = variableHint(resolver, node.name);
    return resolver.report("VSL_UNKNOWN_VARIABLE", { name: node.name, hint }, node.at, node.end);
  }
  resolver.names.variables.set(node, { kind: "binding", binding });
  capture(resolver, binding);
}

function variableHint(resolver: Resolver, name: string): string {
  const constant = resolver.unit.variables.get(name);
  if (constant?.constant && resolver.code.node.kind === "function")
    return `Functions see constants as \`global::${name}\``;
  return didYouMean(name, resolver.scope.variableNames(), `Declare it before with \`let ${name} = …\``);
}

function capture(resolver: Resolver, binding: Binding): void {
  for (let scope: Scope | undefined = resolver.scope; scope && scope.code !== binding.owner; scope = scope.parent) {
    scope.code.captures.add(binding);
    binding.captured = true;
  }
}

function resolveQualified(resolver: Resolver, node: Variable): void {
  if (node.path.length === 1 && node.path[0] === "global") return resolveGlobal(resolver, node);
  const module = moduleAt(resolver, node.path, node.at, node.end);
  const meaning = module && moduleVariable(resolver, module, node);
  if (meaning) resolver.names.variables.set(node, meaning);
}

function resolveGlobal(resolver: Resolver, node: Variable): void {
  const constants = resolver.unit.tree.statements.flatMap((statement) =>
    statement.kind === "let" && statement.constant ? [statement.name] : [],
  );
  if (!constants.includes(node.name)) {
    const hint = didYouMean(node.name, constants, `Declare it with \`const ${node.name} = …\` at the top level`);
    return resolver.report("VSL_UNKNOWN_VARIABLE", { name: `global::${node.name}`, hint }, node.at, node.end);
  }
  resolver.names.variables.set(node, { kind: "script-variable", unit: resolver.unit, name: node.name });
}

/** Something assigns to the root of `target` or changes it in place. */
export function noteChange(resolver: Resolver, target: Expression, at: number, end: number): void {
  const root = rootOf(target);
  if (root.kind === "this") resolver.code.changesThis = true;
  if (root.kind !== "variable") return;
  const meaning = resolver.names.variables.get(root);
  if (meaning === undefined) return;
  if (meaning.kind !== "binding" || meaning.binding.constant) {
    resolver.report("VSL_CONSTANT", { name: root.name }, at, end);
  } else if (root === target) meaning.binding.assigned = true;
}

function isOfModule(resolver: Resolver, object: Expression): boolean {
  const root = rootOf(object);
  return root.kind === "variable" && resolver.names.variables.get(root)?.kind !== "binding";
}

/** A method was called that changes its receiver, or may do so; which, is known only when it runs. */
export function noteReceiver(resolver: Resolver, { object, name, args, at, end }: MethodCall): void {
  // What a module exports may be an object of a plugin that is not there, with a method of that name.
  if (resolver.surroundings.alwaysMutates(name, args.length) && !isOfModule(resolver, object)) {
    return noteChange(resolver, object, at, end);
  }
  const own = name === "call" || resolver.unit.functions.has(functionKey(name, args.length));
  const meaning = own && object.kind === "variable" ? resolver.names.variables.get(object) : undefined;
  if (meaning?.kind === "binding") meaning.binding.assigned = true;
  const may = own || resolver.surroundings.mayMutate(name);
  if (may && rootOf(object).kind === "this") resolver.code.changesThis = true;
}
