/** What calls mean: functions of the script, of modules, global natives, and the few that are part of the language. */

import type { Call, FunctionDeclaration, MethodCall } from "../syntax/ast.ts";
import { functionKey } from "../unit.ts";
import { exportedFunction, missing, moduleAt } from "./modules.ts";
import type { Callee, CallMeaning, Code, ImportedModule } from "./names.ts";
import { didYouMean } from "./nearest.ts";
import type { Resolver } from "./resolver.ts";

/** Compiled by name, because they need to know more than values. The number of arguments; `-1`: any. */
const KEYWORDS: ReadonlyMap<string, number> = new Map([
  ["type_of", 1],
  ["Fn", 1],
  ["call", -1],
  ["curry", -1],
]);

export function resolveCall(resolver: Resolver, node: Call | MethodCall): void {
  const callees = node.kind === "method" ? methodCallees(resolver, node) : callCallees(resolver, node);
  resolver.names.callees.set(node, callees);
  for (const callee of callees) resolver.code.calls.add(callee);
}

function methodCallees(resolver: Resolver, { name, args }: MethodCall): Callee[] {
  if (name === "call") return [{ kind: "pointer" }];
  const own = resolver.unit.functions.get(functionKey(name, args.length)) ?? [];
  const scripts = own.map((declaration): Callee => ({ kind: "code", code: codeOf(resolver, declaration) }));
  const certain = own.some((declaration) => declaration.thisType === undefined);
  return certain ? scripts : [...scripts, { kind: "method", name, count: args.length }];
}

function callCallees(resolver: Resolver, node: Call): Callee[] {
  const meaning = node.path.length === 0 ? plainCall(resolver, node) : qualifiedCall(resolver, node);
  if (!meaning) return [];
  resolver.names.calls.set(node, meaning);
  switch (meaning.kind) {
    case "script": {
      const code =
        meaning.unit === resolver.unit ? codeOf(resolver, meaning.declaration) : foreignCode(resolver, meaning);
      return [{ kind: "code", code }];
    }
    case "native":
      return [{ kind: "native", functions: meaning.functions }];
    case "keyword":
      return meaning.name === "call" ? [{ kind: "pointer" }] : [];
    case "constant":
      return [];
  }
}

function codeOf(resolver: Resolver, declaration: FunctionDeclaration): Code {
  return resolver.names.codes.get(declaration) as Code;
}

function foreignCode(resolver: Resolver, meaning: CallMeaning & { kind: "script" }): Code {
  return resolver.surroundings.namesOf(meaning.unit).codes.get(meaning.declaration) as Code;
}

function plainCall(resolver: Resolver, node: Call): CallMeaning | undefined {
  const { name, args } = node;
  const own = resolver.unit.functions.get(functionKey(name, args.length))?.find((fn) => fn.thisType === undefined);
  if (own) return { kind: "script", unit: resolver.unit, declaration: own };
  if (name === "eval") {
    resolver.report("VSL_EVAL", {}, node.at, node.end);
    return undefined;
  }
  if (name === "is_def_var" || name === "is_def_fn") return definedness(resolver, node);
  if (name === "is_shared" && args.length === 1) return sharing(resolver, node);
  const count = KEYWORDS.get(name);
  if (count === args.length || (count === -1 && args.length > 0)) {
    if (name === "Fn") point(resolver, node);
    return { kind: "keyword", name };
  }
  const functions = resolver.surroundings.methods.overloads(name, args.length);
  if (functions.length > 0) return { kind: "native", name, functions };
  unknownFunction(resolver, node);
  return undefined;
}

function qualifiedCall(resolver: Resolver, node: Call): CallMeaning | undefined {
  const module = moduleAt(resolver, node.path, node.at, node.end);
  if (!module) return undefined;
  const { name, args } = node;
  if (module.kind === "script") {
    const declaration = exportedFunction(module, name, args.length);
    if (declaration) return { kind: "script", unit: module.unit, declaration };
  } else if (module.module.unavailable) {
    return { kind: "native", name, functions: [module.module.unavailable.function(name)] };
  } else {
    const overloads = module.module.functions.get(name) ?? [];
    const functions = overloads.filter((fn) => fn.parameters.length === args.length);
    if (functions.length > 0) return { kind: "native", name: `${node.path.join("::")}::${name}`, functions };
  }
  const counts = aritiesIn(module, name);
  if (counts.length > 0) wrongCount(resolver, node, counts);
  else missing(resolver, node.path, name, module, node.at, node.end);
  return undefined;
}

function aritiesIn(module: ImportedModule, name: string): number[] {
  if (module.kind === "native") return (module.module.functions.get(name) ?? []).map((fn) => fn.parameters.length);
  const declarations = [...module.unit.functions.values()].flat();
  return declarations.filter((fn) => fn.name === name && !fn.private).map((fn) => fn.parameters.length);
}

function unknownFunction(resolver: Resolver, node: Call): void {
  const { name } = node;
  const own = [...resolver.unit.functions.values()].flat();
  const counts = [
    ...own.filter((fn) => fn.name === name).map((fn) => fn.parameters.length),
    ...[...resolver.surroundings.named(name)]
      .filter((fn) => isGlobal(resolver, fn.name))
      .map((fn) => fn.parameters.length),
  ];
  if (counts.length > 0) return wrongCount(resolver, node, counts);
  const known = [...own.map((fn) => fn.name), ...resolver.surroundings.functionNames()];
  const hint = elsewhere(resolver, name) ?? didYouMean(name, known, `Declare it with \`fn ${name}(…) { … }\``);
  resolver.report("VSL_UNKNOWN_FUNCTION", { name, hint }, node.at, node.end);
}

/** The name exists, but is reached another way: as a variable, or through a module. */
function elsewhere(resolver: Resolver, name: string): string | undefined {
  if (resolver.scope.variable(name))
    return `\`${name}\` is a variable; a function pointer is called by \`${name}.call(…)\``;
  for (const [path, module] of resolver.surroundings.modules) {
    if (module.functions.has(name)) return `Did you mean \`${path}::${name}\`?`;
  }
  return undefined;
}

function isGlobal(resolver: Resolver, name: string): boolean {
  return resolver.surroundings.globals.some((module) => module.functions.has(name));
}

function wrongCount(resolver: Resolver, node: Call, counts: readonly number[]): void {
  const expected = [...new Set(counts)].sort((a, b) => a - b).join(" or ");
  const name = [...node.path, node.name].join("::");
  resolver.report("VSL_ARGUMENT_COUNT", { name, expected, found: node.args.length }, node.at, node.end);
}

/** `Fn("f")`: the functions of that name are called through pointers from now on. */
function point(resolver: Resolver, node: Call): void {
  const [argument] = node.args;
  const literal = argument?.kind === "literal" && typeof argument.value === "string" ? argument.value : undefined;
  for (const declaration of [...resolver.unit.functions.values()].flat()) {
    if (literal === undefined || declaration.name === literal) resolver.names.pointed.add(declaration);
  }
}

/** A variable is shared from the first closure on that captures it. */
function sharing(resolver: Resolver, { args: [argument] }: Call): CallMeaning {
  const binding = argument?.kind === "variable" ? resolver.scope.variable(argument.name) : undefined;
  return { kind: "constant", value: binding?.captured === true };
}

function definedness(resolver: Resolver, node: Call): CallMeaning | undefined {
  const [name, arity] = node.args.map((arg) => (arg.kind === "literal" ? arg.value : undefined));
  if (node.name === "is_def_var" && typeof name === "string" && node.args.length === 1) {
    return { kind: "constant", value: resolver.scope.variable(name) !== undefined };
  }
  if (node.name === "is_def_fn" && typeof name === "string" && typeof arity === "number") {
    return { kind: "constant", value: resolver.unit.functions.has(functionKey(name, arity)) };
  }
  unknownFunction(resolver, node);
  return undefined;
}
