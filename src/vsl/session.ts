/**
 * A conversation with the language: inputs one after the other, each of which sees what those before it declared.
 *
 * An input becomes a script of its own. Functions and imports of earlier inputs are put behind its text. Its own
 * statements become the body of a closure, so that every variable lives in a cell; when the closure is called, it is
 * given the session's cells instead of its own. So variables stay the same across inputs, closures that captured them
 * included. An input that fails declares nothing.
 */

import type { Place } from "../errors.ts";
import { VsmtpError } from "../errors.ts";
import { type Code, type ImportedModule, type Names, needsCell } from "./check/names.ts";
import { Resolver } from "./check/resolver.ts";
import type { Surroundings } from "./check/surroundings.ts";
import { type EngineOptions, ScriptProblems } from "./engine.ts";
import { FnPtr } from "./function-pointer.ts";
import { NativeModule } from "./host.ts";
import { finished } from "./script.ts";
import type { Closure, Expression, FunctionDeclaration, Import, Let, Statement, Tree } from "./syntax/ast.ts";
import { parse } from "./syntax/parser.ts";
import { Source } from "./syntax/source.ts";
import { type CompiledText, TextCompiler } from "./text-compiler.ts";
import { unitOf } from "./unit.ts";
import { type Cell, type Value, VslArray } from "./value.ts";

interface Variable {
  readonly cell: Cell;
  readonly constant: boolean;
}

/** A function or an import of an earlier input. */
interface Kept {
  readonly text: string;
  /** Where it was given. */
  readonly name: string;
  readonly line: number;
  readonly statement: FunctionDeclaration | Import;
}

/** No script can write these names and offsets. */
const CONSTANTS = "$session";
const END = -1;

export class Session {
  readonly #compiler: TextCompiler;
  readonly #variables = new Map<string, Variable>();
  readonly #kept = new Map<string, Kept>();
  /** Constants, where the compiled code of functions finds them. */
  readonly #constants = new NativeModule(CONSTANTS);
  readonly #modules: ReadonlyMap<string, NativeModule>;
  /** By their aliases. */
  readonly #imported = new Map<string, ImportedModule>();

  constructor(options: EngineOptions) {
    this.#modules = options.modules ?? new Map();
    const modules = new Map([...this.#modules, [CONSTANTS, this.#constants]]);
    this.#compiler = new TextCompiler({ ...options, modules });
    this.#compiler.suspension.add(anyPointerMayWait(this.#compiler.surroundings));
  }

  /** Runs one input; `name` stands in the places of its errors. @throws VsmtpError */
  async evaluate(text: string, name: string): Promise<Value> {
    // By itself first: what comes behind it must not end what it left open.
    const own = parse(new Source(name, text));
    const added = keptOf(own, text, name);
    const kept = new Map([...this.#kept, ...added]);
    const behind = [...kept].filter(([key]) => !added.has(key)).map(([, one]) => one);
    try {
      const source = new Source(name, [`${text}\n;`, ...behind.map((one) => one.text)].join("\n"));
      const value = await this.#run(source, text.length);
      for (const [key, one] of added) this.#kept.set(key, one);
      return value;
    } catch (error) {
      throw error instanceof VsmtpError ? placed(error, name, lineCount(text) + 1, behind) : error;
    }
  }

  async #run(source: Source, length: number): Promise<Value> {
    const { statements, imports, end } = parse(source);
    const isKept = ({ kind }: Statement) => kind === "function" || kind === "import";
    const own = statements.filter((statement) => statement.at < length && !isKept(statement));
    const declared = new Map(own.flatMap((one) => (one.kind === "let" ? [[one.name, one.constant]] : [])));
    const body = closure(bodyOf(own, [...declared.keys()]), end);
    const before = [...this.#variables].map(([name, { constant }]) => declaration(name, constant));
    const tree: Tree = {
      kind: "script",
      statements: [...statements.filter(isKept), ...before, statementOf(body)],
      imports,
      end,
    };
    const compiled = await this.#compiler.compile(source, tree);
    const result = await this.#call(compiled, body);
    for (const { alias, specifier } of imports) {
      const module = compiled.unit.imports.get(specifier);
      if (alias !== undefined && module) this.#imported.set(alias, module);
    }
    if (!isEnding(result)) return result;
    const [, value, ...probes] = result.items;
    [...declared].forEach(([name, constant], i) => {
      this.#declare(name, constant, (probes[i] as FnPtr).cells[0] as Cell);
    });
    return value;
  }

  /** Calls the body on the cells of this session. */
  async #call({ instance, names }: CompiledText, body: Closure): Promise<Value> {
    const made = (await finished(() => instance.top(this.#compiler.newRun(), 0))) as FnPtr;
    const code = names.codes.get(body) as Code;
    const cells = [...code.captures].filter(needsCell).map(({ name }) => (this.#variables.get(name) as Variable).cell);
    return finished(() => new FnPtr(made.target, cells).invoke(this.#compiler.newRun(), []));
  }

  #declare(name: string, constant: boolean, cell: Cell): void {
    this.#variables.set(name, { cell, constant });
    if (constant) this.#constants.variables.set(name, cell.v);
    else this.#constants.variables.delete(name);
  }

  /** Names that an input can use now, those of its functions without parentheses. */
  get names(): { readonly variables: string[]; readonly functions: string[]; readonly modules: string[] } {
    const kept = [...this.#kept.values()].map(({ statement }) => statement);
    const functions = kept.flatMap((one) => (one.kind === "function" ? [one.name] : []));
    return {
      variables: [...this.#variables.keys()],
      functions: [...new Set([...functions, ...this.#compiler.surroundings.functionNames()])],
      modules: [...new Set([...this.#imported.keys(), ...this.#modules.keys()])],
    };
  }

  /** What stands behind `module::`, or `outer::inner::`; empty for what is no module. */
  members(path: readonly string[]): string[] {
    const [first = "", ...rest] = path;
    const builtin = this.#modules.get(first);
    let module: ImportedModule | undefined =
      this.#imported.get(first) ?? (builtin && { kind: "native", module: builtin });
    for (const name of rest) {
      const inner: NativeModule | undefined = module?.kind === "native" ? module.module.modules.get(name) : undefined;
      module = inner && { kind: "native", module: inner };
    }
    return module ? offered(module) : [];
  }
}

function offered(module: ImportedModule): string[] {
  if (module.kind === "native") {
    const { functions, variables, modules } = module.module;
    return [...functions.keys(), ...variables.keys(), ...modules.keys()];
  }
  const functions = [...module.unit.functions.values()].flat().filter((declared) => !declared.private);
  return [...new Set([...functions.map(({ name }) => name), ...module.unit.exports.keys()])];
}

/** By what a later declaration replaces. */
function keptOf({ statements }: Tree, text: string, name: string): Map<string, Kept> {
  const kept = new Map<string, Kept>();
  const source = new Source(name, text);
  for (const statement of statements) {
    if (statement.kind !== "function" && statement.kind !== "import") continue;
    const { at, end } = statement;
    kept.set(keyOf(statement), { text: `${text.slice(at, end)};`, name, line: source.place(at).line, statement });
  }
  return kept;
}

function keyOf(statement: FunctionDeclaration | Import): string {
  if (statement.kind === "import") return `import ${statement.alias ?? statement.specifier}`;
  return `fn ${statement.thisType ?? ""}.${statement.name}/${statement.parameters.length}`;
}

const nowhere = { at: 0, end: 0 };

/** A variable of an earlier input. Its cell replaces the one that is made here. */
function declaration(name: string, constant: boolean): Let {
  const init: Expression = { kind: "variable", path: [CONSTANTS], name, ...nowhere };
  return {
    kind: "let",
    name,
    nameAt: 0,
    constant,
    exported: false,
    init: constant ? init : undefined,
    doc: "",
    ...nowhere,
  };
}

/** Ends with an array of the input's value and of a closure on each variable that it declared, which has its cell. */
function bodyOf(own: readonly Statement[], declared: readonly string[]): Statement[] {
  const last = own.at(-1);
  const value: Expression =
    last?.kind === "expression" ? last.expression : { kind: "literal", value: undefined, ...nowhere };
  const probes = declared.map((name) => closure([statementOf({ kind: "variable", path: [], name, ...nowhere })], 0));
  const ending: Expression = { kind: "array", items: [closure([], 0, END), value, ...probes], ...nowhere };
  const before = last?.kind === "expression" ? own.slice(0, -1) : own;
  return [...before.filter(({ kind }) => kind !== "export"), statementOf(ending)];
}

/** Whether a body came to its end: a `return` in it gives a value of its own. */
function isEnding(value: Value): value is VslArray {
  const [first] = value instanceof VslArray ? value.items : [];
  return first instanceof FnPtr && first.name === `anon$${END}`;
}

function closure(statements: readonly Statement[], end: number, at = 0): Closure {
  return { kind: "closure", parameters: [], body: { kind: "block", statements, at: 0, end }, at, end };
}

function statementOf(expression: Expression): Statement {
  return { kind: "expression", expression, at: expression.at, end: expression.end };
}

/** Later inputs may pass closures that wait to code that is compiled already, so all code is ready for them. */
function anyPointerMayWait(surroundings: Surroundings): Names {
  const unit = unitOf(new Source("", ""), { kind: "script", statements: [], imports: [], end: 0 });
  const { names } = new Resolver(unit, surroundings);
  const node = closure([], 0);
  names.codes.set(node, { ...names.top, node, suspends: true });
  return names;
}

function lineCount(text: string): number {
  return text.split("\n").length;
}

/** Errors in what was put behind the input are shown where it was given. */
function placed(error: VsmtpError, name: string, before: number, behind: readonly Kept[]): VsmtpError {
  const place = error.place?.file === name ? relocated(error.place, before, behind) : error.place;
  if (error instanceof ScriptProblems && error.problems.length > 1) {
    return new ScriptProblems(error.problems.map((problem) => placed(problem, name, before, behind)));
  }
  return place === error.place || place === undefined
    ? error
    : new VsmtpError(error.code, error.facts, { place, cause: error.cause });
}

function relocated(place: Place, before: number, behind: readonly Kept[]): Place {
  let first = before + 1;
  for (const { text, name, line } of behind) {
    const next = first + lineCount(text);
    if (place.line >= first && place.line < next) return { ...place, file: name, line: line + place.line - first };
    first = next;
  }
  return place;
}
