/** Names of functions in files that are loaded, for people who read addresses. */

import { VsmtpError } from "../errors.ts";
import { ElfFile } from "./elf/elf-file.ts";
import { functionAt, type NamedFunction, readFunctions } from "./elf/functions.ts";
import { openFile } from "./open.ts";

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

function functionsOf(file: string): readonly NamedFunction[] {
  const opened = openFile(file);
  if (opened instanceof VsmtpError) return [];
  try {
    return readFunctions(new ElfFile(opened.source));
  } catch (error) {
    if (error instanceof VsmtpError) return [];
    throw error;
  } finally {
    opened.source.close();
  }
}
