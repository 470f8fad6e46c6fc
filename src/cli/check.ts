/** `vsmtp check`: tells every problem of a configuration, its scripts and plugins, without running any of it. */

import type { Command } from "commander";
import { checkServer } from "../server/index.ts";
import { command, configFile, exits } from "./command.ts";
import { printJson, printProblems } from "./print.ts";

export function checkCommand(): Command {
  return command("check", "check the configuration, the rules and the plugins; opens no socket, loads no plugin")
    .option("-c, --config <file>", "the configuration")
    .option("--json", "print the result as JSON")
    .action(exits<{ json?: boolean }>(check));
}

async function check({ json = false }: { json?: boolean }, self: Command): Promise<number> {
  const problems = await checkServer(configFile(self));
  if (problems.length > 0) {
    printProblems(problems, json);
    return 1;
  }
  if (json) printJson({ ok: true, errors: [] });
  else process.stdout.write(`${configFile(self)}: no problems\n`);
  return 0;
}
