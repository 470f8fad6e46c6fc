/**
 * Where in a script an error happened, found from the JavaScript stack when somebody asks.
 *
 * Compiled text is kept under a URL of its own. Its lines begin with the offset they came from, so the line number of
 * the innermost stack frame in it is all that is needed; nothing is recorded while scripts run.
 */

import { type Place, VsmtpError } from "../../errors.ts";
import { LimitExceeded, ScriptError } from "../script-error.ts";
import type { Unit } from "../unit.ts";

interface Compiled {
  readonly text: string;
  readonly unit: Unit;
  /** Of the text, once somebody has asked. */
  lines?: readonly string[];
}

const SCHEME = "vsl://";
const compiled: Compiled[] = [];
/** `new Function` puts a head of two lines before the body. */
const HEAD = 2;

/** Keeps a compiled text for later questions; the URL goes into its `sourceURL`. */
export function register(text: string, unit: Unit): string {
  return `${SCHEME}${compiled.push({ text, unit }) - 1}`;
}

/** Rethrows as an error that knows its place, when it left code that was waiting at `offset`. */
export function locateAt(error: unknown, unit: Unit, offset: number): never {
  const located = asScriptError(error);
  if (located === undefined) throw error;
  located.place ??= placeOf(located) ?? unit.source.place(offset);
  throw located;
}

/** The error that a host gets for whatever left a script; bugs stay what they are. */
export function locate(error: unknown): VsmtpError | undefined {
  const script = asScriptError(error);
  if (script === undefined) return undefined;
  const place = script.place ?? placeOf(script) ?? (error instanceof Error ? placeOf(error) : undefined);
  const code = script instanceof LimitExceeded ? "VSL_LIMIT" : "VSL_RUNTIME";
  return new VsmtpError(code, { reason: script.message }, { cause: script.cause ?? script, ...(place && { place }) });
}

/** A native's failure and an exhausted stack are script errors too. */
function asScriptError(error: unknown): ScriptError | undefined {
  if (error instanceof ScriptError) return error;
  if (error instanceof VsmtpError) {
    const script = new ScriptError(error.message, error.message, error);
    script.place = placeOf(error);
    return script;
  }
  return error instanceof RangeError && /call stack/.test(error.message)
    ? new LimitExceeded("more nested calls than the stack holds")
    : undefined;
}

/** Where in a script an error arose, as far as its stack tells. */
export function placeOf(error: Error): Place | undefined {
  const frame = /vsl:\/\/(\d+):(\d+):\d+/.exec(error.stack ?? "");
  const found = frame && compiled[Number(frame[1])];
  if (!found) return undefined;
  found.lines ??= found.text.split("\n");
  const { lines } = found;
  for (let line = Number(frame[2]) - HEAD - 1; line >= 0; line--) {
    const mark = /^\/\*@(\d+)\*\//.exec(lines[line] ?? "");
    if (mark) return found.unit.source.place(Number(mark[1]));
  }
  return undefined;
}
