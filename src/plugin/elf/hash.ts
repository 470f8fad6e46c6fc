/**
 * Finding a symbol by its name as the loader does, through DT_GNU_HASH or, in older files, DT_HASH; and, since the
 * symbol table does not say how long it is, learning that from the same tables.
 *
 * A look-up touches a few words of a file, which is what lets a plugin's symbols be checked against libc and the node
 * executable in microseconds. DT_HASH: System V ABI, chapter 5. DT_GNU_HASH: the "GNU hash ELF sections" description
 * by Ali Bahrami, and glibc's elf/dl-lookup.c.
 */

import { DT, type Dynamic } from "./dynamic.ts";
import { MAX_SYMBOLS } from "./limits.ts";
import type { Region } from "./region.ts";
import type { Segments } from "./segments.ts";

/** A name prepared for look-ups in many files. */
export class SymbolName {
  readonly text: string;
  /** The bytes, ended by NUL. */
  readonly bytes: Buffer;
  readonly gnuHash: number;
  #hash: number | undefined;

  constructor(text: string) {
    this.text = text;
    this.bytes = Buffer.from(`${text}\0`);
    let hash = 5381;
    for (let index = 0; index < this.bytes.length - 1; index++)
      hash = (hash * 33 + (this.bytes[index] as number)) >>> 0;
    this.gnuHash = hash;
  }

  /** The hash of DT_HASH and of version tables. */
  get hash(): number {
    this.#hash ??= systemHash(this.bytes.subarray(0, -1));
    return this.#hash;
  }
}

/** The hash function of the System V ABI. */
export function systemHash(name: Uint8Array): number {
  let hash = 0;
  for (let index = 0; index < name.length; index++) {
    hash = ((hash << 4) + (name[index] as number)) >>> 0;
    const high = hash & 0xf0000000;
    hash = (hash ^ (high >>> 24)) & ~high;
  }
  return hash >>> 0;
}

export interface SymbolHash {
  /** The first index of which `matches` is true among the symbols that may have this name. */
  find(name: SymbolName, matches: (index: number) => boolean): number | undefined;
  /** How many symbols there are, as far as the table knows; throws when its chains do not end. */
  count(): number;
}

/** The table that the loader uses; DT_GNU_HASH wins. */
export function readSymbolHash(dynamic: Dynamic, segments: Segments): SymbolHash | undefined {
  const gnu = dynamic.get(DT.GNU_HASH);
  if (gnu !== undefined) return new GnuHash(segments.at("the symbol hash table", gnu));
  const system = dynamic.get(DT.HASH);
  return system === undefined ? undefined : new SystemHash(segments.at("the symbol hash table", system));
}

class GnuHash implements SymbolHash {
  readonly #table: Region;
  readonly #buckets: number;
  /** Index of the first symbol that can be found. */
  readonly #first: number;
  readonly #bloomWords: number;
  readonly #bloomShift: number;
  readonly #bucketsAt: number;
  readonly #chainsAt: number;

  constructor(table: Region) {
    this.#table = table;
    this.#buckets = table.u32(0);
    this.#first = table.u32(4);
    this.#bloomWords = table.u32(8);
    this.#bloomShift = table.u32(12);
    this.#bucketsAt = 16 + this.#bloomWords * 8;
    this.#chainsAt = this.#bucketsAt + this.#buckets * 4;
    table.check(0, this.#chainsAt);
    const powerOfTwo = this.#bloomWords !== 0 && (this.#bloomWords & (this.#bloomWords - 1)) === 0;
    if (this.#buckets === 0 || !powerOfTwo) throw table.damaged("its sizes are impossible");
  }

  find(name: SymbolName, matches: (index: number) => boolean): number | undefined {
    const hash = name.gnuHash;
    if (!this.#mayHave(hash)) return undefined;
    let index = this.#table.u32(this.#bucketsAt + (hash % this.#buckets) * 4);
    if (index < this.#first) return undefined;
    for (; ; index++) {
      const entry = this.#entry(index);
      if ((entry | 1) >>> 0 === (hash | 1) >>> 0 && matches(index)) return index;
      if (entry & 1) return undefined;
    }
  }

  count(): number {
    let last = 0;
    for (let bucket = 0; bucket < this.#buckets; bucket++) {
      const index = this.#table.u32(this.#bucketsAt + bucket * 4);
      if (index !== 0 && index < this.#first) throw this.#table.damaged("a chain begins before its first symbol");
      if (index > last) last = index;
    }
    if (last === 0) return this.#first;
    while ((this.#entry(last) & 1) === 0) last++;
    if (last >= MAX_SYMBOLS) throw this.#table.damaged(`it has more than ${MAX_SYMBOLS} symbols`);
    return last + 1;
  }

  #mayHave(hash: number): boolean {
    const word = 16 + ((hash >>> 6) & (this.#bloomWords - 1)) * 8;
    return this.#bloomBit(word, hash & 63) && this.#bloomBit(word, (hash >>> this.#bloomShift) & 63);
  }

  #bloomBit(word: number, bit: number): boolean {
    return ((this.#table.u32(word + (bit >= 32 ? 4 : 0)) >>> (bit & 31)) & 1) === 1;
  }

  #entry(index: number): number {
    return this.#table.u32(this.#chainsAt + (index - this.#first) * 4);
  }
}

class SystemHash implements SymbolHash {
  readonly #table: Region;
  readonly #buckets: number;
  readonly #symbols: number;

  constructor(table: Region) {
    this.#table = table;
    this.#buckets = table.u32(0);
    this.#symbols = table.u32(4);
    table.check(0, 8 + (this.#buckets + this.#symbols) * 4);
    if (this.#buckets === 0) throw table.damaged("its sizes are impossible");
    if (this.#symbols > MAX_SYMBOLS) throw table.damaged(`it has more than ${MAX_SYMBOLS} symbols`);
  }

  find(name: SymbolName, matches: (index: number) => boolean): number | undefined {
    let index = this.#link(8 + (name.hash % this.#buckets) * 4);
    for (let steps = 0; index !== 0; steps++) {
      if (steps > this.#symbols) throw this.#table.damaged("a chain runs in a circle");
      if (matches(index)) return index;
      index = this.#link(8 + (this.#buckets + index) * 4);
    }
    return undefined;
  }

  count(): number {
    // The loader follows chains until they end, so one that never does would hang it.
    const seen = new Uint8Array(this.#symbols);
    for (let bucket = 0; bucket < this.#buckets; bucket++) {
      let index = this.#link(8 + bucket * 4);
      for (; index !== 0; index = this.#link(8 + (this.#buckets + index) * 4)) {
        if (seen[index] === 1) throw this.#table.damaged("its chains do not end or cross each other");
        seen[index] = 1;
      }
    }
    return this.#symbols;
  }

  #link(at: number): number {
    const index = this.#table.u32(at);
    if (index !== 0 && index >= this.#symbols)
      throw this.#table.damaged(`it points to symbol ${index} of ${this.#symbols}`);
    return index;
  }
}
