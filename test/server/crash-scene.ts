/** Processes that have ended, as the supervisor finds them: a marker in which something was under way. */

import { collectLog, type LogLine, MARKER, Marker, type SituationFacts } from "../../src/observe/index.ts";
import type { Death } from "../../src/server/supervisor/worker.ts";

export interface Scene {
  /** What each thread was doing; the first is the JavaScript thread, the second the storage's, others call threads. */
  readonly threads?: readonly {
    readonly tid: number;
    readonly call?: readonly [plugin: string, fn: string];
    readonly situation?: SituationFacts;
  }[];
  /** What was called before, first to last. */
  readonly called?: readonly (readonly [plugin: string, fn: string])[];
  /** What the crash handler wrote. */
  readonly text?: readonly string[];
  readonly death?: Partial<Death>;
}

/** Without more: an smtp process that a SIGSEGV ended. */
export function deathOf({ threads = [], called = [], text, death = {} }: Scene): Death {
  const memory = new ArrayBuffer(MARKER.bytes);
  const marker = new Marker(memory);
  for (const [plugin, fn] of called) call(marker, marker.functionId(plugin, fn));
  for (const [slot, { tid, call: of, situation }] of threads.entries()) {
    const cells = new Int32Array(memory, MARKER.slots.at + slot * MARKER.slots.size, 4);
    const id = of === undefined ? 0 : marker.functionId(...of);
    if (id !== 0) call(marker, id);
    cells.set([id, situation === undefined ? 0 : marker.begin(situation), 0, tid]);
  }
  if (text !== undefined) {
    const bytes = Buffer.from(`${text.join("\n")}\n`);
    new Int32Array(memory, MARKER.crash.at, 2).set([2, bytes.length]);
    Buffer.from(memory, MARKER.crash.at + 8).set(bytes);
  }
  const role = { kind: "smtp", number: 1 } as const;
  const ended = { status: undefined, signal: "SIGSEGV", expected: false, hung: false } as const;
  return { role, pid: 4711, ...ended, marker: memory, plugins: [], ...death };
}

function call(marker: Marker, id: number): void {
  const clock = (marker.cells[5] ?? 0) + 1;
  marker.cells[5] = clock;
  marker.cells[MARKER.last.at / 4 + id] = clock;
}

/** A log and its lines. */
export function keptLog() {
  const lines: LogLine[] = [];
  const log = collectLog("debug", (line) => lines.push(line));
  return { lines, log: log("crash") };
}

export const POLICY = { crashes: 3, within: "10m", losses: 2, mail_crashes: 2 } as const;
