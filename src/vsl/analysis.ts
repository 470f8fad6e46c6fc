/**
 * What an embedder can ask about scripts that are not run: the value they end with, what expressions may give, how a
 * function can end, and which natives it may call. Answers are what is certain from the text; the rest is unknown.
 */

import type { Place } from "../errors.ts";
import { endingsOf, type Ending as TreeEnding, valueEndings } from "./check/endings.ts";
import type { Surroundings } from "./check/surroundings.ts";
import type { TypeInference, Types } from "./check/types.ts";
import type { NativeFunction } from "./host.ts";
import type { Block, Call, Expression, FunctionDeclaration, Statement } from "./syntax/ast.ts";
import { walk } from "./syntax/walk.ts";
import { functionKey, type Unit } from "./unit.ts";

export type { Types } from "./check/types.ts";

/** One of the ways in which a piece of code can end. */
export interface Ending extends TreeEnding {
  readonly place: Place;
  readonly types: Types;
  /** The native whose result it is, as the script names it: `state::next`. */
  readonly call: string | undefined;
}

/** A place where natives are called, possibly by functions of scripts that are called there. */
export interface NativeUse {
  readonly name: string;
  /** The overloads that it can be. */
  readonly functions: readonly NativeFunction[];
  readonly place: Place;
}

/** Code that runs later: the body of a closure or function, and the script in which it stands. */
export interface Body {
  readonly unit: Unit;
  readonly block: Block;
}

export class ScriptAnalysis {
  readonly #unit: Unit;
  readonly #surroundings: Surroundings;
  readonly #inference: TypeInference;

  constructor(unit: Unit, surroundings: Surroundings, inference: TypeInference) {
    this.#unit = unit;
    this.#surroundings = surroundings;
    this.#inference = inference;
  }

  get file(): string {
    return this.#unit.file;
  }

  /** Whether it defines a function of that name with so many parameters. */
  has(name: string, arity: number): boolean {
    return this.#unit.functions.has(functionKey(name, arity));
  }

  /** Whether parts of the script could not be read, so that what seems to be missing may be there. */
  get isPartial(): boolean {
    return (this.#unit.tree.unsure?.size ?? 0) > 0;
  }

  place(node: { readonly at: number; readonly end: number }): Place {
    return this.#unit.source.place(node.at, node.end);
  }

  /** The statement whose value is that of the script. */
  get last(): Statement | undefined {
    return this.#unit.tree.statements.findLast(({ kind }) => kind !== "function");
  }

  /** What a variable holds that never gets another value; other expressions themselves. */
  resolved(node: Expression): Expression {
    if (node.kind !== "variable") return node;
    const meaning = this.#surroundings.namesOf(this.#unit).variables.get(node);
    const init = meaning?.kind === "binding" && !meaning.binding.assigned ? meaning.binding.init : undefined;
    return init ? this.resolved(init) : node;
  }

  types(node: Expression): Types {
    return this.#inference.of(this.#unit, node);
  }

  /** The code of a closure, or of a function named by `Fn("…")`. */
  body(node: Expression): Body | undefined {
    const found = this.resolved(node);
    if (found.kind === "closure") return { unit: this.#unit, block: found.body };
    if (found.kind !== "call" || found.name !== "Fn") return undefined;
    const [name] = found.args;
    const declarations = [...this.#unit.functions.values()].flat();
    const named = declarations.find((fn) => name?.kind === "literal" && fn.name === name.value);
    return named && { unit: this.#unit, block: named.body };
  }

  /** How the body can end. Functions of scripts that it ends with are looked into. */
  endings(body: Body): Ending[] {
    return [...this.#endings(body.unit, endingsOf(body.block), new Set())];
  }

  *#endings(unit: Unit, endings: readonly TreeEnding[], seen: Set<object>): Generator<Ending> {
    for (const ending of endings) {
      const node = ending.kind === "value" ? this.#resolvedIn(unit, ending.node as Expression) : undefined;
      const meaning = node?.kind === "call" ? this.#surroundings.namesOf(unit).calls.get(node) : undefined;
      if (meaning?.kind === "script") {
        if (seen.has(meaning.declaration)) continue;
        seen.add(meaning.declaration);
        yield* this.#endings(meaning.unit, endingsOf(meaning.declaration.body), seen);
        continue;
      }
      if (node && node !== ending.node && isBranching(node)) {
        yield* this.#endings(unit, valueEndings(node), seen);
        continue;
      }
      const place = unit.source.place(ending.node.at, ending.node.end);
      const types = this.#inference.ofEndings(unit, [ending]);
      yield { ...ending, place, types, call: meaning?.kind === "native" ? meaning.name : undefined };
    }
  }

  #resolvedIn(unit: Unit, node: Expression): Expression {
    return unit === this.#unit ? this.resolved(node) : node;
  }

  /** Natives that the body may call, without those whose errors it catches. */
  *natives(body: Body): Generator<NativeUse> {
    for (const { node, unit } of this.#calls(body.unit, body.block)) {
      const place = unit.source.place(node.at, node.end);
      const meaning = this.#surroundings.namesOf(unit).calls.get(node);
      if (meaning?.kind === "native") yield { name: meaning.name, functions: meaning.functions, place };
      if (meaning?.kind !== "script") continue;
      for (const inner of this.#below(meaning.unit, meaning.declaration, new Set())) yield { ...inner, place };
    }
  }

  /** Natives of a function of a script and of those that it calls. */
  *#below(unit: Unit, declaration: FunctionDeclaration, seen: Set<object>): Generator<Omit<NativeUse, "place">> {
    if (seen.has(declaration)) return;
    seen.add(declaration);
    for (const { node } of this.#calls(unit, declaration.body)) {
      const meaning = this.#surroundings.namesOf(unit).calls.get(node);
      if (meaning?.kind === "native") yield { name: meaning.name, functions: meaning.functions };
      else if (meaning?.kind === "script") yield* this.#below(meaning.unit, meaning.declaration, seen);
    }
  }

  *#calls(unit: Unit, block: Block): Generator<{ node: Call; unit: Unit }> {
    for (const statement of block.statements) {
      for (const node of walk(statement, (inner) => inner.kind !== "try")) {
        if (node.kind === "call") yield { node, unit };
        else if (node.kind === "try") yield* this.#calls(unit, node.handler);
      }
    }
  }
}

function isBranching({ kind }: Expression): boolean {
  return kind === "block" || kind === "if" || kind === "switch";
}
