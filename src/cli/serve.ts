/** `vsmtp`: runs the server in the foreground until it is told to stop. */

import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { type Command, InvalidArgumentError } from "commander";
import { isDuration, milliseconds } from "../config/index.ts";
import { reasonOf, VsmtpError } from "../errors.ts";
import { startServer } from "../server/index.ts";
import { configFile, DEFAULT_CONFIG, exits } from "./command.ts";
import { printProblems } from "./print.ts";

interface Options {
  readonly stdout?: boolean;
  readonly timeout?: number;
  readonly env?: string;
  readonly json?: boolean;
}

/** Adds it to the program itself: it is what runs without a command's name. */
export function addServe(program: Command): void {
  program
    .option("-c, --config <file>", "the configuration", DEFAULT_CONFIG)
    .option("-n, --no-daemon", "stay in the foreground, as this program always does")
    .option("--stdout", "log to stdout too")
    .option("-t, --timeout <duration>", 'stop after this time, such as "30s"', duration)
    .option("-e, --env <file>", "a file of NAME=value lines to add to the environment")
    .option("--json", "print what stops the start as JSON")
    .action(exits<Options>(serve));
}

async function serve({ stdout = false, timeout, env, json = false }: Options, self: Command): Promise<number> {
  // From now on, so that a signal during the start stops what it started.
  const told = untilTold(timeout);
  const missing = env === undefined ? undefined : loadEnvironment(env);
  const server = missing ?? (await startServer({ config: configFile(self), stdout }));
  if (Array.isArray(server)) {
    printProblems(server, json);
    return 1;
  }
  await told;
  await server.stop();
  // What a plugin still runs on a thread of its own must not keep the process.
  process.exit(0);
}

/** Variables that are set already stay as they are. */
function loadEnvironment(file: string): VsmtpError[] | undefined {
  try {
    for (const [name, value] of Object.entries(parseEnv(readFileSync(file, "utf8")))) process.env[name] ??= value;
    return undefined;
  } catch (error) {
    return [new VsmtpError("ENV_FILE", { file, reason: reasonOf(error) }, { cause: error })];
  }
}

/** Resolves at SIGTERM, SIGINT or after the given time. A second signal ends the process at once. */
function untilTold(timeout: number | undefined): Promise<void> {
  return new Promise((resolve) => {
    process.once("SIGTERM", () => resolve()).once("SIGINT", () => resolve());
    if (timeout !== undefined) setTimeout(resolve, timeout).unref();
  });
}

function duration(text: string): number {
  if (!isDuration(text)) throw new InvalidArgumentError('Expected a duration such as "500ms", "30s" or "5m".');
  return milliseconds(text);
}
