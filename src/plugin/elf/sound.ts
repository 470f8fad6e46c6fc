/**
 * What the loader takes on trust. Given a file whose tables point astray, ld.so does not report an error: it reads or
 * writes outside of the file's memory, calls into the middle of nowhere, or stops the process with an assertion. A
 * file that was cut short, filled with zeros or damaged on its way is refused here instead.
 *
 * This is no protection against a file that was made to do harm (its code would just do it), and damage within code
 * and data is not seen. glibc: elf/dl-load.c, elf/dl-reloc.c, elf/get-dynamic-info.h, elf/dl-init.c.
 */

import type { VsmtpError } from "../../errors.ts";
import { problem } from "../problem.ts";
import { DT } from "./dynamic.ts";
import type { ElfFile } from "./elf-file.ts";
import { PF, PT, range } from "./header.ts";
import { hex } from "./region.ts";
import { place, type Relocation } from "./relocations.ts";

/** Throws ELF_DAMAGED for what would end the process while the file is loaded. */
export function checkSound(file: ElfFile): void {
  checkHeaders(file);
  checkTags(file);
  checkNames(file);
  checkRelocations(file);
  checkCode(file, DT.INIT, "the function that runs first");
  checkCode(file, DT.FINI, "the function that runs last");
}

const insideLoaded: ReadonlySet<number> = new Set([
  PT.DYNAMIC,
  PT.NOTE,
  PT.TLS,
  PT.GNU_EH_FRAME,
  PT.GNU_RELRO,
  PT.GNU_PROPERTY,
]);

function checkHeaders(file: ElfFile): void {
  for (const header of file.header.programHeaders) {
    if (!insideLoaded.has(header.type)) continue;
    const rights = header.type === PT.DYNAMIC ? header.flags & PF.WRITE : 0;
    const length = header.type === PT.TLS ? header.fileSize : header.memorySize;
    if (file.segments.allows(header.address, length, rights | PF.READ)) continue;
    throw damaged(file.file, "the program header table", `${range(header)} is described but not loaded`);
  }
}

/** What the loader asserts of some tags, if they are there: mostly sizes of entries. */
const asserted: readonly { readonly tag: number; readonly value: number }[] = [
  { tag: DT.SYMENT, value: 24 },
  { tag: DT.RELAENT, value: 24 },
  { tag: DT.RELENT, value: 16 },
  { tag: DT.RELRENT, value: 8 },
  { tag: DT.PLTREL, value: DT.RELA },
];

/** Tags that the loader only looks for together: without the first of them it does not ask for the others. */
const companions: readonly (readonly number[])[] = [
  [DT.RELA, DT.RELASZ, DT.RELAENT],
  [DT.REL, DT.RELSZ, DT.RELENT],
  [DT.RELR, DT.RELRSZ, DT.RELRENT],
  [DT.JMPREL, DT.PLTRELSZ, DT.PLTREL],
  [DT.INIT_ARRAY, DT.INIT_ARRAYSZ],
  [DT.FINI_ARRAY, DT.FINI_ARRAYSZ],
];

function checkTags({ dynamic, file: path }: ElfFile): void {
  for (const { tag, value } of asserted) {
    const found = dynamic.get(tag) ?? value;
    if (found !== value) throw damaged(path, "the dynamic section", `tag ${tag} is ${found}, not ${value}`);
  }
  const versions = dynamic.get(DT.VERNEED) ?? dynamic.get(DT.VERDEF);
  if ((versions === undefined) !== (dynamic.get(DT.VERSYM) === undefined)) {
    throw damaged(path, "the dynamic section", "versions and what symbols have them are not both there");
  }
  for (const tags of companions) {
    const there = tags.filter((tag) => dynamic.get(tag) !== undefined);
    if (there.length === 0 || there.length === tags.length) continue;
    throw damaged(path, "the dynamic section", `of the tags ${tags.join(", ")} only ${there.join(", ")} are there`);
  }
}

function checkNames(file: ElfFile): void {
  const { names } = file.dynamic;
  if (names.length === 0 || names.u8(names.length - 1) !== 0) throw names.damaged("its last name has no end");
  for (const tag of [DT.SONAME, DT.RPATH, DT.RUNPATH, DT.AUXILIARY, DT.FILTER]) {
    const at = file.dynamic.get(tag);
    if (at !== undefined) names.text(at);
  }
  const damage = file.symbols.findDamage(file.symbolCount);
  if (damage !== undefined) throw damaged(file.file, "the dynamic symbol table", damage);
  file.versions.check(file.symbolCount);
}

function checkRelocations(file: ElfFile): void {
  const { relocations } = file;
  const starts = new Starts(file);
  let leading = 0;
  let onlyRelative = true;
  for (const relocation of relocations.all) {
    const harm = harmOf(file, relocation);
    if (harm !== undefined) throw damaged(file.file, "the relocation table", `${place(relocation)} ${harm}`);
    onlyRelative &&= relocations.isRelative(relocation);
    if (onlyRelative) leading++;
    starts.see(relocation);
  }
  starts.check();
  if ((file.dynamic.get(DT.RELACOUNT) ?? 0) <= leading) return;
  throw damaged(file.file, "the relocation table", "it begins with fewer relative entries than it promises");
}

/** What a relocation would do to the process; undefined: nothing bad. */
function harmOf(file: ElfFile, relocation: Relocation): string | undefined {
  const { relocations, segments, dynamic } = file;
  const { at, addend } = relocation;
  if (!segments.allows(at, 8, dynamic.textRelocations ? PF.READ : PF.WRITE)) return "is outside of writable memory";
  if (at + 8 > dynamic.address && at < dynamic.end) return "is within the dynamic section";
  if (relocations.isCode(relocation) && !segments.allows(addend ?? -1, 1, PF.EXECUTE)) return "calls what is no code";
  return staysInside(file, relocation) ? undefined : "leads out of the file";
}

/** Packed relocations only add to what is there: were it no address of the file, something else would be spoilt. */
function staysInside({ segments, relocations }: ElfFile, relocation: Relocation): boolean {
  if (relocation.addend !== undefined || !relocations.isRelative(relocation)) return true;
  if (!segments.stored(relocation.at, 8)) return false;
  return segments.allows(segments.at("a relocated word", relocation.at, 8).u64(0), 0, 0);
}

/** The arrays of functions that run when the file is loaded and unloaded: each must lead to code. */
class Starts {
  readonly #file: ElfFile;
  /** Addresses of the arrays' words that no relocation was seen for. */
  readonly #open = new Set<number>();

  constructor(file: ElfFile) {
    this.#file = file;
    this.#add(DT.INIT_ARRAY, DT.INIT_ARRAYSZ);
    this.#add(DT.FINI_ARRAY, DT.FINI_ARRAYSZ);
  }

  see(relocation: Relocation): void {
    if (!this.#open.delete(relocation.at) || !this.#file.relocations.isRelative(relocation)) return;
    const target = relocation.addend ?? this.#file.segments.at("a constructor", relocation.at, 8).u64(0);
    if (!this.#file.segments.allows(target, 1, PF.EXECUTE)) throw this.#damaged(target);
  }

  check(): void {
    for (const at of this.#open) throw this.#damaged(at);
  }

  #add(tag: number, sizeTag: number): void {
    const address = this.#file.dynamic.get(tag);
    if (address === undefined) return;
    const array = this.#file.segments.at("the constructors", address, this.#file.dynamic.get(sizeTag) ?? 0);
    for (let at = 0; at + 8 <= array.length; at += 8) this.#open.add(address + at);
  }

  #damaged(address: number): VsmtpError {
    return damaged(this.#file.file, "the constructors", `${hex(address)} does not lead to code`);
  }
}

function checkCode(file: ElfFile, tag: number, what: string): void {
  const address = file.dynamic.get(tag);
  if (address === undefined || file.segments.allows(address, 1, PF.EXECUTE)) return;
  throw damaged(file.file, "the dynamic section", `${what}, at ${hex(address)}, is not code`);
}

function damaged(file: string, part: string, reason: string): VsmtpError {
  return problem("ELF_DAMAGED", { file, part, reason });
}
