/**
 * Opens the libraries of plugins, of every kind, from their private copies, and remembers which plugin each is.
 *
 * A library is never closed again, and koffi would close it with its last handle, so handles are kept for ever. Whether
 * a file may be opened was decided from its bytes before (admit.ts).
 */

import koffi, { type LibraryHandle } from "koffi";
import { reasonOf, VsmtpError } from "../errors.ts";
import { native } from "../native/index.ts";
import type { Admitted } from "./admit.ts";
import { Mark } from "./mark.ts";
import { copyToLoad } from "./seal.ts";

interface Known {
  readonly plugin: string;
  readonly realFile: string;
  readonly handles: LibraryHandle[];
}

/** By the path that the dynamic loader knows. */
const libraries = new Map<string, Known>();

/** What other libraries see of its symbols: nothing, as koffi has it unless asked, or all. */
export type Scope = "local" | "global";

export interface OpenedLibrary {
  /** The path that the dynamic loader knows it by. */
  readonly path: string;
  readonly handle: LibraryHandle;
}

/** Opens a plugin's library, and remembers whose it is. */
export function openLibrary(admitted: Admitted, scope: Scope): OpenedLibrary | VsmtpError {
  const { file, realFile, manifest, buildId = "", deep } = admitted;
  const copy = copyToLoad(admitted);
  if (copy instanceof VsmtpError) return copy;
  const { path } = copy;
  const handle = whileLoading(manifest.name, () => openFile(path, { file, scope, deep }));
  if (handle instanceof VsmtpError) return handle;
  const known = libraries.get(path);
  if (known) known.handles.push(handle);
  else {
    libraries.set(path, { plugin: manifest.name, realFile, handles: [handle] });
    native().noteLibrary({ path, plugin: manifest.name, file, buildId });
  }
  return { path, handle };
}

/** What runs of a plugin before any of its functions is called, for whoever has to tell where the process ended. */
export function whileLoading<T>(plugin: string, run: () => T): T {
  const mark = new Mark(plugin, "(load)");
  mark.begin(0);
  try {
    return run();
  } finally {
    mark.end();
  }
}

/**
 * Opens a library with all its symbols resolved at once. The caller keeps the handle for ever.
 *
 * @param options `file`: its name for people; `deep`: it and its libraries ask each other for symbols first
 */
export function openFile(
  path: string,
  options: { readonly file: string; readonly scope: Scope; readonly deep: boolean },
): LibraryHandle | VsmtpError {
  const { file, scope, deep } = options;
  try {
    // The addon brings the core libraries into the process; plugins find them there by SONAME and nowhere else.
    native();
    return koffi.load(path, { global: scope === "global", deep });
  } catch (error) {
    if (error instanceof VsmtpError) return error;
    const reason = reasonOf(error).replace("Failed to load shared library: ", "").replaceAll(path, file);
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

/** The file that a library is a copy of, by the path that the dynamic loader knows; undefined: it is none of ours. */
export function originalOf(path: string): string | undefined {
  return libraries.get(path)?.realFile;
}

/** The name of the plugin whose library the dynamic loader knows by this path; undefined: it is none. */
export function pluginOf(path: string): string | undefined {
  return libraries.get(path)?.plugin;
}
