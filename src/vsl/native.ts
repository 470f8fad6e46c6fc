/**
 * Makes a native function out of a one-line signature and plain code: arity and types are checked before the code
 * runs, so that it may cast its arguments.
 *
 *     native("starts_with", "text: string, prefix: string -> bool", "Whether …", (_, text, prefix) => …)
 *
 * Types are those of `type_of`, `any`, `number` for both kinds of numbers, or alternatives: `string|char`.
 */

import { HostObject, type NativeFunction, type NativeParameter } from "./host.ts";
import type { Run } from "./run.ts";
import { typeName } from "./runtime/text.ts";
import { ScriptError } from "./script-error.ts";
import { type Value, VslArray, VslMap } from "./value.ts";

// biome-ignore format: one line a shape
type Implementation = (run: Run, a: never, b: never, c: never, d: never, e: never) => Value | Promise<Value>;

export interface NativeOptions {
  readonly suspends?: boolean;
  readonly callsBack?: boolean;
  readonly mutates?: "container" | "cell";
  readonly stage?: string;
}

export function native(
  name: string,
  signature: string,
  doc: string,
  implementation: Implementation,
  options: NativeOptions = {},
): NativeFunction {
  const { parameters, returns } = parseSignature(signature);
  // The first argument of a function that changes it was picked by its type, and may be a cell.
  const tests = parameters.map(({ type }, i) => (i === 0 && options.mutates === "cell" ? undefined : typeTest(type)));
  const call = checked(name, parameters, tests, implementation as Body);
  return {
    name,
    parameters,
    returns,
    doc,
    suspends: options.suspends ?? false,
    ...flags(options),
    call,
    direct: implementation as Body,
  };
}

type Body = (run: Run, ...args: Value[]) => Value | Promise<Value>;
type Test = ((value: Value) => boolean) | undefined;

/** Functions of few parameters are most, and are called without an array of arguments. */
function checked(name: string, parameters: readonly NativeParameter[], tests: readonly Test[], body: Body): Body {
  const refuse = (index: number, value: Value): never => {
    throw mismatch(name, parameters[index] as NativeParameter, value);
  };
  const [first, second] = tests;
  switch (tests.length) {
    case 0:
      return body;
    case 1:
      return (run, a) => {
        if (first?.(a) === false) refuse(0, a);
        return body(run, a);
      };
    case 2:
      return (run, a, b) => {
        if (first?.(a) === false) refuse(0, a);
        if (second?.(b) === false) refuse(1, b);
        return body(run, a, b);
      };
    default:
      return (run, ...args) => {
        for (let i = 0; i < tests.length; i++) if (tests[i]?.(args[i]) === false) refuse(i, args[i]);
        return body(run, ...args);
      };
  }
}

/** Whether a value is of a type as parameters name them; undefined: every value is. */
export function typeTest(type: string): ((value: Value) => boolean) | undefined {
  if (type === "any") return undefined;
  const names = new Set(type.split("|").flatMap((name) => (name === "number" ? ["i64", "f64"] : [name.trim()])));
  if (names.has("any")) return undefined;
  const [only] = names;
  if (names.size === 1 && only === "string") return (value) => typeof value === "string";
  if (names.size === 1 && only === "array") return (value) => value instanceof VslArray;
  if (names.size === 1 && only === "map") return (value) => value instanceof VslMap;
  if (names.size === 1 && only === "i64") return (value) => typeof value === "number" || typeof value === "bigint";
  if (names.has("object")) return (value) => value instanceof HostObject || names.has(typeName(value));
  if (names.has("range")) names.add("range=");
  return (value) => names.has(typeName(value));
}

function mismatch(name: string, parameter: NativeParameter, value: Value): ScriptError {
  return new ScriptError(
    `${name}: \`${parameter.name}\` must be ${parameter.type.replaceAll("|", " or ")}, not ${typeName(value)}`,
  );
}

function flags(options: NativeOptions): Pick<NativeFunction, "callsBack" | "mutates" | "stage"> {
  return {
    ...(options.stage !== undefined && { stage: options.stage }),
    ...(options.callsBack !== undefined && { callsBack: options.callsBack }),
    ...(options.mutates !== undefined && { mutates: options.mutates }),
  };
}

function parseSignature(signature: string): { parameters: NativeParameter[]; returns: string } {
  const [list = "", returns = "()"] = signature.split("->").map((part) => part.trim());
  const parameters = list.split(",").filter((part) => part.trim() !== "");
  return {
    parameters: parameters.map((part) => {
      const [name = "", type = "any"] = part.split(":").map((word) => word.trim());
      return { name, type };
    }),
    returns,
  };
}
