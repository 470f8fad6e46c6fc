/** `vsmtp plugin`: what plugins there are, and what they are; none of them is ever loaded by it. */

import type { Command } from "commander";
import { loadConfig } from "../config/index.ts";
import { admitFile, inspectFile } from "../plugin/index.ts";
import { findPlugins } from "../server/index.ts";
import { command, configFile, exits } from "./command.ts";
import { manual } from "./manual.ts";
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
    .addCommand(listCommand())
    .addCommand(inspectCommand())
    .addCommand(checkCommand());
}

function listCommand(): Command {
  const made = command("list", "list the files of the plugin directory, and what became of each")
    .option("-c, --config <file>", "the configuration")
    .option("--json", "print the list as JSON");
  return manual(made, {
    about: [
      "Judges every file of the plugin directory as the server does at its start, and the plugins that come with it. Shows name, release, the version of vSMTP that each was built for and its module, and of a refused one everything that speaks against it.",
    ],
    exit: { 0: "the list was printed, refused plugins or not", 1: "the configuration is wrong" },
    examples: [["vsmtp plugin list -c vsmtp.vsl", "what rules can import"]],
  }).action(exits(list));
}

function inspectCommand(): Command {
  const made = command("inspect", "show everything that a file says about itself")
    .argument("<file>", "a plugin")
    .option("--json", "print it as JSON");
  return manual(made, {
    about: [
      "Reads the file without loading it: the plugin's own description, its functions with their types and documentation, its objects, and what the ELF file needs, exports and imports.",
    ],
    exit: { 0: "it would be admitted", 1: "it would be refused, or is no plugin" },
    examples: [["vsmtp plugin inspect libvsmtp-plugin-hello-1.0.0.so", "what it offers to rules"]],
  }).action(exits(inspect));
}

function checkCommand(): Command {
  const made = command("check", "tell whether these files would be admitted, and if not, why")
    .argument("<files...>", "plugins")
    .option("--json", "print the verdicts as JSON");
  return manual(made, {
    about: ["Judges each file by itself, as the server would, and tells everything that speaks against it."],
    exit: { 0: "all would be admitted", 1: "one at least would not" },
    examples: [["vsmtp plugin check build/*.so", "the last step of a plugin's build"]],
  }).action(exits(check));
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
