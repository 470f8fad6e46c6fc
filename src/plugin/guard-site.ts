/** The sentences about a wrong call: one {@link Site} for each function, which knows how it should be called. */

import { type ErrorCode, type Facts, VsmtpError } from "../errors.ts";
import { typeName, type Value } from "../vsl/index.ts";
import type { FunctionRecord, Manifest } from "./manifest-types.ts";
import { type Argument, argumentsOf } from "./signature.ts";

export class Site {
  readonly plugin: string;
  /** `cmd.run` for a method, else `greet` alone: what configuration and figures call it. */
  readonly name: string;
  /** As scripts have it: `cmd.run` for a method, `cmd::build` in a global module, else `greet` alone. */
  readonly function: string;
  /** `greet(who: string)`. */
  readonly call: string;

  /** @param nameOf the vSL name of an object type of the plugin, by its C type */
  constructor({ name, module }: Manifest, fn: FunctionRecord, nameOf: (cType: string) => string) {
    const parameters = argumentsOf(fn.signature).map((one) => `${one.name}: ${typeOf(one.passing, nameOf)}`);
    const shown = fn.method === undefined ? parameters : parameters.slice(1);
    const prefix = fn.method === undefined && module !== undefined ? `${module}::` : "";
    this.plugin = name;
    this.name = fn.method === undefined ? fn.name : `${fn.method}.${fn.name}`;
    this.function = `${prefix}${this.name}`;
    this.call = `${this.function}(${shown.join(", ")})`;
  }

  toString(): string {
    return `${this.function} of plugin ${this.plugin}`;
  }

  error(code: ErrorCode, facts: Facts = {}): VsmtpError {
    return new VsmtpError(code, { plugin: this.plugin, function: this.function, call: this.call, ...facts });
  }

  wrongType(parameter: string, expected: string, value: Value): VsmtpError {
    return this.error("PLUGIN_ARGUMENT_TYPE", { parameter, expected, found: withArticle(typeName(value)) });
  }
}

/** The name that vSL has for what a parameter takes; `any` for values. */
export function typeOf(passing: Argument["passing"], nameOf: (cType: string) => string): string {
  switch (passing.kind) {
    case "int":
      return "i64";
    case "bool":
      return "bool";
    case "double":
      return "f64";
    case "string":
      return "string";
    case "value":
      return "any";
    case "object":
      return nameOf(passing.cType);
  }
}

export function withArticle(type: string): string {
  if (type === "()") return type;
  return /^(?:[aeio]|f64)/i.test(type) ? `an ${type}` : `a ${type}`;
}
