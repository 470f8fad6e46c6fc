/**
 * What of an ELF file would be mapped where, and the way from an address in memory to the bytes in the file.
 *
 * The loader maps segments without looking whether the file is long enough; touching what is not there kills the
 * process with SIGBUS, and segments that overlap or run wild are mapped over other libraries. So all of that is
 * checked here, before anything is loaded. System V ABI, chapter 5; glibc's elf/dl-load.c for what is taken on trust.
 */

import { VsmtpError } from "../../errors.ts";
import { type Header, PF, type ProgramHeader, PT, range } from "./header.ts";
import { hex, Region } from "./region.ts";
import type { Source } from "./source.ts";

/** The smallest page of the machines that vSMTP runs on. */
const PAGE = 4096;
/** Nothing of one library can be further away; user space ends at 2^47. */
const MAX_ADDRESS = 2 ** 46;

export class Segments {
  readonly #source: Source;
  readonly #loads: readonly ProgramHeader[];

  /** Throws ELF_TRUNCATED or ELF_DAMAGED when loading the segments could end the process. */
  constructor(source: Source, header: Header) {
    this.#source = source;
    this.#loads = header.programHeaders.filter(({ type }) => type === PT.LOAD);
    if (this.#loads.length === 0) throw this.#damaged("none of them is to be loaded");
    let end = 0;
    for (const [index, load] of this.#loads.entries()) {
      this.#checkInFile(load, index);
      this.#checkInMemory(load, end);
      end = up(load.address + load.memorySize);
    }
  }

  /** The bytes of the file that are mapped at an address; without a length, up to the end of their segment. */
  at(what: string, address: number, length?: number): Region {
    const load = this.#holding(address);
    const inside = load ? address - load.address : 0;
    if (!load || (length ?? 1) > load.fileSize - inside) {
      throw this.#damaged(`${what} at ${hex(address)} is in none of them`);
    }
    return new Region(this.#source, what, load.offset + inside, length ?? load.fileSize - inside);
  }

  /** Whether `length` bytes at an address come from the file. */
  stored(address: number, length: number): boolean {
    const load = this.#holding(address);
    return load !== undefined && address + length <= load.address + load.fileSize;
  }

  /** Whether `length` bytes from an address are mapped, and with these rights. */
  allows(address: number, length: number, rights: number): boolean {
    const load = this.#holding(address);
    return load !== undefined && address + length <= load.address + load.memorySize && (load.flags & rights) === rights;
  }

  /** The segment that an address is in, or just behind. Asked for every symbol and relocation. */
  #holding(address: number): ProgramHeader | undefined {
    // They are in the order of their addresses.
    for (let index = this.#loads.length - 1; index >= 0; index--) {
      const load = this.#loads[index] as ProgramHeader;
      if (address >= load.address) return address <= load.address + load.memorySize ? load : undefined;
    }
    return undefined;
  }

  #checkInFile(load: ProgramHeader, index: number): void {
    // An empty part that begins in the middle of a page still maps that page, to fill its rest with zeros.
    const needed =
      load.fileSize > 0 ? load.offset + load.fileSize : load.address % PAGE === 0 ? 0 : down(load.offset) + 1;
    if (needed <= this.#source.size) return;
    throw new VsmtpError("ELF_TRUNCATED", {
      file: this.#source.file,
      part: `the segment ${index} that is mapped at ${range(load)}`,
      needed: Number.isSafeInteger(needed) ? needed : "more than any file's",
      size: this.#source.size,
    });
  }

  #checkInMemory(load: ProgramHeader, previousEnd: number): void {
    const { address, fileSize, memorySize, offset, align, flags } = load;
    if (address + memorySize > MAX_ADDRESS) throw this.#damaged(`${range(load)} is beyond all memory`);
    if (fileSize > memorySize) throw this.#damaged(`${range(load)} is smaller than its part in the file`);
    if (fileSize < memorySize && (flags & PF.WRITE) === 0)
      throw this.#damaged(`${range(load)} would be zeroed in part`);
    if (down(address) < previousEnd) throw this.#damaged(`${range(load)} overlaps the one before it`);
    if (align > MAX_ADDRESS || align % PAGE !== 0 || (offset - address) % PAGE !== 0) {
      throw this.#damaged(`${range(load)} is not aligned to pages`);
    }
  }

  #damaged(reason: string): VsmtpError {
    return new VsmtpError("ELF_DAMAGED", { file: this.#source.file, part: "the segments", reason });
  }
}

function down(address: number): number {
  return address - (address % PAGE);
}

function up(address: number): number {
  return down(address + PAGE - 1);
}
