/** Which ends of processes are somebody's fault, of those in them: others count neither against a plugin nor a mail. */

import type { CrashRecord } from "../../observe/index.ts";

/** Not so when somebody outside ended the process: an admin, or a kernel without memory. */
export function isFault({ kind, signal, sender }: Pick<CrashRecord, "kind" | "signal" | "sender">): boolean {
  return kind !== "signal" || (sender === undefined && FAULTS.has(signal ?? ""));
}

const FAULTS: ReadonlySet<string> = new Set(["SIGSEGV", "SIGBUS", "SIGILL", "SIGFPE", "SIGABRT", "SIGTRAP", "SIGSYS"]);
