/**
 * What lies in the plugin directory, in an order that is the same on every machine.
 *
 * Only names are looked at here; what an entry is shows when it is opened (`open.ts`), and what it is worth when it is
 * judged (`admit.ts`).
 */

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { reasonOf, type VsmtpError } from "../errors.ts";
import { isLibraryName } from "./name.ts";
import { problem } from "./problem.ts";

export interface Directory {
  /** Paths of the entries `*.so`, by name. */
  readonly files: readonly string[];
  /** Names of the other entries, which nobody opens. */
  readonly ignored: readonly string[];
  /** Why the directory could not be read. A directory that is not there is empty. */
  readonly problem: VsmtpError | undefined;
}

export function listDirectory(directory: string): Directory {
  try {
    const names = readdirSync(directory).sort();
    return {
      files: names.filter(isLibraryName).map((name) => join(directory, name)),
      ignored: names.filter((name) => !isLibraryName(name)),
      problem: undefined,
    };
  } catch (error) {
    const none = { files: [], ignored: [] };
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return { ...none, problem: undefined };
    const hint = "Plugins are files in that directory: let the user that runs vSMTP read it (chmod a+rx)";
    return { ...none, problem: problem("PLUGIN_UNREADABLE", { file: directory, reason: reasonOf(error), hint }) };
  }
}
