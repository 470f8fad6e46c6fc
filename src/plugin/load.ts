/**
 * Takes an admitted plugin for scripts into the process: its library, a second look at its version, its init.
 *
 * What the plugin's functions look like to vSL is bind.ts's part; whether the file may be loaded at all was decided
 * from its bytes before (admit.ts).
 */

import koffi, { type LibraryHandle } from "koffi";
import { VsmtpError } from "../errors.ts";
import { native } from "../native/index.ts";
import type { Admitted } from "./admit.ts";
import { findSymbol, openLibrary } from "./load-library.ts";
import { rawFunction } from "./prototype-koffi.ts";
import type { Signature } from "./signature.ts";

export interface LoadedPlugin {
  readonly name: string;
  /** The path that the dynamic loader knows it by. */
  readonly file: string;
  /** Addresses of the functions that the manifest names, destructors included. */
  readonly symbols: ReadonlyMap<string, bigint>;
}

/** What came of loading each, by path: a plugin is loaded, and fails to load, once a process. */
const outcomes = new Map<string, LoadedPlugin | VsmtpError>();
/** `vsmtp_plugin_fini` of the plugins that are in service, in the order of loading. */
const finishers: (() => void)[] = [];

/** Loads a plugin; again: the same answer. The error is for the admin, and the process is as good as before. */
export function loadPlugin(admitted: Admitted): LoadedPlugin | VsmtpError {
  let outcome = outcomes.get(admitted.realFile);
  if (outcome === undefined) {
    outcome = load(admitted);
    outcomes.set(admitted.realFile, outcome);
  }
  return outcome;
}

/** Runs the `vsmtp_plugin_fini` of all plugins, the last loaded first. For the end of a process, after the last call. */
export function finishPlugins(): void {
  for (const finish of finishers.splice(0).reverse()) finish();
}

function load({ realFile: file, manifest }: Admitted): LoadedPlugin | VsmtpError {
  const library = openLibrary(file, manifest.name, "local");
  if (library instanceof VsmtpError) return library;
  const wrongVersion = checkVersion(library, file, manifest.vsmtp);
  if (wrongVersion !== undefined) return wrongVersion;

  const symbols = new Map<string, bigint>();
  for (const symbol of [
    ...manifest.functions.map((fn) => fn.symbol),
    ...manifest.objects.map((type) => type.destroy),
  ]) {
    const address = findSymbol(library, symbol);
    if (address === undefined) return new VsmtpError("PLUGIN_SYMBOL_MISSING", { file, symbol });
    symbols.set(symbol, address);
  }
  return begin(library, manifest.name) ?? { name: manifest.name, file, symbols };
}

function checkVersion(library: LibraryHandle, file: string, expected: string): VsmtpError | undefined {
  const address = findSymbol(library, "vsmtp_plugin_version");
  if (address === undefined) return new VsmtpError("PLUGIN_SYMBOL_MISSING", { file, symbol: "vsmtp_plugin_version" });
  const found = koffi.decode.string(address);
  return found === expected ? undefined : new VsmtpError("PLUGIN_LOADED_VERSION", { file, found, expected });
}

const INIT: Signature = { parameters: [], out: false, result: { kind: "int", bits: 32, signed: true } };
const FINI: Signature = { parameters: [], out: false, result: { kind: "void" } };

function begin(library: LibraryHandle, plugin: string): VsmtpError | undefined {
  const init = findSymbol(library, "vsmtp_plugin_init");
  if (init !== undefined) {
    const status = rawFunction(init, INIT)();
    const failed = native().failed[0] !== 0;
    const text = native().takeFailure();
    if (failed || status !== 0) {
      const reason = text || `its vsmtp_plugin_init returned ${status}, without a reason`;
      return new VsmtpError("PLUGIN_INIT_FAILED", { plugin, reason });
    }
  }
  const fini = findSymbol(library, "vsmtp_plugin_fini");
  if (fini !== undefined) finishers.push(rawFunction(fini, FINI) as () => void);
  return undefined;
}
