/**
 * Compiles scripts that come as text and not as a file of their own: from a command line, a pipe or a prompt.
 *
 * It takes the same steps as the engine does for files. Modules that a text imports are files; each is run once in the
 * life of a compiler, however many texts import it.
 */

import { existsSync } from "node:fs";
import { VsmtpError } from "../errors.ts";
import type { Names } from "./check/names.ts";
import { resolveUnits } from "./check/resolve-units.ts";
import type { Surroundings } from "./check/surroundings.ts";
import { Suspension } from "./check/suspension.ts";
import { type CompiledUnit, compileUnit } from "./compiler/unit-compiler.ts";
import { type EngineOptions, ScriptProblems, surroundingsOf } from "./engine.ts";
import { NativeModule } from "./host.ts";
import { Linker, scriptFile } from "./linker.ts";
import { defaultLimits, type Limits, Run } from "./run.ts";
import { finished } from "./script.ts";
import type { Import, Tree } from "./syntax/ast.ts";
import type { Source } from "./syntax/source.ts";
import { type Unit, unitOf } from "./unit.ts";

/** A text that is ready to run. */
export interface CompiledText {
  readonly unit: Unit;
  readonly names: Names;
  readonly instance: CompiledUnit;
}

export class TextCompiler {
  readonly surroundings: Surroundings;
  readonly suspension: Suspension;
  readonly #options: EngineOptions;
  readonly #limits: Limits;
  readonly #compiled = new Map<Unit, CompiledUnit>();
  /** Those that have run, by their files. */
  readonly #modules = new Map<string, Unit>();
  #linker: Linker;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#limits = options.limits ?? defaultLimits;
    this.surroundings = surroundingsOf(options);
    this.suspension = new Suspension(this.surroundings);
    this.#linker = this.#newLinker();
  }

  /** Runs the top level of modules that are imported for the first time. @throws VsmtpError, several: ScriptProblems */
  async compile(source: Source, tree: Tree): Promise<CompiledText> {
    const unit = unitOf(source, tree);
    const problems = tree.imports.flatMap((statement) => this.#import(unit, statement));
    problems.push(...this.#linker.problems);
    const modules = this.#linker.units.filter((one) => !this.#compiled.has(one));
    try {
      const names = this.#resolve([...modules, unit], problems);
      for (const module of modules) await this.#build(module, names.get(module) as Names, true);
      const instance = await this.#build(unit, names.get(unit) as Names, false);
      return { unit, names: names.get(unit) as Names, instance };
    } catch (error) {
      // Modules that did not come to run are read again when they are imported again.
      if (modules.length > 0 || this.#linker.problems.length > 0) this.#linker = this.#newLinker();
      throw error;
    }
  }

  /** @throws ScriptProblems */
  #resolve(units: readonly Unit[], before: readonly VsmtpError[]): ReadonlyMap<Unit, Names> {
    const { names, problems: found } = resolveUnits(units, this.surroundings);
    const problems = [...before, ...found];
    if (problems.length > 0) throw new ScriptProblems(problems);
    for (const unit of units) this.suspension.add(names.get(unit) as Names);
    this.suspension.decide();
    return names;
  }

  async #build(unit: Unit, names: Names, isModule: boolean): Promise<CompiledUnit> {
    const instanceOf = (other: Unit) => this.#compiled.get(other) as CompiledUnit;
    const instance = compileUnit(unit, names, this.surroundings, this.suspension, instanceOf);
    this.#compiled.set(unit, instance);
    if (!isModule) return instance;
    await finished(() => instance.top(this.newRun(), 0));
    this.#modules.set(unit.file, unit);
    return instance;
  }

  newRun(): Run {
    return new Run(this.#limits);
  }

  #newLinker(): Linker {
    return new Linker(this.#options.directory, this.#options.resolve, this.#options.files);
  }

  /** What is wrong with it; what is wrong with the module the linker knows. */
  #import(unit: Unit, { specifier, specifierAt, specifierEnd }: Import): VsmtpError[] {
    if (unit.imports.has(specifier)) return [];
    const file = scriptFile(this.#options.directory, specifier);
    if (existsSync(file)) {
      const imported = this.#modules.get(file) ?? this.#linker.root(file);
      if (imported) unit.imports.set(specifier, { kind: "script", unit: imported });
      for (const module of this.#linker.natives) this.surroundings.learn(module);
      return [];
    }
    const module = this.#options.resolve?.(specifier, unit.file) ?? notFound(specifier, file);
    if (module instanceof NativeModule) {
      this.surroundings.learn(module);
      unit.imports.set(specifier, { kind: "native", module });
      return [];
    }
    const place = unit.source.place(specifierAt, specifierEnd);
    return [new VsmtpError(module.code, module.facts, { place, cause: module })];
  }
}

function notFound(specifier: string, file: string): VsmtpError {
  const hint = "Check the path; it is relative to the directory that this runs in";
  return new VsmtpError("VSL_MODULE_NOT_FOUND", { specifier, file, hint });
}
