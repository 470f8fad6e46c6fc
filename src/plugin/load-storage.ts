/**
 * Takes an admitted storage plugin into the process and says where its functions are. None of them is called here:
 * storage code runs on one thread of its own, and src/storage has the core call them there.
 */

import type { LibraryHandle } from "koffi";
import { VsmtpError } from "../errors.ts";
import type { Admitted } from "./admit.ts";
import { storageCoreFile } from "./host-facts.ts";
import { findSymbol, openFile, openLibrary, type Scope } from "./load-library.ts";
import type { StorageRecord } from "./manifest-types.ts";

/** Plain data: addresses are numbers, and good for as long as the process lives. */
export interface StoragePlugin {
  /** `mail-log` */
  readonly name: string;
  /** What Dovecot calls the module, `mail_log_plugin`. */
  readonly base: string;
  /** As it was found, the name of a link included: the order of plugins goes by the last part of it. */
  readonly path: string;
  /** Of its private copy: the path that the dynamic loader knows it by. */
  readonly realFile: string;
  readonly init: bigint;
  readonly deinit: bigint;
  readonly preinit: bigint | undefined;
}

/** Kept for ever, as everything that is opened. */
let core: LibraryHandle | VsmtpError | undefined;

/** Opens the plugin; those that it depends on have to be open. `global`: another one depends on it. */
export function loadStoragePlugin(
  admitted: Admitted,
  { base, preinit }: StorageRecord,
  scope: Scope,
): StoragePlugin | VsmtpError {
  const ready = openCore();
  if (ready instanceof VsmtpError) return ready;
  const { file, manifest } = admitted;
  const library = openLibrary(admitted, scope);
  if (library instanceof VsmtpError) return library;
  const find = (suffix: string) => findSymbol(library.handle, `${base}_${suffix}`);
  const [init, deinit, before] = [find("init"), find("deinit"), find("preinit")];
  if (init === undefined || deinit === undefined || (preinit && before === undefined)) {
    return new VsmtpError("PLUGIN_SYMBOL_MISSING", { file, symbol: `${base}_init` });
  }
  return { name: manifest.name, base, path: file, realFile: library.path, init, deinit, preinit: before };
}

/** Storage plugins link with no library of ours: the names of Dovecot are there for them because this one is global. */
function openCore(): LibraryHandle | VsmtpError {
  core ??= openFile(storageCoreFile, { file: storageCoreFile, scope: "global", deep: false });
  return core;
}
