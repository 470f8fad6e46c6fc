/** Runs the host in the foreground, and does what signals say, until it is told to stop. */

import type { Command } from "commander";
import { isDuration, milliseconds } from "../config/index.ts";
import type { VsmtpError } from "../errors.ts";
import { forgetPaths, Supervisor } from "../server/index.ts";
import { configFile } from "./command.ts";
import { readEnvironment } from "./configured.ts";
import { printProblems } from "./print.ts";

export interface ServeOptions {
  readonly stdout?: boolean;
  readonly timeout?: string;
  readonly json?: boolean;
}

/** Resolves with the exit code when it cannot start; ends the process when it was stopped. */
export async function serve({ stdout = false, timeout, json = false }: ServeOptions, self: Command): Promise<number> {
  if (timeout !== undefined && !isDuration(timeout)) {
    self.error(`error: -t ${timeout}: expected a duration such as "500ms", "30s" or "5m"`);
  }
  // From now on, so that a signal during the start stops what it started.
  const told = untilTold();
  const over = timeout === undefined ? undefined : passed(milliseconds(timeout));
  const started = start({ stdout, signal: signalOf(told) }, self);
  obeySignals(started);
  const host = await started;
  if (Array.isArray(host)) {
    printProblems(host, json);
    return 1;
  }
  await Promise.race(over ? [told, over] : [told]);
  await host.stop();
  process.exit(0);
}

type Started = Promise<Supervisor | VsmtpError[]>;

async function start(options: { readonly stdout: boolean; readonly signal: AbortSignal }, self: Command): Started {
  const problems = readEnvironment(self);
  forgetPaths();
  return problems.length > 0 ? problems : Supervisor.start({ ...options, config: configFile(self) });
}

/** Resolves at SIGTERM or SIGINT. A second signal ends the process at once, and all others with it. */
function untilTold(): Promise<void> {
  return new Promise((resolve) => {
    const told = () => {
      process.off("SIGTERM", told).off("SIGINT", told);
      resolve();
    };
    process.on("SIGTERM", told).on("SIGINT", told);
  });
}

function passed(time: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, time).unref());
}

function signalOf(told: Promise<void>): AbortSignal {
  const controller = new AbortController();
  void told.then(() => controller.abort());
  return controller.signal;
}

/** SIGHUP: everything is read anew; SIGUSR1: logs are opened anew. What goes wrong is in the log. */
function obeySignals(started: Started): void {
  const withHost = async (work: (host: Supervisor) => unknown) => {
    const host = await started;
    if (!Array.isArray(host)) await work(host);
  };
  process.on("SIGHUP", () => void withHost((host) => host.reload()));
  process.on("SIGUSR1", () => void withHost((host) => host.reopenLogs()));
}
