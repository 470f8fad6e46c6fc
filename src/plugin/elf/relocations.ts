/**
 * The relocations of an ELF file: where the loader writes addresses when it has mapped the file, and which symbols it
 * looks up for that. What no relocation refers to is never looked up, so these are the symbols that must exist.
 *
 * System V ABI, chapter 4 "Relocation", its supplements for x86-64 and AArch64, and the generic ABI's SHT_RELR.
 */

import type { VsmtpError } from "../../errors.ts";
import { DT, type Dynamic } from "./dynamic.ts";
import { MAX_RELOCATIONS } from "./limits.ts";
import type { Machine } from "./machine.ts";
import { hex, type Region, wordOf } from "./region.ts";
import type { Segments } from "./segments.ts";

export interface Relocation {
  /** Where it writes. */
  readonly at: number;
  readonly type: number;
  /** Index in the dynamic symbol table, 0: none. */
  readonly symbol: number;
  /** Undefined: it stands in the place that is written to. */
  readonly addend: number | undefined;
}

/** Types that this reader has to understand, by e_machine. Others are left to the loader, which knows them all. */
const types: Readonly<Record<number, { relative: number; absolute: number; code: number }>> = {
  62: { relative: 8, absolute: 1, code: 37 },
  183: { relative: 1027, absolute: 257, code: 1032 },
  243: { relative: 3, absolute: 2, code: 58 },
};

const RELA_BYTES = 24;
const REL_BYTES = 16;
const RELR = -1;

export class Relocations {
  readonly #dynamic: Dynamic;
  readonly #segments: Segments;
  readonly #types: { relative: number; absolute: number; code: number } | undefined;
  #all: readonly Relocation[] | undefined;
  #byPlace: ReadonlyMap<number, Relocation> | undefined;

  constructor(dynamic: Dynamic, segments: Segments, machine: Machine) {
    this.#dynamic = dynamic;
    this.#segments = segments;
    this.#types = types[machine.number];
  }

  /** All of them, those of DT_RELA first. */
  get all(): readonly Relocation[] {
    this.#all ??= this.#read();
    return this.#all;
  }

  /** The one that writes to an address. */
  writing(at: number): Relocation | undefined {
    this.#byPlace ??= new Map(this.all.map((relocation) => [relocation.at, relocation]));
    return this.#byPlace.get(at);
  }

  /** Adds where the file is loaded to what stands there: the target is in this file. */
  isRelative({ type }: Relocation): boolean {
    return type === RELR || type === this.#types?.relative;
  }

  /** Writes the address of a symbol. */
  isAbsolute({ type }: Relocation): boolean {
    return type === this.#types?.absolute;
  }

  /** Calls a function of the file while it is loaded (IRELATIVE). */
  isCode({ type }: Relocation): boolean {
    return type === this.#types?.code;
  }

  #read(): Relocation[] {
    const all: Relocation[] = [];
    this.#readTable(all, DT.RELA, DT.RELASZ, RELA_BYTES);
    this.#readTable(all, DT.REL, DT.RELSZ, REL_BYTES);
    const withAddends = (this.#dynamic.get(DT.PLTREL) ?? DT.RELA) === DT.RELA;
    this.#readTable(all, DT.JMPREL, DT.PLTRELSZ, withAddends ? RELA_BYTES : REL_BYTES);
    this.#readPacked(all);
    return all;
  }

  #readTable(all: Relocation[], tag: number, sizeTag: number, entry: number): void {
    const table = this.#region(tag, sizeTag, entry);
    if (!table) return;
    if (all.length + table.length / entry > MAX_RELOCATIONS) throw tooMany(table);
    const view = table.view(0, table.length);
    for (let at = 0; at < table.length; at += entry) {
      const type = view.getUint32(at + 8, true);
      const symbol = view.getUint32(at + 12, true);
      all.push({ at: wordOf(view, at), type, symbol, addend: entry === RELA_BYTES ? addendOf(view, at) : undefined });
    }
  }

  /** DT_RELR: an even word is an address, an odd one a bit map of the 63 words after the last address. */
  #readPacked(all: Relocation[]): void {
    const table = this.#region(DT.RELR, DT.RELRSZ, 8);
    if (!table) return;
    const relocate = (at: number) => {
      if (all.push({ at, type: RELR, symbol: 0, addend: undefined }) > MAX_RELOCATIONS) throw tooMany(table);
    };
    let where = 0;
    for (let at = 0; at < table.length; at += 8) {
      const low = table.u32(at);
      if ((low & 1) === 0) {
        where = table.u64(at);
        relocate(where);
        where += 8;
        continue;
      }
      const high = table.u32(at + 4);
      for (let bit = 1; bit < 64; bit++) {
        const word = bit < 32 ? low >>> bit : high >>> (bit - 32);
        if (word & 1) relocate(where + (bit - 1) * 8);
      }
      where += 63 * 8;
    }
  }

  #region(tag: number, sizeTag: number, entry: number): Region | undefined {
    const address = this.#dynamic.get(tag);
    const size = this.#dynamic.get(sizeTag) ?? 0;
    if (address === undefined || size === 0) return undefined;
    const table = this.#segments.at("the relocation table", address, size);
    if (size % entry !== 0) throw table.damaged("it ends within an entry");
    return table;
  }
}

function addendOf(view: DataView, at: number): number {
  return view.getUint32(at + 16, true) + view.getInt32(at + 20, true) * 0x1_0000_0000;
}

function tooMany(table: Region): VsmtpError {
  return table.damaged(`it has more than ${MAX_RELOCATIONS} entries`);
}

/** For messages about a relocation. */
export function place(relocation: Relocation): string {
  return `the relocation of ${hex(relocation.at)}`;
}
