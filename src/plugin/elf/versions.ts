/**
 * Symbol versions: which ones a file wants from which library (DT_VERNEED), which ones it defines (DT_VERDEF), and
 * which one each of its symbols has (DT_VERSYM). A plugin built on a newer system gives itself away here: it wants
 * GLIBC_2.38 where the C library ends at GLIBC_2.36.
 *
 * Linux Standard Base, "Symbol Versioning"; glibc's elf/dl-version.c.
 */

import { DT, type Dynamic } from "./dynamic.ts";
import { systemHash } from "./hash.ts";
import { MAX_VERSIONS } from "./limits.ts";
import type { Region } from "./region.ts";
import type { Segments } from "./segments.ts";

export interface NeededVersion {
  /** SONAME of the library that must define it. */
  readonly library: string;
  readonly name: string;
  /** The loader only warns when it is missing. */
  readonly weak: boolean;
  /** What stands in DT_VERSYM for symbols that want it. */
  readonly index: number;
}

const FLAG_BASE = 1;
const FLAG_WEAK = 2;
const INDEX_BITS = 0x7fff;
const HIDDEN_BIT = 0x8000;

export class Versions {
  readonly needed: readonly NeededVersion[];
  /** By index. Without the one that only repeats the file's name. */
  readonly defined: ReadonlyMap<number, string>;
  readonly #ofSymbols: Region | undefined;
  readonly #names = new Map<number, string>();
  readonly #definedNames: ReadonlySet<string>;
  readonly #highest: number;

  constructor(dynamic: Dynamic, segments: Segments) {
    this.needed = readNeeded(dynamic, segments);
    this.defined = readDefined(dynamic, segments);
    this.#definedNames = new Set(this.defined.values());
    for (const { index, name } of this.needed) this.#names.set(index, name);
    for (const [index, name] of this.defined) this.#names.set(index, name);
    this.#highest = Math.max(0, ...this.#names.keys());
    const address = dynamic.get(DT.VERSYM);
    this.#ofSymbols = address === undefined ? undefined : segments.at("the symbol version table", address);
  }

  /** Whether symbols have versions at all; the loader gives up when it looks for one in a file without. */
  get present(): boolean {
    return this.#ofSymbols !== undefined;
  }

  /** Whether it has versions of its own; a library without satisfies every need, with a warning. */
  get defines(): boolean {
    return this.#definedNames.size > 0;
  }

  has(name: string): boolean {
    return this.#definedNames.has(name);
  }

  /** The version that a symbol has or wants. */
  of(symbol: number): string | undefined {
    const index = this.#indexOf(symbol);
    return index === undefined ? undefined : this.#names.get(index & INDEX_BITS);
  }

  /** Whether a definition serves a need for `version`, as elf/dl-lookup.c decides it. */
  serves(symbol: number, version: string | undefined): boolean {
    const index = this.#indexOf(symbol);
    if (version === undefined || index === undefined) return true;
    const own = this.#names.get(index & INDEX_BITS);
    return own === undefined ? (index & HIDDEN_BIT) === 0 : own === version;
  }

  /** Throws when a symbol's version is none that the file explains: the loader would read beyond its tables. */
  check(symbols: number): void {
    const table = this.#ofSymbols;
    if (table === undefined) return;
    if (this.#highest === 0) throw table.damaged("the file neither needs nor defines a version");
    const view = table.view(0, symbols * 2);
    const highest = Math.max(1, this.#highest);
    for (let symbol = 0; symbol < symbols; symbol++) {
      if ((view.getUint16(symbol * 2, true) & INDEX_BITS) > highest) {
        throw table.damaged(`symbol ${symbol} has a version that does not exist`);
      }
    }
  }

  #indexOf(symbol: number): number | undefined {
    return this.#ofSymbols?.u16(symbol * 2);
  }
}

function readNeeded(dynamic: Dynamic, segments: Segments): NeededVersion[] {
  const address = dynamic.get(DT.VERNEED);
  if (address === undefined) return [];
  const table = segments.at("the table of needed versions", address);
  const needed: NeededVersion[] = [];
  for (const at of chain(table, 0, 12)) {
    checkRevision(table, at);
    const library = dynamic.names.text(table.u32(at + 4));
    for (const aux of chain(table, at + table.u32(at + 8), 12)) {
      if (needed.length >= MAX_VERSIONS) throw table.damaged("it has too many entries");
      const name = dynamic.names.text(table.u32(aux + 8));
      if (table.u32(aux) !== systemHash(Buffer.from(name))) throw table.damaged(`the entry of ${name} is garbled`);
      needed.push({
        library,
        name,
        weak: (table.u16(aux + 4) & FLAG_WEAK) !== 0,
        index: table.u16(aux + 6) & INDEX_BITS,
      });
    }
  }
  return needed;
}

function readDefined(dynamic: Dynamic, segments: Segments): Map<number, string> {
  const defined = new Map<number, string>();
  const address = dynamic.get(DT.VERDEF);
  if (address === undefined) return defined;
  const table = segments.at("the table of defined versions", address);
  for (const at of chain(table, 0, 16)) {
    checkRevision(table, at);
    if ((table.u16(at + 2) & FLAG_BASE) !== 0) continue;
    const name = dynamic.names.text(table.u32(at + table.u32(at + 12)));
    defined.set(table.u16(at + 4) & INDEX_BITS, name);
  }
  return defined;
}

/** vn_version and vd_version: there is only one, and the loader gives up at another. */
function checkRevision(table: Region, at: number): void {
  if (table.u16(at) !== 1) throw table.damaged(`it is of revision ${table.u16(at)}, not 1`);
}

/** The offsets of entries that are linked by a distance to the next one, which stands `nextAt` bytes into each. */
function* chain(table: Region, first: number, nextAt: number): Generator<number> {
  let at = first;
  for (let count = 0; count < MAX_VERSIONS; count++) {
    yield at;
    const distance = table.u32(at + nextAt);
    if (distance === 0) return;
    at += distance;
  }
  throw table.damaged("its chains are too long");
}
