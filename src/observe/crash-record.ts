/** What is known of a process that ended, or had to be ended, while a plugin worked in it. Plain data, kept as JSON. */

import type { SituationFacts } from "./situation.ts";

export interface PluginCall {
  readonly plugin: string;
  readonly function: string;
}

export interface CallInFlight extends PluginCall {
  /** Of the thread. */
  readonly tid: number;
  readonly situation?: SituationFacts | undefined;
}

export interface CrashRecord {
  /** ISO 8601. */
  readonly time: string;
  /** Of the first crash of this build of the plugin that was known then; undefined: it is not known whose fault it is. */
  readonly since?: string | undefined;
  readonly pid: number;
  /** "smtp 1", "storage 2", "isolated mysql". */
  readonly process: string;
  /** A fault; an end that nobody asked for; a thread that did not come back and was ended. */
  readonly kind: "signal" | "exit" | "hung";
  /** "SIGSEGV" */
  readonly signal?: string | undefined;
  readonly status?: number | undefined;
  /** The process that sent the signal, when it was another one: nothing of a plugin's then. */
  readonly sender?: number | undefined;
  /** The address that could not be accessed. */
  readonly address?: string | undefined;
  /** The culprit; undefined: the fault was outside of all plugins and none was in flight. */
  readonly plugin?: string | undefined;
  /** What the thread that faulted had been called for, as scripts name it; undefined: nothing, or it is not known. */
  readonly call?: PluginCall | undefined;
  /** Of the place, as the source has it: `bad_strlen`, `(static)`. */
  readonly function?: string | undefined;
  /** In the file, "0x11d7". */
  readonly offset?: string | undefined;
  /** The plugin's file as it was found, not the copy that runs. */
  readonly file?: string | undefined;
  readonly buildId?: string | undefined;
  /** Of the file's bytes that run. */
  readonly sha256?: string | undefined;
  /** How the culprit is known: by where the thread was, by what its stack held, by the marker. */
  readonly by?: "place" | "stack" | "marker" | undefined;
  /** "likely a stack overflow" */
  readonly note?: string | undefined;
  /** `libc.so.6+0x167ad8`, innermost first. */
  readonly backtrace: readonly string[];
  /** Of the thread that faulted, where it is known. */
  readonly situation?: SituationFacts | undefined;
  /** On all threads. */
  readonly inFlight: readonly CallInFlight[];
  /** The functions that were called last, latest first: for damage that shows later. */
  readonly lastCalled: readonly PluginCall[];
}
