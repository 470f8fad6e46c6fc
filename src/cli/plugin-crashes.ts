/** `vsmtp plugin crashes`: what is known of processes that ended in the code of plugins. */

import type { Command } from "commander";
import { askCrashes } from "../server/index.ts";
import { command, exits } from "./command.ts";
import { type Configured, configured, readConfig } from "./configured.ts";
import { crashText } from "./crash-text.ts";
import { manual } from "./manual.ts";
import { printJson, printProblems } from "./print.ts";

interface Options extends Configured {
  readonly number?: string;
}

export function crashesCommand(): Command {
  const made = configured(command("crashes", "tell which plugins ended processes, where, and for which mails"))
    .argument("[name]", "only crashes of this plugin")
    .option("-n, --number <count>", "so many, the latest")
    .option("--json", "print the records as JSON");
  return manual(made, {
    about: [
      "Shows what is known of processes that ended, or had to be ended, while a plugin worked in them, the latest first: how, in which function and place of which file, for which mail and directive, since when, and what to do. Without a running server it shows what the last one has left.",
      "Where it is not known whose fault it was, the functions that were called last are named: one of them may have damaged memory some time before.",
    ],
    exit: { 0: "the records were printed, if there are any", 1: "the configuration or the records cannot be read" },
    examples: [
      ["vsmtp plugin crashes", "after a line of the log that names a crash"],
      ["vsmtp plugin crashes mysql -n 1", "the latest of one plugin"],
    ],
  }).action(exits(crashes));
}

async function crashes({ json = false, number }: Options, self: Command): Promise<number> {
  if (number !== undefined && !/^[1-9]\d*$/.test(number)) self.error(`error: -n ${number}: expected a number from 1`);
  const config = await readConfig(self);
  const known = Array.isArray(config) ? config : await askCrashes(config);
  if (Array.isArray(known)) {
    printProblems(known, json);
    return 1;
  }
  const [name] = self.args;
  const wanted = name === undefined ? known.crashes : known.crashes.filter(({ plugin }) => plugin === name);
  const shown = wanted.slice(0, number === undefined ? undefined : Number(number));
  if (json) printJson({ crashes: shown });
  else if (shown.length === 0) process.stdout.write("No crashes are known.\n");
  else process.stdout.write(shown.map((record) => crashText(record, known.crashes)).join("\n"));
  return 0;
}
