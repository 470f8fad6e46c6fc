/**
 * The first bytes of an ELF file: what it is, for which machine, and its program headers.
 *
 * The identification is read for every class and byte order, so that a file for another machine can be named; the
 * rest only as ELF64 little-endian, the form of every machine that vSMTP runs on. Section headers are never used:
 * they are for linkers and debuggers, the loader ignores them, and a plugin may be without. System V ABI, chapter 4.
 */

import { VsmtpError } from "../../errors.ts";
import { MAX_PROGRAM_HEADERS } from "./limits.ts";
import { hostMachine, type Machine, machineName } from "./machine.ts";
import { hex, Region, wordOf } from "./region.ts";
import type { Source } from "./source.ts";

export const PT = {
  LOAD: 1,
  DYNAMIC: 2,
  INTERP: 3,
  NOTE: 4,
  TLS: 7,
  GNU_EH_FRAME: 0x6474e550,
  GNU_RELRO: 0x6474e552,
  GNU_PROPERTY: 0x6474e553,
} as const;

/** Bits of p_flags. */
export const PF = { EXECUTE: 1, WRITE: 2, READ: 4 } as const;

export interface ProgramHeader {
  readonly type: number;
  readonly flags: number;
  /** Where in the file. */
  readonly offset: number;
  /** Where in memory, relative to the address that the file is loaded at. */
  readonly address: number;
  readonly fileSize: number;
  readonly memorySize: number;
  readonly align: number;
}

export interface Header {
  readonly machine: Machine;
  /** e_type: 1 relocatable, 2 executable, 3 shared object, 4 core */
  readonly type: number;
  readonly programHeaders: readonly ProgramHeader[];
}

const HEADER_BYTES = 64;
/** EI_ABIVERSION: what glibc knows. */
const MAX_ABI_VERSION = 3;
const PROGRAM_HEADER_BYTES = 56;
const kinds: Readonly<Record<number, string>> = {
  1: "an object file (.o) that was never linked",
  2: "a program",
  4: "a core dump",
};

/** Reads the header, or throws ELF_NOT_ELF, ELF_OTHER_MACHINE, ELF_NOT_A_LIBRARY, ELF_TRUNCATED or ELF_DAMAGED. */
export function readHeader(source: Source): Header {
  const machine = identify(source);
  const header = new Region(source, "the ELF header", 0, HEADER_BYTES);
  const type = header.u16(16);
  if (type !== 2 && type !== 3) {
    const kind = kinds[type] ?? `an ELF file of type ${type}`;
    throw new VsmtpError("ELF_NOT_A_LIBRARY", { file: source.file, kind });
  }
  checkIdentification(header);
  checkSectionHeaders(header);
  return { machine, type, programHeaders: readProgramHeaders(header) };
}

/** Machine, class and byte order; throws when the file is none of ours to read on. */
function identify(source: Source): Machine {
  const notElf = (reason: string) => new VsmtpError("ELF_NOT_ELF", { file: source.file, reason });
  if (source.size === 0) throw notElf("it is empty");
  if (source.size < 20) throw notElf(`it has only ${source.size} bytes`);
  const start = new Region(source, "the ELF header", 0, 20);
  if (start.u32(0) !== 0x464c457f) throw notElf(looksLike(start.bytes(0, 20)));
  const bits = start.u8(4) === 2 ? 64 : start.u8(4) === 1 ? 32 : 0;
  const order = start.u8(5) === 1 ? "little" : start.u8(5) === 2 ? "big" : undefined;
  if (bits === 0 || order === undefined) throw start.damaged("neither class nor byte order is one that exists");
  const machine = {
    number: order === "little" ? start.u16(18) : start.u8(18) * 256 + start.u8(19),
    bits,
    order,
  } as const;
  if (bits === 64 && order === "little") return machine;
  throw new VsmtpError("ELF_OTHER_MACHINE", {
    file: source.file,
    built: machineName(machine),
    host: machineName(hostMachine()),
  });
}

function looksLike(start: Buffer): string {
  if (start.subarray(0, 7).toString("latin1") === "!<arch>") return "it is a static archive (.a)";
  if (start.every((byte) => byte === 0)) return "it begins with zeros, as after an interrupted copy";
  const text = start.every((byte) => byte === 9 || byte === 10 || byte === 13 || (byte >= 32 && byte !== 127));
  return text ? "it is a text" : "it begins with other bytes";
}

/** What ld.so insists on too: current version, System V or GNU flavour, the sizes that this reader knows. */
function checkIdentification(header: Region): void {
  if (header.u8(6) !== 1 || header.u32(20) !== 1) throw header.damaged("it is of an ELF version that does not exist");
  const flavour = header.u8(7);
  if (flavour !== 0 && flavour !== 3) throw header.damaged(`it is for another system than Linux (OSABI ${flavour})`);
  const padding = header.bytes(9, 7);
  if (header.u8(8) > MAX_ABI_VERSION || padding.some((byte) => byte !== 0)) {
    throw header.damaged("its first bytes are none that a linker writes");
  }
  const size = header.u16(54);
  if (size !== PROGRAM_HEADER_BYTES) throw header.damaged(`its program headers would have ${size} bytes each`);
}

/**
 * Section headers stand at the end of what linkers write. Nothing reads them, but when they should be there and are
 * not, the file was cut off.
 */
function checkSectionHeaders(header: Region): void {
  const offset = header.u64(40);
  const bytes = header.u16(58) * header.u16(60);
  if (offset !== 0) new Region(header.source, "the section header table", offset, bytes);
}

function readProgramHeaders(header: Region): ProgramHeader[] {
  const count = header.u16(56);
  if (count === 0) throw header.damaged("it has no program headers, so nothing of it can be loaded");
  if (count > MAX_PROGRAM_HEADERS) throw header.damaged(`it has ${count} program headers`);
  const offset = header.u64(32);
  const table = new Region(header.source, "the program header table", offset, count * PROGRAM_HEADER_BYTES);
  const view = table.view(0, table.length);
  const headers: ProgramHeader[] = [];
  for (let at = 0; at < table.length; at += PROGRAM_HEADER_BYTES) {
    headers.push({
      type: view.getUint32(at, true),
      flags: view.getUint32(at + 4, true),
      offset: wordOf(view, at + 8),
      address: wordOf(view, at + 16),
      fileSize: wordOf(view, at + 32),
      memorySize: wordOf(view, at + 40),
      align: wordOf(view, at + 48),
    });
  }
  return headers;
}

/** For messages about a program header. */
export function range(header: ProgramHeader): string {
  return `${hex(header.address)}-${hex(header.address + header.memorySize)}`;
}
