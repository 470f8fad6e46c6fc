/**
 * The notes of an ELF file: small records by owner and type that survive stripping, because they belong to a segment
 * (PT_NOTE). Ours hold a plugin's manifest, GNU's the build-id. System V ABI, chapter 5 "Note Section".
 */

import { type Header, PT } from "./header.ts";
import { MAX_NOTE_BYTES } from "./limits.ts";
import { Region } from "./region.ts";
import type { Source } from "./source.ts";

export interface Note {
  readonly owner: string;
  readonly type: number;
  /** Not to be changed. */
  readonly bytes: Buffer;
}

const HEADER_BYTES = 12;
const GNU_BUILD_ID = 3;

export function readNotes(source: Source, header: Header): Note[] {
  const notes: Note[] = [];
  let bytes = 0;
  for (const { type, offset, fileSize, align } of header.programHeaders) {
    if (type !== PT.NOTE) continue;
    const region = new Region(source, "the notes", offset, fileSize);
    bytes += fileSize;
    if (bytes > MAX_NOTE_BYTES) throw region.damaged(`they have more than ${MAX_NOTE_BYTES} bytes`);
    // gABI says 8 for 64-bit files, but only .note.gnu.property follows it; the segment's alignment tells.
    readInto(notes, region, align === 8 ? 8 : 4);
  }
  return notes;
}

/** What the linker computed from the contents of the file, in hexadecimal; debuggers and crash reports go by it. */
export function buildId(notes: readonly Note[]): string | undefined {
  return notes.find(({ owner, type }) => owner === "GNU" && type === GNU_BUILD_ID)?.bytes.toString("hex");
}

function readInto(notes: Note[], region: Region, align: number): void {
  for (let at = 0; at + HEADER_BYTES <= region.length; ) {
    const ownerSize = region.u32(at);
    const size = region.u32(at + 4);
    const type = region.u32(at + 8);
    const bytesAt = up(at + HEADER_BYTES + ownerSize, align);
    const owner = withoutEnd(region.bytes(at + HEADER_BYTES, ownerSize).toString("latin1"));
    notes.push({ owner, type, bytes: region.bytes(bytesAt, size) });
    at = up(bytesAt + size, align);
  }
}

function up(at: number, align: number): number {
  return Math.ceil(at / align) * align;
}

/** Owners end with NUL, but some of other makers do not. */
function withoutEnd(owner: string): string {
  const end = owner.indexOf("\0");
  return end < 0 ? owner : owner.slice(0, end);
}
