/** `vsmtp plugin`: what plugins there are, and what they are; none of them is ever loaded by it. */

import type { Command } from "commander";
import { admitFile, inspectFile } from "../plugin/index.ts";
import { command, exits } from "./command.ts";
import { manual } from "./manual.ts";
import { allAdmitted, pluginCheckJson, pluginCheckText } from "./plugin-check.ts";
import { crashesCommand } from "./plugin-crashes.ts";
import { explainCommand } from "./plugin-explain.ts";
import { handlesCommand } from "./plugin-handles.ts";
import { pluginInspectJson, pluginInspectText } from "./plugin-inspect.ts";
import { listCommand } from "./plugin-list.ts";
import { diffCommand, lockCommand } from "./plugin-lock.ts";
import { releaseCommand } from "./plugin-release.ts";
import { printJson } from "./print.ts";

interface Options {
  readonly json?: boolean;
}

export function pluginCommand(): Command {
  return command("plugin", "look at plugins, without loading any")
    .helpCommand(false)
    .addCommand(listCommand())
    .addCommand(inspectCommand())
    .addCommand(checkCommand())
    .addCommand(explainCommand())
    .addCommand(lockCommand())
    .addCommand(diffCommand())
    .addCommand(crashesCommand())
    .addCommand(handlesCommand())
    .addCommand(releaseCommand());
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
