/** Runs the server in the foreground until it is told to stop. */

import type { Command } from "commander";
import { isDuration, milliseconds } from "../config/index.ts";
import { startServer } from "../server/index.ts";
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
  const told = untilTold(timeout === undefined ? undefined : milliseconds(timeout));
  const problems = readEnvironment(self);
  const server = problems.length > 0 ? problems : await startServer({ config: configFile(self), stdout });
  if (Array.isArray(server)) {
    printProblems(server, json);
    return 1;
  }
  await told;
  await server.stop();
  // What a plugin still runs on a thread of its own must not keep the process.
  process.exit(0);
}

/** Resolves at SIGTERM, SIGINT or after the given time. A second signal ends the process at once. */
function untilTold(timeout: number | undefined): Promise<void> {
  return new Promise((resolve) => {
    process.once("SIGTERM", () => resolve()).once("SIGINT", () => resolve());
    if (timeout !== undefined) setTimeout(resolve, timeout).unref();
  });
}
