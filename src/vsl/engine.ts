/**
 * Runs vSL: reads scripts with all that they import, checks them, compiles them once, and runs what is asked for.
 *
 * All scripts of a program are loaded together, because only then is it known which code may have to wait. A module is
 * run once, however many scripts import it; the order is that of the imports.
 */

import { VsmtpError } from "../errors.ts";
import { ScriptAnalysis } from "./analysis.ts";
import { checkArguments } from "./check/arguments.ts";
import type { Names } from "./check/names.ts";
import { resolveUnits } from "./check/resolve-units.ts";
import { Surroundings } from "./check/surroundings.ts";
import { Suspension } from "./check/suspension.ts";
import { TypeInference } from "./check/types.ts";
import { type CompiledUnit, compileUnit } from "./compiler/unit-compiler.ts";
import { type NativeModule, Unavailable } from "./host.ts";
import { standardLibrary } from "./library/index.ts";
import { Linker, type ResolveImport } from "./linker.ts";
import { defaultLimits, type Limits, Run } from "./run.ts";
import { finished, Script } from "./script.ts";
import type { ScriptFiles } from "./script-files.ts";
import type { Unit } from "./unit.ts";
import type { Value } from "./value.ts";

export interface EngineOptions {
  /** What import paths are relative to. */
  readonly directory: string;
  /** Modules that scripts reach without importing them. */
  readonly modules?: ReadonlyMap<string, NativeModule>;
  /** Functions that scripts call without a path. */
  readonly globals?: NativeModule;
  /** Modules that are no scripts; asked when no file of that name is there. */
  readonly resolve?: ResolveImport;
  /** Where scripts are; left out: on the disk. */
  readonly files?: ScriptFiles;
  readonly limits?: Limits;
  /** Where `print` and `debug` write a line; to stdout without it. */
  readonly print?: (line: string) => void;
}

export class Engine {
  readonly #options: EngineOptions;
  /** Modules whose top level failed; the scripts that import them were loaded all the same. */
  readonly failures: VsmtpError[] = [];

  constructor(options: EngineOptions) {
    this.#options = options;
  }

  /** Reads these scripts and what they import, for whoever records what is read; what is wrong with them is not told. */
  read(files: readonly string[]): void {
    const linker = new Linker(this.#options.directory, this.#options.resolve, this.#options.files);
    for (const file of files) linker.root(file);
  }

  /** Everything wrong with these scripts and what they import; nothing of them is run. */
  check(files: readonly string[]): VsmtpError[] {
    return this.analyze(files).problems;
  }

  /** As `check`, with what can be asked about each of the scripts that could be read. */
  analyze(files: readonly string[]): Analysis {
    const { units, roots, surroundings, problems } = this.#prepare(files);
    const inference = new TypeInference(surroundings);
    const scripts = roots.map((unit) => new ScriptAnalysis(unit, surroundings, inference));
    const certain = units.flatMap((unit) => checkArguments(unit, surroundings, inference));
    return { scripts, problems: inOrder([...problems, ...certain]) };
  }

  /** Compiles the scripts and runs the top level of each module once. Throws the first problem as a VsmtpError. */
  async load(files: readonly string[]): Promise<Script[]> {
    const { units, roots, names, surroundings, problems } = this.#prepare(files);
    if (problems[0]) throw new ScriptProblems(problems);
    const suspension = new Suspension(surroundings);
    for (const unit of units) suspension.add(names.get(unit) as Names);
    suspension.decide();
    const limits = this.#options.limits ?? defaultLimits;
    const compiled = new Map<Unit, CompiledUnit>();
    const scripts = new Map<Unit, Script>();
    for (const unit of units) {
      const instance = compileUnit(
        unit,
        names.get(unit) as Names,
        surroundings,
        suspension,
        (other) => compiled.get(other) as CompiledUnit,
      );
      compiled.set(unit, instance);
      scripts.set(unit, new Script(instance, await this.#runTop(instance, limits, roots.includes(unit)), limits));
    }
    return roots.map((unit) => scripts.get(unit) as Script);
  }

  /** A module that fails leaves others to run: what it should have exported fails when it is used. */
  async #runTop(instance: CompiledUnit, limits: Limits, isRoot: boolean): Promise<Value> {
    try {
      return await finished(() => instance.top(new Run(limits), 0));
    } catch (error) {
      if (isRoot || !(error instanceof VsmtpError)) throw error;
      this.failures.push(error);
      for (const name of instance.unit.exports.keys()) instance.exports.set(name, new Unavailable(error, false));
      return undefined;
    }
  }

  #prepare(files: readonly string[]) {
    const linker = new Linker(this.#options.directory, this.#options.resolve, this.#options.files);
    const roots = files.map((file) => linker.root(file)).filter((unit) => unit !== undefined);
    const surroundings = surroundingsOf(this.#options);
    for (const module of linker.natives) surroundings.learn(module);
    const resolved = resolveUnits(linker.units, surroundings);
    const problems = [...linker.problems, ...resolved.problems];
    return { units: linker.units, roots, names: resolved.names, surroundings, problems };
  }
}

/** What every script of such an engine finds: the standard library, then what the embedder adds. */
export function surroundingsOf({ print, globals, modules }: EngineOptions): Surroundings {
  return new Surroundings([...standardLibrary(print), ...(globals ? [globals] : [])], modules ?? new Map());
}

export interface Analysis {
  /** Everything wrong, in the order of files and lines. */
  readonly problems: VsmtpError[];
  readonly scripts: readonly ScriptAnalysis[];
}

/** Within each file in the order of its text; files in the order in which they come first. */
function inOrder(problems: readonly VsmtpError[]): VsmtpError[] {
  const files = new Map<string | undefined, number>();
  for (const { place } of problems) if (!files.has(place?.file)) files.set(place?.file, files.size);
  const rank = ({ place }: VsmtpError) => files.get(place?.file) as number;
  return problems.toSorted(
    (a, b) =>
      rank(a) - rank(b) ||
      (a.place?.line ?? 0) - (b.place?.line ?? 0) ||
      (a.place?.column ?? 0) - (b.place?.column ?? 0),
  );
}

/** All that is wrong with the scripts of a program, thrown as its first problem. */
export class ScriptProblems extends VsmtpError {
  readonly problems: readonly VsmtpError[];

  constructor(problems: readonly VsmtpError[]) {
    const [first] = problems as [VsmtpError];
    super(first.code, first.facts, { ...(first.place && { place: first.place }) });
    this.problems = problems;
  }
}
