/** What `a::b::name` reaches: modules of imports before built-in ones, their variables and functions. */

import type { Variable } from "../syntax/ast.ts";
import { functionKey } from "../unit.ts";
import type { ImportedModule, VariableMeaning } from "./names.ts";
import { didYouMean } from "./nearest.ts";
import type { Resolver } from "./resolver.ts";

/** The module of a path; reports a path that leads nowhere. */
export function moduleAt(
  resolver: Resolver,
  path: readonly string[],
  at: number,
  end: number,
): ImportedModule | undefined {
  const [first = "", ...rest] = path;
  const imported = resolver.scope.module(first);
  if (imported && !imported.found) return undefined;
  const builtin = resolver.surroundings.modules.get(first);
  let module: ImportedModule | undefined = imported?.found ?? (builtin && { kind: "native", module: builtin });
  if (!module) {
    const known = [...resolver.scope.moduleNames(), ...resolver.surroundings.modules.keys()];
    const hint = didYouMean(first, known, `Import it: \`import "services/${first}" as ${first};\``);
    resolver.report("VSL_UNKNOWN_MODULE", { name: first, hint }, at, end);
    return undefined;
  }
  for (const name of rest) {
    const inner: ImportedModule | undefined = innerModule(module, name);
    if (!inner) {
      resolver.report(
        "VSL_NOT_IN_MODULE",
        { name, module: path.join("::"), hint: "Imports of a module are its own" },
        at,
        end,
      );
      return undefined;
    }
    module = inner;
  }
  return module;
}

function innerModule(module: ImportedModule, name: string): ImportedModule | undefined {
  const inner = module.kind === "native" ? module.module.modules.get(name) : undefined;
  return inner && { kind: "native", module: inner };
}

export function moduleVariable(
  resolver: Resolver,
  module: ImportedModule,
  node: Variable,
): VariableMeaning | undefined {
  const { name } = node;
  if (module.kind === "native") {
    if (module.module.unavailable || module.module.variables.has(name))
      return { kind: "native-variable", module: module.module, name };
    missing(resolver, node.path, name, module, node.at, node.end);
    return undefined;
  }
  const { unit } = module;
  if (unit.exports.has(name)) return { kind: "script-variable", unit, name };
  const hidden = unit.variables.get(name);
  if (!hidden) {
    missing(resolver, node.path, name, module, node.at, node.end);
    return undefined;
  }
  const { line } = unit.source.place(hidden.at);
  const word = hidden.constant ? "const" : "let";
  resolver.report("VSL_NOT_EXPORTED", { name, word, file: unit.file, line }, node.at, node.end);
  return undefined;
}

/** Reports a name that a module does not offer. */
export function missing(
  resolver: Resolver,
  path: readonly string[],
  name: string,
  module: ImportedModule,
  at: number,
  end: number,
): void {
  const hint = didYouMean(
    name,
    offered(module),
    `It offers ${[...offered(module)].slice(0, 8).join(", ") || "nothing"}`,
  );
  resolver.report("VSL_NOT_IN_MODULE", { name, module: path.join("::"), hint }, at, end);
}

function offered(module: ImportedModule): Set<string> {
  if (module.kind === "native") {
    const { functions, variables, modules } = module.module;
    return new Set([...functions.keys(), ...variables.keys(), ...modules.keys()]);
  }
  const functions = [...module.unit.functions.values()].flat().filter((declaration) => !declaration.private);
  return new Set([...functions.map(({ name }) => name), ...module.unit.exports.keys()]);
}

/** A function of another script that importers may call. */
export function exportedFunction(module: ImportedModule & { kind: "script" }, name: string, arity: number) {
  const declarations = module.unit.functions.get(functionKey(name, arity));
  return declarations?.find((declaration) => !declaration.private && declaration.thisType === undefined);
}
