/** `vsmtp plugin`: what plugins there are, and what they are; none of them is ever loaded by it. */

import type { Command } from "commander";
import { loadConfig } from "../config/index.ts";
import { admitFile, inspectFile } from "../plugin/index.ts";
import { findPlugins } from "../server/index.ts";
import { command, configFile, exits } from "./command.ts";
import { allAdmitted, pluginCheckJson, pluginCheckText } from "./plugin-check.ts";
import { pluginInspectJson, pluginInspectText } from "./plugin-inspect.ts";
import { pluginListJson, pluginListText } from "./plugin-list.ts";
import { printJson, printProblems } from "./print.ts";

interface Options {
  readonly json?: boolean;
}

export function pluginCommand(): Command {
  return command("plugin", "look at plugins, without loading any")
    .helpCommand(false)
    .addCommand(
      command("list", "list the files of the plugin directory, and what became of each")
        .option("-c, --config <file>", "the configuration")
        .option("--json", "print the list as JSON")
        .action(exits(list)),
    )
    .addCommand(
      command("inspect", "show everything that a file says about itself")
        .argument("<file>", "a plugin")
        .option("--json", "print it as JSON")
        .action(exits(inspect)),
    )
    .addCommand(
      command("check", "tell whether these files would be admitted, and if not, why")
        .argument("<files...>", "plugins")
        .option("--json", "print the verdicts as JSON")
        .action(exits(check)),
    );
}

async function list({ json = false }: Options, self: Command): Promise<number> {
  const config = await loadConfig(configFile(self));
  if (Array.isArray(config)) {
    printProblems(config, json);
    return 1;
  }
  const plugins = findPlugins(config);
  if (json) printJson(pluginListJson(plugins));
  else process.stdout.write(pluginListText(plugins));
  return 0;
}

function inspect({ json = false }: Options, self: Command): number {
  const inspection = inspectFile(self.args[0] ?? "");
  if (json) printJson(pluginInspectJson(inspection));
  else process.stdout.write(pluginInspectText(inspection));
  return allAdmitted([inspection.verdict]) ? 0 : 1;
}

function check({ json = false }: Options, self: Command): number {
  const verdicts = self.args.map((file) => admitFile(file));
  if (json) printJson(pluginCheckJson(verdicts));
  else process.stdout.write(pluginCheckText(verdicts));
  return allAdmitted(verdicts) ? 0 : 1;
}
