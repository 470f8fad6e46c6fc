/**
 * The dynamic section: what the loader is told about an ELF file. Which libraries it needs, where they are to be
 * looked for, where its symbols, relocations, versions and constructors are.
 *
 * System V ABI, chapter 5 "Dynamic Section"; the GNU tags from glibc's elf/elf.h.
 */

import { type Header, type ProgramHeader, PT } from "./header.ts";
import { MAX_DYNAMIC_ENTRIES, MAX_NEEDED } from "./limits.ts";
import { type Region, wordOf } from "./region.ts";
import type { Segments } from "./segments.ts";

export const DT = {
  NEEDED: 1,
  PLTRELSZ: 2,
  HASH: 4,
  STRTAB: 5,
  SYMTAB: 6,
  RELA: 7,
  RELASZ: 8,
  RELAENT: 9,
  STRSZ: 10,
  SYMENT: 11,
  INIT: 12,
  FINI: 13,
  SONAME: 14,
  RPATH: 15,
  SYMBOLIC: 16,
  REL: 17,
  RELSZ: 18,
  RELENT: 19,
  PLTREL: 20,
  TEXTREL: 22,
  JMPREL: 23,
  INIT_ARRAY: 25,
  FINI_ARRAY: 26,
  INIT_ARRAYSZ: 27,
  FINI_ARRAYSZ: 28,
  RUNPATH: 29,
  FLAGS: 30,
  RELRSZ: 35,
  RELR: 36,
  RELRENT: 37,
  GNU_HASH: 0x6ffffef5,
  VERSYM: 0x6ffffff0,
  RELACOUNT: 0x6ffffff9,
  FLAGS_1: 0x6ffffffb,
  VERDEF: 0x6ffffffc,
  VERDEFNUM: 0x6ffffffd,
  VERNEED: 0x6ffffffe,
  VERNEEDNUM: 0x6fffffff,
  AUXILIARY: 0x7ffffffd,
  FILTER: 0x7fffffff,
} as const;

const FLAGS_SYMBOLIC = 2;
const FLAGS_TEXTREL = 4;
const FLAGS_1_NODEFLIB = 0x800;
const FLAGS_1_PIE = 0x08000000;
const ENTRY_BYTES = 16;

export class Dynamic {
  readonly #values: ReadonlyMap<number, number>;
  readonly #needed: readonly number[];
  /** DT_STRTAB: all names of this file. */
  readonly names: Region;
  /** Where the section is in memory. */
  readonly address: number;
  readonly end: number;

  constructor(where: ProgramHeader, values: ReadonlyMap<number, number>, needed: readonly number[], names: Region) {
    this.address = where.address;
    this.end = where.address + where.memorySize;
    this.#values = values;
    this.#needed = needed;
    this.names = names;
  }

  /** The value of a tag; when it stands there twice, the last one, as for the loader. */
  get(tag: number): number | undefined {
    return this.#values.get(tag);
  }

  get soname(): string | undefined {
    return this.#name(DT.SONAME);
  }

  /** Libraries, by SONAME or path, in the order in which they are searched for symbols. */
  get needed(): string[] {
    return this.#needed.map((at) => this.names.text(at));
  }

  get rpath(): string | undefined {
    return this.#name(DT.RPATH);
  }

  get runpath(): string | undefined {
    return this.#name(DT.RUNPATH);
  }

  /** A program that can be started (gcc's default), not a library. */
  get pie(): boolean {
    return this.#flag(DT.FLAGS_1, FLAGS_1_PIE);
  }

  /** The system's own directories are not searched for what it needs. */
  get noDefaultDirectories(): boolean {
    return this.#flag(DT.FLAGS_1, FLAGS_1_NODEFLIB);
  }

  /** Its own symbols go before everybody's, for what it refers to itself (-Bsymbolic). */
  get symbolic(): boolean {
    return this.#values.has(DT.SYMBOLIC) || this.#flag(DT.FLAGS, FLAGS_SYMBOLIC);
  }

  /** Relocations may write to code: it was compiled without -fPIC. */
  get textRelocations(): boolean {
    return this.#values.has(DT.TEXTREL) || this.#flag(DT.FLAGS, FLAGS_TEXTREL);
  }

  #name(tag: number): string | undefined {
    const at = this.get(tag);
    return at === undefined ? undefined : this.names.text(at);
  }

  #flag(tag: number, bit: number): boolean {
    return ((this.get(tag) ?? 0) & bit) !== 0;
  }
}

/** Reads the dynamic section where the loader reads it: at its address, up to the entry DT_NULL. */
export function readDynamic(header: Header, segments: Segments): Dynamic | undefined {
  const where = header.programHeaders.find(({ type }) => type === PT.DYNAMIC);
  if (!where) return undefined;
  const table = segments.at("the dynamic section", where.address, where.fileSize);
  const view = table.view(0, Math.min(table.length, MAX_DYNAMIC_ENTRIES * ENTRY_BYTES));
  const values = new Map<number, number>();
  const needed: number[] = [];
  for (let at = 0; ; at += ENTRY_BYTES) {
    if (at + ENTRY_BYTES > view.byteLength) throw table.damaged("it does not end");
    const tag = wordOf(view, at);
    if (tag === 0) break;
    const value = wordOf(view, at + 8);
    if (tag === DT.NEEDED) needed.push(value);
    else values.set(tag, value);
  }
  if (needed.length > MAX_NEEDED) throw table.damaged(`it needs ${needed.length} libraries`);
  return new Dynamic(where, values, needed, readNames(values, table, segments));
}

function readNames(values: ReadonlyMap<number, number>, table: Region, segments: Segments): Region {
  const address = values.get(DT.STRTAB);
  const size = values.get(DT.STRSZ);
  if (address === undefined || size === undefined) throw table.damaged("it names no string table");
  return segments.at("the dynamic string table", address, size);
}
