/** The log files of a configuration, which every process of the host opens for itself. */

import type { Config } from "../config/index.ts";
import { type AreaLog, type Log, openLog, parseLevels } from "../observe/index.ts";
import type { Role } from "./messages.ts";
import { nameOfRole } from "./names.ts";

/** Lines are of this process: a worker's of its role, the supervisor's without one. @throws VsmtpError LOG_FILE */
export function openLogs({ server, app }: Config, stdout: boolean, role?: Role): Log {
  const { filename, level } = server.logs;
  return openLog({
    levels: parseLevels(level),
    filename: filename ?? undefined,
    stdout,
    app: app.logs.filename ?? undefined,
    process: role ? nameOfRole(role) : "supervisor",
  });
}

/** A log that can become another while those who were given it go on writing to it. */
export class ChangingLog {
  #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  /** From now on lines go to this one; the one before is closed. */
  become(log: Log): void {
    const before = this.#log;
    this.#log = log;
    before.close();
  }

  area(name: string): AreaLog {
    const now = () => this.#log(name);
    const write = (level: Level): AreaLog[Level] => {
      const log = (...args: unknown[]) => (now()[level] as (...args: unknown[]) => void)(...args);
      return log as AreaLog[Level];
    };
    return {
      trace: write("trace"),
      debug: write("debug"),
      info: write("info"),
      warn: write("warn"),
      error: write("error"),
      isLevelEnabled: (level) => now().isLevelEnabled(level),
    };
  }

  /** @throws VsmtpError LOG_FILE */
  reopen(): void {
    this.#log.reopen();
  }

  close(): void {
    this.#log.close();
  }
}

type Level = "trace" | "debug" | "info" | "warn" | "error";
