/**
 * The server log: one JSON object a line, to stdout or to a file, with a level for each area of the program.
 *
 * What rules log themselves, area `app`, may have a file of its own. Both are opened once at start and handed down;
 * nothing here is global. What happens to a mail is not logged by the parts that do it: they publish on the channels of
 * trace.ts, and trace-log.ts listens where the level asks for it.
 */

import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import pino from "pino";
import { reasonOf, VsmtpError } from "../errors.ts";
import type { Level, LogLevels } from "./level.ts";
import { logTraces } from "./trace-log.ts";

/** The log of one area. Fields first, then the sentence, as in pino. */
export type AreaLog = Pick<pino.Logger, "trace" | "debug" | "info" | "warn" | "error" | "isLevelEnabled">;

export interface Log {
  /** The logger of an area, `log("smtp")`; its lines carry `"area":"smtp"`. */
  (area: string): AreaLog;
  /** Opens its files anew, for those that were moved away. @throws VsmtpError LOG_FILE, and goes on with the old ones */
  reopen(): void;
  /** Ends the log: closes its file, and what is logged later goes nowhere. Every line was written when its call returned. */
  close(): void;
}

export interface LogOptions {
  readonly levels: LogLevels;
  /** Appended to, made with its directory when missing; undefined: stdout. */
  readonly filename?: string | undefined;
  /** Write to stdout too when there is a file. */
  readonly stdout?: boolean;
  /** The file for lines of the area `app`, whatever their level; undefined: they go where the others go. */
  readonly app?: string | undefined;
  /** Which process of the host this is, "smtp 1"; lines carry it as `process`. */
  readonly process?: string | undefined;
}

/** @throws VsmtpError LOG_FILE when the file cannot be opened. */
export function openLog({ levels, filename, stdout = false, app, process: name }: LogOptions): Log {
  const file = filename === undefined ? undefined : new LogFile(filename);
  const appFile = app === undefined ? undefined : new LogFile(app);
  const base = name === undefined ? null : { process: name };
  const root = rootLogger(pinoLevel(levels.base), base, destination(file, stdout));
  const areas = new Map<string, pino.Logger>();
  if (appFile !== undefined) areas.set("app", rootLogger("trace", base, destination(appFile, stdout)));
  const area = (name: string): AreaLog => {
    const known = areas.get(name);
    if (known) return known;
    const level = pinoLevel(levels.areas.get(name) ?? levels.base);
    const made = root.child({ area: name }, { level });
    areas.set(name, made);
    return made;
  };
  const stopTraces = logTraces(area);
  const close = () => {
    stopTraces();
    for (const logger of areas.values()) logger.level = "silent";
    root.level = "silent";
    for (const one of [file, appFile]) one?.close();
  };
  const reopen = () => {
    for (const one of [file, appFile]) one?.reopen();
  };
  return Object.assign(area, { close, reopen });
}

function rootLogger(level: string, base: object | null, stream: pino.DestinationStream): pino.Logger {
  return pino({ level, base, timestamp: pino.stdTimeFunctions.isoTime, formatters }, stream);
}

const formatters = { level: (label: string) => ({ level: label }) };

function pinoLevel(level: Level): string {
  return level === "off" ? "silent" : level;
}

function openForAppend(filename: string): number {
  try {
    mkdirSync(dirname(filename), { recursive: true });
    return openSync(filename, "a", 0o640);
  } catch (error) {
    throw new VsmtpError("LOG_FILE", { file: filename, reason: reasonOf(error) }, { cause: error });
  }
}

/** A file that may be opened anew between two lines. */
class LogFile implements pino.DestinationStream {
  readonly #filename: string;
  #descriptor: number;
  #stream: pino.DestinationStream;

  constructor(filename: string) {
    this.#filename = filename;
    this.#descriptor = openForAppend(filename);
    this.#stream = pino.destination({ dest: this.#descriptor, sync: true });
  }

  write(line: string): void {
    this.#stream.write(line);
  }

  reopen(): void {
    const descriptor = openForAppend(this.#filename);
    this.close();
    this.#descriptor = descriptor;
    this.#stream = pino.destination({ dest: descriptor, sync: true });
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

function destination(file: LogFile | undefined, stdout: boolean): pino.DestinationStream {
  if (file === undefined) return pino.destination({ dest: 1, sync: true });
  const toFile: pino.DestinationStream = file;
  if (!stdout) return toFile;
  // The areas have filtered already: both streams take whatever reaches them.
  return pino.multistream([
    { level: "trace", stream: toFile },
    { level: "trace", stream: pino.destination({ dest: 1, sync: true }) },
  ]);
}
