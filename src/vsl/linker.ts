/**
 * From file names to units: reads and parses scripts, follows their imports, finds circles.
 *
 * Units come out in an order in which each stands behind those it imports. A script is read once, under whatever
 * spelling it is imported.
 */

import { resolve } from "node:path";
import { reasonOf, VsmtpError } from "../errors.ts";
import type { ImportedModule } from "./check/names.ts";
import { NativeModule } from "./host.ts";
import { type ScriptFiles, scriptsOnDisk } from "./script-files.ts";
import type { Import } from "./syntax/ast.ts";
import { read } from "./syntax/parser.ts";
import { Source } from "./syntax/source.ts";
import { type Unit, unitOf } from "./unit.ts";

/** A module for an import that names no script; an error that says why not; undefined: unknown. */
export type ResolveImport = (specifier: string, importer: string) => NativeModule | VsmtpError | undefined;

const EXTENSION = ".vsl";

export class Linker {
  readonly units: Unit[] = [];
  readonly natives = new Set<NativeModule>();
  readonly problems: VsmtpError[] = [];
  readonly #directory: string;
  readonly #resolve: ResolveImport | undefined;
  readonly #files: ScriptFiles;
  readonly #known = new Map<string, Unit>();
  /** Files that are being linked now, from the root down. */
  readonly #path: string[] = [];

  constructor(directory: string, resolveImport?: ResolveImport, files: ScriptFiles = scriptsOnDisk) {
    this.#directory = directory;
    this.#resolve = resolveImport;
    this.#files = files;
  }

  /** A script that is not imported but asked for. Undefined when it cannot be had; the problem is noted. */
  root(file: string): Unit | undefined {
    const path = resolve(this.#directory, file);
    const text = this.#files.read(path);
    if (typeof text === "string") return this.#link(path, text);
    this.problems.push(new VsmtpError("VSL_UNREADABLE", { file: path, reason: reasonOf(text) }));
    return undefined;
  }

  #link(file: string, text: string): Unit {
    const known = this.#known.get(file);
    if (known) return known;
    const source = new Source(file, text);
    const { tree, problems } = read(source);
    this.problems.push(...problems);
    const unit = unitOf(source, tree);
    this.#known.set(file, unit);
    this.#path.push(file);
    for (const statement of unit.tree.imports) this.#import(unit, statement);
    this.#path.pop();
    this.units.push(unit);
    return unit;
  }

  #import(unit: Unit, statement: Import): void {
    if (unit.imports.has(statement.specifier)) return;
    const found = this.#find(statement.specifier, unit.file);
    if (found instanceof VsmtpError) {
      const place = unit.source.place(statement.specifierAt, statement.specifierEnd);
      this.problems.push(new VsmtpError(found.code, found.facts, { place, cause: found }));
    } else if (found) unit.imports.set(statement.specifier, found);
  }

  /** A script beside `vsmtp.vsl` first, then whatever else the host knows. */
  #find(specifier: string, importer: string): ImportedModule | VsmtpError | undefined {
    const file = scriptFile(this.#directory, specifier);
    if (this.#path.includes(file)) return this.#cycle(file);
    const text = this.#files.read(file);
    if (typeof text === "string") {
      return { kind: "script", unit: this.#link(file, text) };
    }
    const native = this.#resolve?.(specifier, importer);
    if (native instanceof NativeModule) {
      this.natives.add(native);
      return { kind: "native", module: native };
    }
    return (
      native ??
      new VsmtpError("VSL_MODULE_NOT_FOUND", {
        specifier,
        file,
        hint: "Check the path; it is relative to the directory of vsmtp.vsl",
      })
    );
  }

  #cycle(file: string): VsmtpError {
    const circle = [...this.#path.slice(this.#path.indexOf(file)), file];
    return new VsmtpError("VSL_IMPORT_CYCLE", { cycle: circle.join(" → ") });
  }
}

/** The script that an import means, with or without its extension. */
export function scriptFile(directory: string, specifier: string): string {
  return `${resolve(directory, specifier)}${specifier.endsWith(EXTENSION) ? "" : EXTENSION}`;
}
