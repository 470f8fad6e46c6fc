/** What a process knows of its plugins while it runs, as plain data that crosses processes. */

import type { ErrorCode, Facts } from "../errors.ts";
import type { Admitted, NotAPlugin, Refused } from "./admit.ts";

/** A file of a generation, judged once and kept so that nothing can change it any more. */
export interface HeldPlugin {
  /** As it was found. */
  readonly file: string;
  /** Where links lead to. */
  readonly realFile: string;
  readonly origin: "given" | "directory" | "shipped";
  readonly aliases: readonly string[];
  /**
   * A sealed file in memory (Native.sealedFile), by its descriptor in this process. Undefined: it was refused, or is no
   * plugin, and nothing of it is ever loaded.
   */
  readonly descriptor: number | undefined;
  readonly bytes: number;
  /** Of its bytes, in hexadecimal digits; empty for one that was refused. */
  readonly sha256: string;
  /** What was decided about it; no other process decides it again. */
  readonly verdict: HeldVerdict;
}

export type HeldVerdict = Admitted | NotAPlugin | (Omit<Refused, "problems"> & { readonly problems: HeldProblem[] });

/** A VsmtpError that crosses processes and becomes one again. */
export interface HeldProblem {
  readonly code: ErrorCode;
  readonly facts: Facts;
}

/** What became of a plugin in a running host. */
export interface ServiceState {
  readonly name: string;
  readonly file: string;
  readonly sha256: string;
  readonly buildId: string | undefined;
  readonly release: string;
  readonly state: "ready" | "loaded" | "failed" | "quarantined" | "isolated";
  /** Why it failed or is quarantined. */
  readonly reason?: string | undefined;
}

export interface PluginFigures {
  readonly plugin: string;
  readonly functions: readonly FunctionFigures[];
  /** Objects that are alive, by their vSL type. */
  readonly handles: Readonly<Record<string, number>>;
}

/** Of one function since the process began. Times are microseconds; those of quick functions come from samples. */
export interface FunctionFigures {
  readonly function: string;
  readonly calls: number;
  readonly errors: number;
  readonly lost: number;
  readonly p50: number | undefined;
  readonly p99: number | undefined;
}
