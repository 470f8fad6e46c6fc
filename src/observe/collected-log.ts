/** A log for tools that show its lines among other things: each is handed to a listener when it is written. */

import pino from "pino";
import type { Level } from "./level.ts";
import type { AreaLog, Log } from "./log.ts";

export interface LogLine {
  readonly area: string;
  readonly level: string;
  readonly text: string;
  /** What else the line says. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Takes lines of `level` and above; those of the area `app`, which scripts write, whatever their level. */
export function collectLog(level: Exclude<Level, "off">, listener: (line: LogLine) => void): Log {
  const write = (line: string): void => {
    const { area, level: of, msg, ...fields } = JSON.parse(line) as Record<string, unknown>;
    listener({ area: String(area), level: String(of), text: String(msg), fields });
  };
  const root = pino({ level: "trace", base: null, timestamp: false, formatters }, { write });
  const area = (name: string): AreaLog => root.child({ area: name }, { level: name === "app" ? "trace" : level });
  return Object.assign(area, { close: () => undefined, reopen: () => undefined });
}

const formatters = { level: (label: string) => ({ level: label }) };
