/**
 * Reading a text that a file exports as a variable, as `const char x[]` or as `const char *x`. In the second form the
 * file holds no address yet, but a relocation that says which one the loader will put there.
 */

import type { ElfFile } from "./elf-file.ts";
import type { Relocation } from "./relocations.ts";
import { type DynamicSymbol, STT } from "./symbols.ts";

/** The printable characters of `const char x[]`; undefined: it is no such variable. */
export function readCharacters(file: ElfFile, symbol: DynamicSymbol): string | undefined {
  if (symbol.type !== STT.OBJECT && symbol.type !== STT.NOTYPE) return undefined;
  if (!file.segments.stored(symbol.address, Math.max(1, symbol.size))) return undefined;
  const data = file.symbols.data(symbol);
  const text = data.bytes(0, data.length).includes(0) ? data.text(0) : "";
  // What a pointer or a number looks like as characters is none.
  return /^[\x20-\x7e]+$/.test(text) ? text : undefined;
}

/** The text that `const char *x` points to; undefined: it is no such variable, or points to another file's. */
export function readPointedText(file: ElfFile, symbol: DynamicSymbol): string | undefined {
  return symbol.type === STT.OBJECT && symbol.size === POINTER ? textAt(file, symbol.address) : undefined;
}

/** More texts than this in one variable are none that a person wrote. */
const MAX_TEXTS = 256;

/** The texts of `const char *x[]`, up to the null pointer that ends them; undefined: it is no such variable. */
export function readPointedTexts(file: ElfFile, symbol: DynamicSymbol): string[] | undefined {
  const count = symbol.size / POINTER;
  if (symbol.type !== STT.OBJECT || !Number.isInteger(count) || count === 0 || count > MAX_TEXTS) return undefined;
  const texts: string[] = [];
  for (let at = symbol.address; at < symbol.address + symbol.size; at += POINTER) {
    const text = textAt(file, at);
    if (text !== undefined) texts.push(text);
    else return isNull(file, at) ? texts : undefined;
  }
  return undefined;
}

const POINTER = 8;

/** The text that the pointer at an address leads to, once the loader has put it there. */
function textAt(file: ElfFile, address: number): string | undefined {
  const found = file.relocations.writing(address);
  if (!found) return undefined;
  const target = targetOf(file, found, found.addend ?? file.segments.at("a pointer", address, POINTER).i64(0));
  return target !== undefined && file.segments.stored(target, 1)
    ? file.segments.at("a text", target).text(0)
    : undefined;
}

function isNull(file: ElfFile, address: number): boolean {
  if (file.relocations.writing(address)) return false;
  // What the file does not hold is zero in memory.
  return !file.segments.stored(address, POINTER) || file.segments.at("a pointer", address, POINTER).u64(0) === 0;
}

function targetOf(file: ElfFile, relocation: Relocation, addend: number): number | undefined {
  if (file.relocations.isRelative(relocation)) return addend;
  if (!file.relocations.isAbsolute(relocation) || !file.symbols.defined(relocation.symbol)) return undefined;
  return file.symbols.at(relocation.symbol).address + addend;
}
