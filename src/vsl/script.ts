/** A loaded script, as its host uses it: its value and its functions. */

import { VsmtpError } from "../errors.ts";
import { locate } from "./compiler/located.ts";
import type { CompiledUnit } from "./compiler/unit-compiler.ts";
import { type Code, type FnPtr, unboundThis } from "./function-pointer.ts";
import { type Limits, Run } from "./run.ts";
import { share } from "./runtime/containers.ts";
import { Exit } from "./script-error.ts";
import { functionKey } from "./unit.ts";
import type { Value } from "./value.ts";

export class Script {
  readonly file: string;
  /** What the last statement of the top level gave. */
  readonly value: Value;
  readonly #compiled: CompiledUnit;
  readonly #limits: Limits;

  constructor(compiled: CompiledUnit, value: Value, limits: Limits) {
    this.#compiled = compiled;
    this.file = compiled.unit.file;
    this.value = value;
    this.#limits = limits;
  }

  has(name: string, arity: number): boolean {
    return this.#compiled.functions.has(functionKey(name, arity));
  }

  /** Calls a function of the script. What goes wrong is a VsmtpError with its place. */
  call(name: string, args: readonly Value[], host?: unknown): Value | Promise<Value> {
    const overloads = this.#compiled.functions.get(functionKey(name, args.length));
    const compiled = overloads?.find((fn) => fn.thisType === undefined);
    if (!compiled) throw new VsmtpError("VSL_NO_FUNCTION", { file: this.file, name, count: args.length });
    const self = compiled.usesThis ? [unboundThis] : [];
    return finished(() => (compiled.code as Code)(new Run(this.#limits, host), 1, ...self, ...args.map(share)));
  }

  /** Calls a function pointer that the script made, on fresh copies of what it captured. */
  invoke(pointer: FnPtr, host?: unknown): Value | Promise<Value> {
    return finished(() => pointer.fresh().invoke(new Run(this.#limits, host), []));
  }
}

/** Runs script code; its errors, now or later, become VsmtpErrors that know their place. */
export function finished(run: () => Value | Promise<Value>): Value | Promise<Value> {
  try {
    const result = run();
    return result instanceof Promise ? result.catch(rethrow) : result;
  } catch (error) {
    return rethrow(error);
  }
}

function rethrow(error: unknown): Value {
  if (error instanceof Exit) return error.result;
  throw locate(error) ?? error;
}
