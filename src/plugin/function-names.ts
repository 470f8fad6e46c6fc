/** Names of functions in files that are loaded, for people who read addresses. */

import { readFileSync } from "node:fs";
import { ElfFile } from "./elf/elf-file.ts";
import { functionAt, type NamedFunction, readFunctions } from "./elf/functions.ts";
import { MemorySource } from "./elf/source.ts";

export class FunctionNames {
  readonly #files = new Map<string, readonly NamedFunction[]>();

  /** The function of `file` that the address `offset`, relative to where it is loaded, is in; undefined: nobody knows. */
  at(file: string, offset: number): string | undefined {
    let functions = this.#files.get(file);
    if (!functions) {
      functions = functionsOf(file);
      this.#files.set(file, functions);
    }
    return functionAt(functions, offset)?.name;
  }
}

/** The path may be that of a private copy; what cannot be read has no names. */
function functionsOf(file: string): readonly NamedFunction[] {
  try {
    return readFunctions(new ElfFile(new MemorySource(file, readFileSync(file))));
  } catch {
    return [];
  }
}
