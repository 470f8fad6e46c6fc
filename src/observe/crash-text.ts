/**
 * The record that the crash handler leaves in the marker: lines `key=value`, of which the last of a key counts.
 *
 * native/core/crash writes it in a process that is dying, so anything may be missing from it, and it may name no
 * plugin although one was in flight on the thread: that is for marker-view.ts to see.
 */

import type { CrashRecord } from "./crash-record.ts";

/** What the handler itself says. */
export interface CrashText
  extends Pick<
    CrashRecord,
    | "signal"
    | "status"
    | "sender"
    | "address"
    | "plugin"
    | "function"
    | "offset"
    | "file"
    | "buildId"
    | "by"
    | "note"
    | "backtrace"
  > {
  readonly kind: "signal" | "exit";
  /** Of the thread; undefined: the record ends before it. */
  readonly tid: number | undefined;
}

/** Undefined: there is no record. */
export function decodeCrashText(text: string): CrashText | undefined {
  const lines = new Map<string, string>();
  const backtrace: string[] = [];
  for (const line of text.split("\n")) {
    const at = line.indexOf("=");
    const [key, value] = [line.slice(0, at), line.slice(at + 1)];
    if (key === "frame") backtrace.push(value);
    else if (at > 0) lines.set(key, value);
  }
  const kind = lines.get("kind");
  if (kind !== "signal" && kind !== "exit") return undefined;
  const common = {
    kind,
    tid: numberOf(lines.get("tid")),
    signal: lines.get("signal"),
    status: numberOf(lines.get("status")),
    sender: numberOf(lines.get("sender")),
    address: lines.get("address"),
    note: lines.get("note"),
    backtrace,
  } as const;
  // An empty name takes back an earlier suspicion.
  const plugin = lines.get("plugin") || undefined;
  return plugin === undefined ? common : { ...common, plugin, ...placeIn(lines) };
}

function placeIn(lines: ReadonlyMap<string, string>): Partial<CrashText> {
  return {
    function: lines.get("function"),
    offset: lines.get("offset"),
    file: lines.get("file"),
    buildId: lines.get("build-id") || undefined,
    by: lines.get("by") === "place" ? "place" : "stack",
  };
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}
