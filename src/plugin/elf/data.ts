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
  if (symbol.type !== STT.OBJECT || symbol.size !== 8) return undefined;
  const found = file.relocations.all.find(({ at }) => at === symbol.address);
  if (!found) return undefined;
  const stored = found.addend ?? file.symbols.data(symbol).i64(0);
  const target = targetOf(file, found, stored);
  return target !== undefined && file.segments.stored(target, 1)
    ? file.segments.at("a text", target).text(0)
    : undefined;
}

function targetOf(file: ElfFile, relocation: Relocation, addend: number): number | undefined {
  if (file.relocations.isRelative(relocation)) return addend;
  if (!file.relocations.isAbsolute(relocation) || !file.symbols.defined(relocation.symbol)) return undefined;
  return file.symbols.at(relocation.symbol).address + addend;
}
