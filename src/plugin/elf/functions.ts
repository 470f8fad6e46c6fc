/**
 * The functions of a file by address, static ones included: what debuggers know. They stand in the symbol table for
 * linkers (.symtab), which stripping removes; then what the file exports (.dynsym) is all there is.
 *
 * This is the one place where section headers are read, and only to give names to people: nothing is decided by them.
 * System V ABI, chapter 4 "Sections" and "Symbol Table".
 */

import { VsmtpError } from "../../errors.ts";
import type { ElfFile } from "./elf-file.ts";
import { MAX_SYMBOLS } from "./limits.ts";
import { Region, wordOf } from "./region.ts";
import { STT, SYMBOL_BYTES } from "./symbols.ts";

export interface NamedFunction {
  readonly name: string;
  /** Relative to where the file is loaded. */
  readonly address: number;
  readonly size: number;
}

const SECTION_BYTES = 64;
const SHT_SYMTAB = 2;

/** By address; none when nothing can be learned. */
export function readFunctions(elf: ElfFile): NamedFunction[] {
  const named = attempt(() => fromSections(elf)) ?? attempt(() => exported(elf)) ?? [];
  return named.sort((one, other) => one.address - other.address);
}

/** The function that an address is in. */
export function functionAt(functions: readonly NamedFunction[], address: number): NamedFunction | undefined {
  let [low, high] = [0, functions.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((functions[middle] as NamedFunction).address <= address) low = middle + 1;
    else high = middle;
  }
  const found = functions[low - 1];
  return found && address < found.address + Math.max(1, found.size) ? found : undefined;
}

function exported(elf: ElfFile): NamedFunction[] {
  return elf.listSymbols().filter(({ defined, type }) => defined && type === STT.FUNC);
}

/** Undefined: the file was stripped. */
function fromSections({ source }: ElfFile): NamedFunction[] | undefined {
  const header = new Region(source, "the ELF header", 0, 64);
  const [at, count] = [header.u64(40), header.u16(60)];
  if (at === 0 || count === 0 || header.u16(58) !== SECTION_BYTES) return undefined;
  const sections = new Region(source, "the section header table", at, count * SECTION_BYTES);
  const section = (index: number, what: string) => {
    sections.check(index * SECTION_BYTES, SECTION_BYTES);
    return new Region(source, what, sections.u64(index * SECTION_BYTES + 24), sections.u64(index * SECTION_BYTES + 32));
  };
  for (let index = 0; index < count; index++) {
    if (sections.u32(index * SECTION_BYTES + 4) !== SHT_SYMTAB) continue;
    const names = section(sections.u32(index * SECTION_BYTES + 40), "the names of symbols");
    return functionsOf(section(index, "the symbol table"), names);
  }
  return undefined;
}

function functionsOf(table: Region, names: Region): NamedFunction[] {
  const count = Math.floor(table.length / SYMBOL_BYTES);
  if (count > MAX_SYMBOLS) throw table.damaged(`it has more than ${MAX_SYMBOLS} symbols`);
  const view = table.view(0, count * SYMBOL_BYTES);
  const functions: NamedFunction[] = [];
  for (let at = 0; at < view.byteLength; at += SYMBOL_BYTES) {
    if ((view.getUint8(at + 4) & 15) !== STT.FUNC || view.getUint16(at + 6, true) === 0) continue;
    const name = names.text(view.getUint32(at, true));
    functions.push({ name, address: wordOf(view, at + 8), size: wordOf(view, at + 16) });
  }
  return functions;
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof VsmtpError) return undefined;
    throw error;
  }
}
