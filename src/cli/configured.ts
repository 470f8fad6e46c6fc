/** What commands that read a configuration have in common: `-c` and `-e`, here or before the name of the command. */

import type { Command } from "commander";
import { type Config, loadConfig, loadEnvironment } from "../config/index.ts";
import type { VsmtpError } from "../errors.ts";
import { configFile, environmentFile } from "./command.ts";

export interface Configured {
  readonly json?: boolean;
}

export function configured(command: Command): Command {
  return command
    .option("-c, --config <file>", "the configuration")
    .option("-e, --env <file>", "a file of NAME=value lines to add to the environment");
}

/** Adds the variables of `-e`; what is wrong with that file. */
export function readEnvironment(self: Command): VsmtpError[] {
  const file = environmentFile(self);
  const problem = file === undefined ? undefined : loadEnvironment(file);
  return problem ? [problem] : [];
}

/** The configuration that the options name, or everything that is wrong with it. */
export async function readConfig(self: Command): Promise<Config | VsmtpError[]> {
  const problems = readEnvironment(self);
  return problems.length > 0 ? problems : loadConfig(configFile(self));
}
