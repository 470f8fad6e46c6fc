/**
 * The records that `vsmtp/plugin.h`, and `lib.h` for storage plugins, write into a plugin's file: ELF notes with the owner `vSMTP`, whose text is lines
 * `key=value`. What they mean is left to `manifest.ts`.
 */

import { isUtf8 } from "node:buffer";
import type { Note } from "./elf/notes.ts";

const OWNER = "vSMTP";

/** n_type. Later versions may add kinds, never renumber them; unknown ones are skipped. */
export const KIND = { plugin: 1, function: 2, object: 3, dependency: 4, storage: 5 } as const;

export interface NoteRecord {
  readonly kind: number;
  /** All values of each key, in the order of the text. */
  readonly fields: ReadonlyMap<string, readonly string[]>;
  /** Why the text cannot be used; undefined: it can. */
  readonly damage: string | undefined;
}

/** The records of a file. Empty: it is no plugin of ours. */
export function readRecords(notes: readonly Note[]): NoteRecord[] {
  return notes.filter(({ owner }) => owner === OWNER).map(({ type, bytes }) => readRecord(type, bytes));
}

function readRecord(kind: number, bytes: Buffer): NoteRecord {
  const fields = new Map<string, string[]>();
  const text = decode(bytes);
  if (text === undefined) return { kind, fields, damage: "its text is not UTF-8 ended by NUL" };
  let damage: string | undefined;
  for (const line of text.split("\n")) {
    if (line === "") continue;
    const equals = line.indexOf("=");
    if (equals <= 0) {
      damage ??= `the line "${line}" is not of the form key=value (each VSMTP_DOC takes one line)`;
      continue;
    }
    const key = line.slice(0, equals);
    const value = line.slice(equals + 1);
    const values = fields.get(key);
    if (values) values.push(value);
    else fields.set(key, [value]);
  }
  return { kind, fields, damage };
}

function decode(bytes: Buffer): string | undefined {
  const end = bytes.length - 1;
  return bytes.indexOf(0) === end && isUtf8(bytes) ? bytes.toString("utf8", 0, end) : undefined;
}
