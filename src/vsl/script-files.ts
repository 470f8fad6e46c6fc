/**
 * Where the texts of scripts come from: the disk, or memory, for processes that are to run the very same texts however
 * often somebody edits the files meanwhile.
 */

import { readFileSync } from "node:fs";

export interface ScriptFiles {
  /** The text of an absolute path, or why it cannot be had. */
  read(path: string): string | Error;
}

export const scriptsOnDisk: ScriptFiles = {
  read(path) {
    try {
      return readFileSync(path, "utf8");
    } catch (error) {
      return error as Error;
    }
  },
};

/** Reads the disk, every file once, and keeps the texts. */
export class RecordedScripts implements ScriptFiles {
  /** By path, of all that was read so far and is there. */
  readonly texts = new Map<string, string>();
  readonly #failures = new Map<string, Error>();

  read(path: string): string | Error {
    const known = this.texts.get(path) ?? this.#failures.get(path);
    if (known !== undefined) return known;
    const read = scriptsOnDisk.read(path);
    if (typeof read === "string") this.texts.set(path, read);
    else this.#failures.set(path, read);
    return read;
  }
}

/** Exactly these; no other file is there. */
export function keptScripts(texts: ReadonlyMap<string, string>): ScriptFiles {
  const missing = Object.assign(new Error("it was not there when these scripts were read"), { code: "ENOENT" });
  return { read: (path) => texts.get(path) ?? missing };
}
