/**
 * The cache of the dynamic loader, /etc/ld.so.cache: which file ldconfig found for which library name.
 *
 * Only the form that glibc has written since 2.2 ("glibc-ld.so.cache1.1") is read, alone or behind the old table that
 * older systems put in front of it. A cache that is missing or odd counts as empty: the loader then goes through the
 * system's directories, and so do we. glibc: sysdeps/generic/dl-cache.h.
 */

import { readFileSync } from "node:fs";

const OLD_MAGIC = Buffer.from("ld.so-1.7.0\0");
const OLD_HEADER_BYTES = 16;
const OLD_ENTRY_BYTES = 12;
const MAGIC = Buffer.from("glibc-ld.so.cache1.1");
const HEADER_BYTES = 48;
const ENTRY_BYTES = 24;

export class LoaderCache {
  readonly #bytes: Buffer;
  /** Offset from which texts are counted. */
  readonly #start: number;
  readonly #table: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#start = findTable(bytes);
    const room = Math.floor((bytes.length - this.#start - HEADER_BYTES) / ENTRY_BYTES);
    const entries = this.#start < 0 || room <= 0 ? 0 : Math.min(room, bytes.readUInt32LE(this.#start + 20));
    const first = this.#start + HEADER_BYTES;
    this.#table = bytes.subarray(first, first + entries * ENTRY_BYTES);
  }

  static read(file: string): LoaderCache {
    try {
      return new LoaderCache(readFileSync(file));
    } catch {
      return new LoaderCache(Buffer.alloc(0));
    }
  }

  /**
   * Files for a library name, plain ones first: builds for newer processors (glibc-hwcaps) come after, because this
   * machine may not be able to use them.
   */
  lookup(name: string): string[] {
    const plain: string[] = [];
    const special: string[] = [];
    for (const at of this.#entriesOf(name)) {
      const file = this.#text(this.#start + this.#table.readUInt32LE(at + 8));
      const capabilities = this.#table.readUInt32LE(at + 16) !== 0 || this.#table.readUInt32LE(at + 20) !== 0;
      (capabilities ? special : plain).push(file);
    }
    return [...plain, ...special];
  }

  /**
   * Offsets of a name's entries. Searching first for the text, then for the word that points to it, leaves the work
   * to `indexOf`: a loop over thousands of entries would take longer than all the rest of a look-up.
   */
  #entriesOf(name: string): number[] {
    return placesOf(Buffer.from(`${name}\0`), this.#bytes).flatMap((place) => {
      const pointer = Buffer.alloc(4);
      pointer.writeInt32LE((place - this.#start) | 0);
      return placesOf(pointer, this.#table)
        .map((at) => at - 4)
        .filter((at) => at >= 0 && at % ENTRY_BYTES === 0);
    });
  }

  #text(at: number): string {
    const end = this.#bytes.indexOf(0, at);
    return this.#bytes.toString("utf8", at, end < 0 ? at : end);
  }
}

/** Where the table begins; its texts are counted from there. -1: there is none. */
function findTable(bytes: Buffer): number {
  let at = 0;
  if (bytes.subarray(0, OLD_MAGIC.length).equals(OLD_MAGIC) && bytes.length >= OLD_HEADER_BYTES) {
    const end = OLD_HEADER_BYTES + bytes.readUInt32LE(12) * OLD_ENTRY_BYTES;
    at = Math.ceil(end / 8) * 8;
  }
  return bytes.subarray(at, at + MAGIC.length).equals(MAGIC) ? at : -1;
}

function placesOf(wanted: Buffer, bytes: Buffer): number[] {
  const places: number[] = [];
  for (let at = bytes.indexOf(wanted); at >= 0; at = bytes.indexOf(wanted, at + 1)) places.push(at);
  return places;
}
