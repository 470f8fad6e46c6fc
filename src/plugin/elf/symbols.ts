/**
 * The dynamic symbol table: what a file exports, and what it wants from others. System V ABI, chapter 4 "Symbol Table".
 *
 * The table does not say how long it is; {@link SymbolHash} and the relocations know.
 */

import { DT, type Dynamic } from "./dynamic.ts";
import { PF } from "./header.ts";
import { type Region, wordOf } from "./region.ts";
import type { Segments } from "./segments.ts";

export const STT = { NOTYPE: 0, OBJECT: 1, FUNC: 2, TLS: 6, GNU_IFUNC: 10 } as const;

export const SYMBOL_BYTES = 24;
const WEAK = 2;
const GNU_UNIQUE = 10;
const SHN_UNDEF = 0;
const SHN_ABS = 0xfff1;

export interface DynamicSymbol {
  readonly name: string;
  /** Address, relative to where the file is loaded. */
  readonly address: number;
  readonly size: number;
  readonly type: number;
  readonly weak: boolean;
  /** One of several equal definitions, any of which will do: C++ makes them of templates and inline functions. */
  readonly shared: boolean;
  /** False: others have to provide it. */
  readonly defined: boolean;
  /** Visible for others. */
  readonly exported: boolean;
}

export class SymbolTable {
  readonly #table: Region;
  readonly #names: Region;
  readonly #segments: Segments;

  constructor(dynamic: Dynamic, segments: Segments) {
    this.#table = segments.at("the dynamic symbol table", dynamic.get(DT.SYMTAB) ?? -1);
    this.#names = dynamic.names;
    this.#segments = segments;
    const size = dynamic.get(DT.SYMENT) ?? SYMBOL_BYTES;
    if (size !== SYMBOL_BYTES) throw this.#table.damaged(`its entries would have ${size} bytes each`);
  }

  /** More entries than this cannot be there. */
  get room(): number {
    return Math.floor(this.#table.length / SYMBOL_BYTES);
  }

  at(index: number): DynamicSymbol {
    const at = index * SYMBOL_BYTES;
    const info = this.#table.u8(at + 4);
    const binding = info >> 4;
    const defined = this.defined(index);
    return {
      name: this.#names.text(this.#table.u32(at)),
      address: this.#table.u64(at + 8),
      size: this.#table.u64(at + 16),
      type: info & 15,
      weak: binding === WEAK,
      shared: defined && (binding === WEAK || binding === GNU_UNIQUE),
      defined,
      exported: defined && binding !== 0 && this.#visible(at),
    };
  }

  /** Whether the loader takes it for a definition. Address 0 is one only of thread variables and absolute symbols. */
  defined(index: number): boolean {
    const at = index * SYMBOL_BYTES;
    const section = this.#table.u16(at + 6);
    if (section === SHN_UNDEF) return false;
    return section === SHN_ABS || (this.#table.u8(at + 4) & 15) === STT.TLS || this.#table.u64(at + 8) !== 0;
  }

  /** Whether others may use it and its name begins so; `name` with NUL at its end is the whole name. */
  exports(index: number, name: Buffer): boolean {
    const at = index * SYMBOL_BYTES;
    if (!this.#names.holds(this.#table.u32(at), name)) return false;
    return this.defined(index) && this.#table.u8(at + 4) >> 4 !== 0 && this.#visible(at);
  }

  /** Whether calling it would reach code of this file. */
  callable(symbol: DynamicSymbol): boolean {
    if (symbol.type === STT.OBJECT || symbol.type === STT.TLS) return false;
    return this.#segments.allows(symbol.address, 1, PF.EXECUTE);
  }

  /** The bytes that a data symbol stands for. */
  data(symbol: DynamicSymbol): Region {
    return this.#segments.at(`the data of ${symbol.name}`, symbol.address, symbol.size || undefined);
  }

  /** What is wrong with one of the first `count` symbols; undefined: nothing that the loader would stumble over. */
  findDamage(count: number): string | undefined {
    const view = this.#table.view(0, count * SYMBOL_BYTES);
    for (let at = SYMBOL_BYTES; at < view.byteLength; at += SYMBOL_BYTES) {
      if (view.getUint32(at, true) >= this.#names.length) return `symbol ${at / SYMBOL_BYTES} has no name`;
      if (!this.#isPlaced(view, at)) {
        return `the address of ${this.#names.text(view.getUint32(at, true))} makes no sense`;
      }
    }
    return undefined;
  }

  /** None for what others define, else in the file, and in code if the loader may call it. */
  #isPlaced(view: DataView, at: number): boolean {
    const type = view.getUint8(at + 4) & 15;
    const section = view.getUint16(at + 6, true);
    const address = wordOf(view, at + 8);
    // One that cannot come from elsewhere would be taken to be at address 0 of this file.
    if (section === SHN_UNDEF) return address === 0 && view.getUint8(at + 4) >> 4 !== 0 && this.#visible(at);
    if (section === SHN_ABS || type === STT.TLS) return true;
    const code = type === STT.GNU_IFUNC;
    return this.#segments.allows(address, code ? 1 : 0, code ? PF.EXECUTE : 0);
  }

  /** Neither hidden nor internal. */
  #visible(at: number): boolean {
    const visibility = this.#table.u8(at + 5) & 3;
    return visibility === 0 || visibility === 3;
  }
}
