/** What every command of `vsmtp` is: commander's Command, whose action ends with the exit code of the process. */

import { Command } from "commander";

/** A command whose action may set the exit code by what it returns. */
export function command(name: string, description: string): Command {
  return new Command(name).description(description).helpOption("-h, --help", "show this help");
}

/** Adapts `run` to commander; its result is the exit code. */
export function exits<Options>(run: (options: Options, command: Command) => number | Promise<number>) {
  return async (...args: unknown[]): Promise<void> => {
    const self = args.at(-1) as Command;
    process.exitCode = await run(self.opts() as Options, self);
  };
}

/** The configuration when no `-c` names one. */
export const DEFAULT_CONFIG = "/etc/vsmtp/vsmtp.vsl";

/** `-c`, after the name of the command or before it. */
export function configFile(self: Command): string {
  return self.opts().config ?? (self.parent ? configFile(self.parent) : DEFAULT_CONFIG);
}

/** `-e`, likewise. */
export function environmentFile(self: Command): string | undefined {
  return self.opts().env ?? (self.parent ? environmentFile(self.parent) : undefined);
}
