/** Every command of `vsmtp`, in the order in which the help lists them. */

import type { Command } from "commander";
import { checkCommand } from "./check.ts";
import { pluginCommand } from "./plugin.ts";
import { sdkCommand } from "./sdk.ts";

export const commands: readonly (() => Command)[] = [checkCommand, pluginCommand, sdkCommand];
