/**
 * Writes the JavaScript of one body of code: keeps the statements written so far, hands out temporaries, and marks in
 * the text where in the script each piece came from.
 *
 * Emitters of expressions return JavaScript expressions. What JavaScript can only say in statements (a block, a loop
 * as a value) they write out first and return the temporary that holds the result; operands that come before are put
 * into temporaries too, so that the order of evaluation stays.
 */

import { type Binding, type Code, type Names, needsCell } from "../check/names.ts";
import type { Surroundings } from "../check/surroundings.ts";
import type { Suspension } from "../check/suspension.ts";
import type { Expression } from "../syntax/ast.ts";
import type { Unit } from "../unit.ts";

/** What a compiled unit shares among its functions. */
export interface UnitContext {
  readonly unit: Unit;
  readonly names: Names;
  readonly surroundings: Surroundings;
  readonly suspension: Suspension;
  /** A name under which compiled code reaches a JavaScript value. */
  external(value: unknown): string;
  /** Compiled functions and exported variables of another unit. */
  instanceOf(unit: Unit): Instance;
}

/** A compiled function as others reach it. */
export interface CompiledFunction {
  readonly code: (...args: never[]) => unknown;
  readonly usesThis: boolean;
  readonly thisType: string | undefined;
}

/** A unit that can run. */
export interface Instance {
  /** Overloads by `name/arity`. */
  readonly functions: Map<string, readonly CompiledFunction[]>;
  /** Filled when the top level runs. */
  readonly exports: Map<string, unknown>;
}

/** Where the value of a statement goes. */
export type Destination =
  | { readonly kind: "discard" }
  | { readonly kind: "return" }
  | { readonly kind: "assign"; readonly name: string };

export const DISCARD: Destination = { kind: "discard" };

export class Emitter {
  readonly context: UnitContext;
  readonly code: Code;
  /** Results of the loops around the current place; undefined where nobody wants one. */
  readonly loops: (string | undefined)[] = [];
  /** What was computed already, by the expression that it stands for. */
  readonly standIns = new Map<Expression, string>();
  /** The `?.` and `?[` whose object is known not to be `()`. */
  readonly settledLinks = new Set<Expression>();
  #lines: string[] = [];
  readonly #temporaries: string[] = [];
  #labels = 0;

  constructor(context: UnitContext, code: Code) {
    this.context = context;
    this.code = code;
  }

  get names(): Names {
    return this.context.names;
  }

  write(statement: string): void {
    this.#lines.push(statement);
  }

  /** What `body` writes, as one text. */
  nested(body: () => void): string {
    const outer = this.#lines;
    this.#lines = [];
    body();
    const text = this.#lines.join("\n");
    this.#lines = outer;
    return text;
  }

  /** A variable of the whole function that nothing else uses. */
  temporary(): string {
    const name = `t${this.#temporaries.length}`;
    this.#temporaries.push(name);
    return name;
  }

  label(): string {
    return `L${this.#labels++}`;
  }

  /** Puts a value into a temporary now. */
  spill(expression: string): string {
    const name = this.temporary();
    this.write(`${name} = ${expression};`);
    return name;
  }

  /** The declaration of all temporaries; to be written in front. */
  prologue(): string {
    return this.#temporaries.length === 0 ? "" : `let ${this.#temporaries.join(", ")};\n`;
  }

  /** Starts a line that located.ts leads back to this offset of the script. */
  mark(offset: number): string {
    return `\n/*@${offset}*/`;
  }

  /** Hands a value over to where a statement's value goes. */
  finish(destination: Destination, expression: string): void {
    if (destination.kind === "return") this.write(`return (${expression});`);
    else if (destination.kind === "assign") this.write(`${destination.name} = ${expression};`);
    else if (!/^[\w$]*$/.test(expression)) this.write(`${expression};`);
  }

  /** Counts one operation. */
  tick(offset: number): void {
    this.write(`${this.mark(offset)}if (--$.fuel < 0) $.exhausted();`);
  }
}

/** The JavaScript variable that holds a binding, or its cell. */
export function variableName(binding: Binding): string {
  return `${binding.name}$${binding.id}`;
}

/** What reads or writes the value of a binding. */
export function holderOf(binding: Binding): string {
  return needsCell(binding) ? `${variableName(binding)}.v` : variableName(binding);
}

/** Declares a binding with its first value. */
export function declaration(binding: Binding, value: string): string {
  return needsCell(binding)
    ? `const ${variableName(binding)} = new Cell(${value});`
    : `let ${variableName(binding)} = ${value};`;
}

/** The variable at unit level through which functions see a top-level constant. */
export function constantName(name: string): string {
  return `g$${name}`;
}
