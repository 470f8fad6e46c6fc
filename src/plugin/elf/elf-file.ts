/**
 * One shared object, seen as the loader would see it, without being loaded: the face of the ELF reader.
 *
 * Opening it checks that it can be mapped; its tables are read when they are asked for. Whatever the bytes, only a
 * {@link VsmtpError} with an ELF_ code comes out (or PLUGIN_UNREADABLE, from a file whose disk fails).
 */

import { VsmtpError } from "../../errors.ts";
import { DT, type Dynamic, readDynamic } from "./dynamic.ts";
import { readSymbolHash, type SymbolHash, SymbolName } from "./hash.ts";
import { type Header, PT, readHeader } from "./header.ts";
import { MAX_NAME_BYTES_IN_ALL, MAX_SYMBOLS } from "./limits.ts";
import { type Note, readNotes } from "./notes.ts";
import { Relocations } from "./relocations.ts";
import { Segments } from "./segments.ts";
import type { Source } from "./source.ts";
import { type DynamicSymbol, SymbolTable } from "./symbols.ts";
import { Versions } from "./versions.ts";

/** A symbol that others must provide. */
export interface Wanted {
  readonly name: string;
  readonly version: string | undefined;
}

export class ElfFile {
  readonly source: Source;
  readonly header: Header;
  readonly segments: Segments;
  readonly dynamic: Dynamic;
  #notes: readonly Note[] | undefined;
  #symbols: SymbolTable | undefined;
  #hash: SymbolHash | undefined;
  #versions: Versions | undefined;
  #relocations: Relocations | undefined;
  #referenced: ReadonlySet<number> | undefined;
  #symbolCount: number | undefined;

  /** Throws when the file is no shared object for a 64-bit little-endian Linux, or is cut off or damaged. */
  constructor(source: Source) {
    this.source = source;
    this.header = readHeader(source);
    this.segments = new Segments(source, this.header);
    const dynamic = readDynamic(this.header, this.segments);
    if (!dynamic) throw new VsmtpError("ELF_NOT_A_LIBRARY", { file: source.file, kind: "a statically linked program" });
    this.dynamic = dynamic;
  }

  get file(): string {
    return this.source.file;
  }

  /** A program that is started, not a library that is loaded. */
  get isProgram(): boolean {
    return (
      this.header.type !== 3 || this.dynamic.pie || this.header.programHeaders.some(({ type }) => type === PT.INTERP)
    );
  }

  get notes(): readonly Note[] {
    this.#notes ??= readNotes(this.source, this.header);
    return this.#notes;
  }

  get symbols(): SymbolTable {
    this.#symbols ??= new SymbolTable(this.dynamic, this.segments);
    return this.#symbols;
  }

  get hash(): SymbolHash | undefined {
    this.#hash ??= readSymbolHash(this.dynamic, this.segments);
    return this.#hash;
  }

  get versions(): Versions {
    this.#versions ??= new Versions(this.dynamic, this.segments);
    return this.#versions;
  }

  get relocations(): Relocations {
    this.#relocations ??= new Relocations(this.dynamic, this.segments, this.header.machine);
    return this.#relocations;
  }

  /** How many functions run when the file is loaded, besides DT_INIT. Compilers put one of their own there. */
  get constructors(): number {
    return Math.floor((this.dynamic.get(DT.INIT_ARRAYSZ) ?? 0) / 8);
  }

  /** What dlsym would find in this file itself. */
  find(name: SymbolName): DynamicSymbol | undefined {
    const index = this.hash?.find(name, (at) => this.symbols.exports(at, name.bytes));
    return index === undefined ? undefined : this.symbols.at(index);
  }

  /** Whether this file satisfies a need. */
  provides({ name, version }: Wanted): boolean {
    const { symbols, versions } = this;
    const wanted = new SymbolName(name);
    const found = this.hash?.find(wanted, (at) => symbols.exports(at, wanted.bytes) && versions.serves(at, version));
    return found !== undefined;
  }

  /** How many dynamic symbols there are, as far as the loader can reach them. */
  get symbolCount(): number {
    this.#symbolCount ??= this.#countSymbols();
    return this.#symbolCount;
  }

  /** All dynamic symbols, in the order of the file. */
  listSymbols(): DynamicSymbol[] {
    const budget = new NameBudget(this.file);
    return Array.from({ length: this.symbolCount - 1 }, (_, index) => budget.spend(this.symbols.at(index + 1)));
  }

  /** The names of what it exports, those that begin with `prefix`. */
  exported(prefix: string): string[] {
    const start = Buffer.from(prefix);
    const names: string[] = [];
    for (let index = 1; index < this.symbolCount; index++) {
      if (this.symbols.exports(index, start)) names.push(this.symbols.at(index).name);
    }
    return names;
  }

  /** The symbols that the loader looks up elsewhere and that must exist; weak ones may be missing. */
  wanted(): Wanted[] {
    const budget = new NameBudget(this.file);
    const all: Wanted[] = [];
    for (const index of this.referenced) {
      if (this.symbols.defined(index)) continue;
      const { name, weak } = budget.spend(this.symbols.at(index));
      if (!weak) all.push({ name, version: this.versions.of(index) });
    }
    return all;
  }

  /**
   * The names that the loader looks up for this file. `own`: those of its own symbols, which others may define as well;
   * `all`: those that it wants from others too, even if it could do without.
   */
  looked(which: "own" | "all"): Wanted[] {
    const budget = new NameBudget(this.file);
    const all: Wanted[] = [];
    for (const index of this.referenced) {
      if (which === "own" && !this.symbols.defined(index)) continue;
      const { name, defined, exported } = budget.spend(this.symbols.at(index));
      if (exported || (!defined && name !== "")) all.push({ name, version: this.versions.of(index) });
    }
    return all;
  }

  /** Indices of the symbols that relocations refer to: those that the loader looks up. */
  get referenced(): ReadonlySet<number> {
    this.#referenced ??= new Set(this.relocations.all.flatMap(({ symbol }) => (symbol === 0 ? [] : symbol)));
    return this.#referenced;
  }

  #countSymbols(): number {
    let count = Math.max(1, this.hash?.count() ?? 1);
    // A file that exports nothing has a hash table that knows nothing; what it needs is in the relocations.
    for (const index of this.referenced) count = Math.max(count, index + 1);
    if (count <= Math.min(MAX_SYMBOLS, this.symbols.room)) return count;
    const reason = `${count} symbols do not fit`;
    throw new VsmtpError("ELF_DAMAGED", { file: this.file, part: "the dynamic symbol table", reason });
  }
}

class NameBudget {
  readonly #file: string;
  #left = MAX_NAME_BYTES_IN_ALL;

  constructor(file: string) {
    this.#file = file;
  }

  spend(symbol: DynamicSymbol): DynamicSymbol {
    this.#left -= symbol.name.length;
    if (this.#left >= 0) return symbol;
    throw new VsmtpError("ELF_DAMAGED", {
      file: this.#file,
      part: "the dynamic string table",
      reason: "its names overlap",
    });
  }
}
