/**
 * Every command of `vsmtp`, in the order in which the help lists them. A command is loaded when it is called: one that
 * runs a script need not wait for the parts of a mail server.
 */

import type { Command } from "commander";

export interface Entry {
  readonly name: string;
  load(): Promise<Command>;
}

export const commands: readonly Entry[] = [
  { name: "check", load: async () => (await import("./check.ts")).checkCommand() },
  { name: "config-show", load: async () => (await import("./config.ts")).configShowCommand() },
  { name: "config-diff", load: async () => (await import("./config.ts")).configDiffCommand() },
  { name: "mail", load: async () => (await import("./mail.ts")).mailCommand() },
  { name: "plugin", load: async () => (await import("./plugin.ts")).pluginCommand() },
  { name: "reload", load: async () => (await import("./reload.ts")).reloadCommand() },
  { name: "rules", load: async () => (await import("./rules.ts")).rulesCommand() },
  { name: "sdk", load: async () => (await import("./sdk.ts")).sdkCommand() },
  { name: "vsl", load: async () => (await import("./vsl.ts")).vslCommand() },
];
