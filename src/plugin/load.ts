/**
 * Takes an admitted plugin for scripts into the process: its library, its symbols, its init.
 *
 * What the plugin's functions look like to vSL is bind.ts's part; whether the file may be loaded at all was decided
 * from its bytes before (admit.ts).
 */

import type { LibraryHandle } from "koffi";
import { VsmtpError } from "../errors.ts";
import { native } from "../native/index.ts";
import type { Admitted } from "./admit.ts";
import type { Caller } from "./caller.ts";
import { findSymbol, openLibrary, whileLoading } from "./load-library.ts";
import { rawFunction } from "./prototype-koffi.ts";
import type { Signature } from "./signature.ts";

export interface LoadedPlugin {
  readonly name: string;
  /** The path that the dynamic loader knows it by. */
  readonly file: string;
  /** Addresses of the functions that the manifest names, destructors included. */
  readonly symbols: ReadonlyMap<string, bigint>;
  /** Who calls them; undefined: this process. */
  readonly caller?: Caller | undefined;
}

/** What came of loading each, by file and contents: a plugin is loaded, and fails to load, once a process. */
const outcomes = new Map<string, LoadedPlugin | VsmtpError>();
/** `vsmtp_plugin_fini` of the plugins that are in service, in the order of loading. */
const finishers: (() => void)[] = [];

/** Loads a plugin; again: the same answer. The error is for the admin, and the process is as good as before. */
export function loadPlugin(admitted: Admitted): LoadedPlugin | VsmtpError {
  const key = `${admitted.realFile}\0${admitted.sha256}`;
  let outcome = outcomes.get(key);
  if (outcome === undefined) {
    outcome = load(admitted);
    outcomes.set(key, outcome);
  }
  return outcome;
}

/** Runs the `vsmtp_plugin_fini` of all plugins, the last loaded first. For the end of a process, after the last call. */
export function finishPlugins(): void {
  for (const finish of finishers.splice(0).reverse()) finish();
}

function load(admitted: Admitted): LoadedPlugin | VsmtpError {
  const { file, manifest } = admitted;
  const opened = openLibrary(admitted, "local");
  if (opened instanceof VsmtpError) return opened;
  const library = opened.handle;
  const symbols = new Map<string, bigint>();
  for (const symbol of [
    ...manifest.functions.map((fn) => fn.symbol),
    ...manifest.objects.map((type) => type.destroy),
  ]) {
    const address = findSymbol(library, symbol);
    if (address === undefined) return new VsmtpError("PLUGIN_SYMBOL_MISSING", { file, symbol });
    symbols.set(symbol, address);
  }
  return begin(library, manifest.name) ?? { name: manifest.name, file: opened.path, symbols };
}

const INIT: Signature = { parameters: [], out: false, result: { kind: "int", bits: 32, signed: true } };
const FINI: Signature = { parameters: [], out: false, result: { kind: "void" } };

function begin(library: LibraryHandle, plugin: string): VsmtpError | undefined {
  const init = findSymbol(library, "vsmtp_plugin_init");
  if (init !== undefined) {
    const status = whileLoading(plugin, rawFunction(init, INIT));
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
