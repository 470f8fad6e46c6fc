/**
 * What is known of the type of an expression before it runs: literals, results of functions that declare them, and
 * variables that are never assigned to. Whatever is not certain is unknown; a wrong guess would refuse a good script.
 */

import { typeName } from "../runtime/text.ts";
import type { Call, Expression, FunctionDeclaration, MethodCall, Variable } from "../syntax/ast.ts";
import { functionKey, type Unit } from "../unit.ts";
import { type Ending, endingsOf, valueEndings } from "./endings.ts";
import type { Surroundings } from "./surroundings.ts";

/** Names as `type_of` gives them, one of which it will be; undefined: nothing is known. */
export type Types = ReadonlySet<string> | undefined;

/** The types that the language brings along. */
export const ownTypes: ReadonlySet<string> = new Set(
  "() bool i64 f64 char string array map blob Fn range range= timestamp".split(" "),
);

const BOOLEAN = new Set("== != < <= > >= && || in !in".split(" "));
const NUMERIC = new Set("- * / % ** << >> & | ^".split(" "));

/** The types that a declaration names: `string|()`, `number`, `any`. */
export function typesNamed(declared: string): Types {
  const names = declared.split("|").flatMap((name) => (name.trim() === "number" ? ["i64", "f64"] : [name.trim()]));
  return names.includes("any") ? undefined : new Set(names);
}

/** Whether a value of one of those types can be given for a parameter. */
export function mayAccept(parameter: string, given: Types): boolean {
  const expected = typesNamed(parameter);
  if (expected === undefined || given === undefined) return true;
  return [...given].some((type) => expected.has(type) || acceptsHost(expected, type) || isRange(expected, type));
}

/** `object` stands for host objects of whatever type, on both sides. */
function acceptsHost(expected: ReadonlySet<string>, type: string): boolean {
  if (ownTypes.has(type)) return false;
  return expected.has("object") || (type === "object" && [...expected].some((name) => !ownTypes.has(name)));
}

function isRange(expected: ReadonlySet<string>, type: string): boolean {
  return type === "range=" && expected.has("range");
}

export class TypeInference {
  readonly #surroundings: Surroundings;
  /** Functions and variables that are looked at now: those that lead back to themselves are unknown. */
  readonly #running = new Set<object>();
  readonly #known = new Map<Expression, Types>();

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  of(unit: Unit, node: Expression): Types {
    if (this.#known.has(node)) return this.#known.get(node);
    const types = this.#infer(unit, node);
    // Unfinished, while it is part of itself.
    if (this.#running.size === 0) this.#known.set(node, types);
    return types;
  }

  #infer(unit: Unit, node: Expression): Types {
    switch (node.kind) {
      case "literal":
        return new Set([typeName(node.value)]);
      case "template":
        return new Set(["string"]);
      case "array":
        return new Set(["array"]);
      case "map":
      case "directive":
        return new Set(["map"]);
      case "closure":
        return new Set(["Fn"]);
      case "unary":
        return node.operator === "!" ? new Set(["bool"]) : numbers(this.of(unit, node.operand));
      case "binary":
        return this.#binary(unit, node);
      case "variable":
        return this.#variable(unit, node);
      case "call":
        return this.#call(unit, node);
      case "method":
        return this.#method(unit, node);
      case "block":
      case "if":
      case "switch":
        return this.ofEndings(unit, valueEndings(node));
      default:
        return undefined;
    }
  }

  ofEndings(unit: Unit, endings: readonly Ending[]): Types {
    const found = new Set<string>();
    for (const { kind, node } of endings) {
      const types =
        kind === "value" ? this.of(unit, node as Expression) : kind === "loop" ? undefined : new Set(["()"]);
      if (types === undefined) return undefined;
      for (const type of types) found.add(type);
    }
    return found.size === 0 ? undefined : found;
  }

  #binary(unit: Unit, node: Extract<Expression, { kind: "binary" }>): Types {
    const { operator } = node;
    if (BOOLEAN.has(operator)) return new Set(["bool"]);
    if (operator === "..") return new Set(["range"]);
    if (operator === "..=") return new Set(["range="]);
    if (!NUMERIC.has(operator) && operator !== "+") return undefined;
    const left = this.of(unit, node.left);
    const right = this.of(unit, node.right);
    if (operator === "+" && (isOnly(left, "string") || isOnly(right, "string"))) return new Set(["string"]);
    if (isOnly(left, "i64") && isOnly(right, "i64")) return left;
    return numbers(left) && numbers(right) && (isOnly(left, "f64") || isOnly(right, "f64"))
      ? new Set(["f64"])
      : undefined;
  }

  #variable(unit: Unit, node: Variable): Types {
    const meaning = this.#surroundings.namesOf(unit).variables.get(node);
    if (meaning?.kind === "native-variable") {
      const { variables, unavailable } = meaning.module;
      return unavailable ? undefined : new Set([typeName(variables.get(meaning.name))]);
    }
    const init = meaning?.kind === "binding" && !meaning.binding.assigned ? meaning.binding.init : undefined;
    return init && this.#guarded(init, () => this.of(unit, init));
  }

  #call(unit: Unit, node: Call): Types {
    const meaning = this.#surroundings.namesOf(unit).calls.get(node);
    switch (meaning?.kind) {
      case "native":
        return union(meaning.functions.map((fn) => typesNamed(fn.returns)));
      case "script":
        return this.#function(meaning.unit, meaning.declaration);
      case "constant":
        return new Set(["bool"]);
      case "keyword":
        if (meaning.name === "type_of") return new Set(["string"]);
        return meaning.name === "call" ? undefined : new Set(["Fn"]);
      default:
        return undefined;
    }
  }

  #function(unit: Unit, declaration: FunctionDeclaration): Types {
    return this.#guarded(declaration, () => this.ofEndings(unit, endingsOf(declaration.body)));
  }

  #method(unit: Unit, node: MethodCall): Types {
    if (node.optional || unit.functions.has(functionKey(node.name, node.args.length))) return undefined;
    const receiver = this.of(unit, node.object);
    if (receiver === undefined || receiver.has("map")) return undefined;
    const candidates = this.#surroundings
      .methodsOf(receiver, node.name)
      .filter((fn) => fn.parameters.length === node.args.length + 1);
    return candidates.length === 0 ? undefined : union(candidates.map((fn) => typesNamed(fn.returns)));
  }

  #guarded(key: object, infer: () => Types): Types {
    if (this.#running.has(key)) return undefined;
    this.#running.add(key);
    const types = infer();
    this.#running.delete(key);
    return types;
  }
}

function union(all: readonly Types[]): Types {
  const found = new Set<string>();
  for (const types of all) {
    if (types === undefined) return undefined;
    for (const type of types) found.add(type);
  }
  return found;
}

function numbers(types: Types): Types {
  return types && [...types].every((type) => type === "i64" || type === "f64") ? types : undefined;
}

function isOnly(types: Types, name: string): boolean {
  return types?.size === 1 && types.has(name);
}
