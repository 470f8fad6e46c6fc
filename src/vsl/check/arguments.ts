/** Whether the arguments of calls can have the types that functions ask for, and receivers the methods that are called. */

import { type ErrorCode, type Facts, VsmtpError } from "../../errors.ts";
import type { NativeFunction } from "../host.ts";
import type { Expression, MethodCall } from "../syntax/ast.ts";
import { functionKey, type Unit } from "../unit.ts";
import { didYouMean } from "./nearest.ts";
import type { Surroundings } from "./surroundings.ts";
import { mayAccept, ownTypes, type TypeInference, type Types } from "./types.ts";

/** Part of the language: these work on values of all types. */
const EVERYWHERE = new Set(["call", "curry", "type_of", "is_shared"]);

/** Everything about the calls of a unit that is certain to fail when it runs. */
export function checkArguments(unit: Unit, surroundings: Surroundings, inference: TypeInference): VsmtpError[] {
  return new ArgumentCheck(unit, surroundings, inference).problems;
}

class ArgumentCheck {
  readonly problems: VsmtpError[] = [];
  readonly #unit: Unit;
  readonly #surroundings: Surroundings;
  readonly #inference: TypeInference;

  constructor(unit: Unit, surroundings: Surroundings, inference: TypeInference) {
    this.#unit = unit;
    this.#surroundings = surroundings;
    this.#inference = inference;
    const names = surroundings.namesOf(unit);
    for (const [node, meaning] of names.calls) {
      if (meaning.kind === "native") this.#arguments(meaning.name, meaning.functions, node.args, 0);
    }
    for (const node of names.callees.keys()) if (node.kind === "method") this.#method(node);
  }

  #method(node: MethodCall): void {
    const { name, args, optional } = node;
    const receiver = this.#typesOf(node.object);
    if (receiver === undefined || receiver.has("map") || EVERYWHERE.has(name)) return;
    if (optional && receiver.has("()")) return;
    if ([...receiver].some((type) => !ownTypes.has(type) && !this.#surroundings.types.has(type))) return;
    if (this.#unit.functions.has(functionKey(name, args.length))) return;
    const methods = this.#surroundings.methodsOf(receiver, name);
    const fitting = methods.filter((fn) => fn.parameters.length === args.length + 1);
    if (fitting.length > 0) return this.#arguments(name, fitting, args, 1);
    const end = node.nameAt + name.length;
    if (methods.length > 0) {
      const counts = [...new Set(methods.map((fn) => fn.parameters.length - 1))].sort((a, b) => a - b);
      const facts = { name, expected: counts.join(" or "), found: args.length };
      return this.#report("VSL_ARGUMENT_COUNT", facts, node.nameAt, end);
    }
    const type = [...receiver].join(" or ");
    const own = [...this.#unit.functions.values()].flat().map((declaration) => declaration.name);
    const known = [...this.#surroundings.methodNames(receiver), ...own];
    const hint = didYouMean(name, known, `Declare it: \`fn ${name}(…) { … }\` sees the value as \`this\``);
    this.#report("VSL_UNKNOWN_METHOD", { type, name, hint }, node.nameAt, end);
  }

  /** Reports the first argument that no overload takes. */
  #arguments(name: string, functions: readonly NativeFunction[], args: readonly Expression[], first: number): void {
    const types = args.map((arg) => this.#typesOf(arg));
    let left = functions;
    for (const [i, given] of types.entries()) {
      const fitting = left.filter((fn) => mayAccept(fn.parameters[i + first]?.type ?? "any", given));
      if (fitting.length === 0) return this.#wrongType(name, left, i + first, args[i] as Expression, given);
      left = fitting;
    }
  }

  #wrongType(name: string, functions: readonly NativeFunction[], index: number, arg: Expression, given: Types): void {
    const expected = new Set(functions.flatMap((fn) => fn.parameters[index]?.type.split("|") ?? []));
    const parameter = functions[0]?.parameters[index]?.name ?? `argument ${index + 1}`;
    const found = [...(given ?? [])].join(" or ");
    const facts = { name, parameter, expected: [...expected].join(" or "), found, hint: advice(expected, given) };
    this.#report("VSL_ARGUMENT_TYPE", facts, arg.at, arg.end);
  }

  #typesOf(node: Expression): Types {
    return this.#inference.of(this.#unit, node);
  }

  #report(code: ErrorCode, facts: Facts, at: number, end: number): void {
    this.problems.push(new VsmtpError(code, facts, { place: this.#unit.source.place(at, end) }));
  }
}

/** How to get from what there is to what is wanted. */
function advice(expected: ReadonlySet<string>, given: Types): string {
  if (expected.has("string")) return "Write it between quotes, or convert it with `.to_string()`";
  if (given?.has("string") && expected.has("i64")) return "Write it without quotes, or convert it with `parse_int`";
  if (given?.has("i64") && expected.has("f64")) return "Write it with a point, or convert it with `.to_float()`";
  if (given?.has("f64") && expected.has("i64")) return "Write it without a point, or convert it with `.to_int()`";
  return `Give it a value of type ${[...expected].join(" or ")}`;
}
