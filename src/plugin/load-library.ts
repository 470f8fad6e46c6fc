/**
 * Opens the libraries of plugins, of every kind, and remembers which plugin each is.
 *
 * A library is never closed again, and koffi would close it with its last handle, so handles are kept for ever. Whether
 * a file may be opened was decided from its bytes before (admit.ts).
 */

import koffi, { type LibraryHandle } from "koffi";
import { reasonOf, VsmtpError } from "../errors.ts";
import { native } from "../native/index.ts";

/** By path. */
const libraries = new Map<string, { readonly plugin: string; readonly handles: LibraryHandle[] }>();

/** What other libraries see of its symbols: nothing, as koffi has it unless asked, or all. */
export type Scope = "local" | "global";

/** Opens a plugin's library, and remembers whose it is. */
export function openLibrary(file: string, plugin: string, scope: Scope): LibraryHandle | VsmtpError {
  const library = openFile(file, scope);
  if (library instanceof VsmtpError) return library;
  const known = libraries.get(file);
  if (known) known.handles.push(library);
  else libraries.set(file, { plugin, handles: [library] });
  return library;
}

/** Opens a library with all its symbols resolved at once. The caller keeps the handle for ever. */
export function openFile(file: string, scope: Scope): LibraryHandle | VsmtpError {
  try {
    // The addon brings the core libraries into the process; plugins find them there by SONAME and nowhere else.
    native();
    return koffi.load(file, { global: scope === "global" });
  } catch (error) {
    if (error instanceof VsmtpError) return error;
    const reason = reasonOf(error).replace("Failed to load shared library: ", "");
    return new VsmtpError("PLUGIN_NOT_LOADABLE", { file, reason }, { cause: error });
  }
}

/** The address of a symbol of that very library. */
export function findSymbol(library: LibraryHandle, symbol: string): bigint | undefined {
  try {
    return library.symbol(symbol) as bigint;
  } catch {
    return undefined;
  }
}

/** The name of the plugin whose library is at `file`; undefined: none was opened there. */
export function pluginOf(file: string): string | undefined {
  return libraries.get(file)?.plugin;
}
