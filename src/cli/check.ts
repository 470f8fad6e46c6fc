/** `vsmtp check`: tells every problem of a configuration, its scripts and plugins, without running any of it. */

import type { Command } from "commander";
import { checkServer, emitDefinitions } from "../server/index.ts";
import { command, configFile, exits } from "./command.ts";
import { type Configured, configured, readEnvironment } from "./configured.ts";
import { manual } from "./manual.ts";
import { printJson, printProblems } from "./print.ts";

export function checkCommand(): Command {
  const made = configured(command("check", "check the configuration, the rules and the plugins"));
  made
    .option("--emit-definitions <directory>", "write what scripts can use there, as .d.vsl files")
    .option("--json", "print the result as JSON");
  return manual(made, {
    about: [
      "Evaluates the configuration, compiles all rule scripts with everything that they import, and judges the plugins. No rule is run, no socket opened and no plugin loaded: what plugins offer is read from their files.",
      "Every problem is told, not just the first, in the order of files and lines: with its place, the line itself, and what to do about it. While the configuration itself is wrong nothing else can be judged.",
      "With --emit-definitions a file is written for the functions that need no path, for each built-in module, and for each plugin that is admitted: signatures and documentation, for editors and people. Files of that name are replaced.",
    ],
    exit: { 0: "there is no problem", 1: "there are problems; they are on stderr, or with --json on stdout" },
    examples: [
      ["vsmtp check -c vsmtp.vsl", "before the server is started or reloaded"],
      ["vsmtp check --emit-definitions /tmp/definitions", "what can a rule call?"],
    ],
  }).action(exits<Options>(check));
}

interface Options extends Configured {
  readonly emitDefinitions?: string;
}

async function check({ json = false, emitDefinitions: directory }: Options, self: Command): Promise<number> {
  const file = configFile(self);
  const missing = readEnvironment(self);
  const emitted = missing.length > 0 || directory === undefined ? [] : await emitDefinitions(file, directory);
  const written = emitted.filter((one) => typeof one === "string");
  const unwritten = emitted.filter((one) => typeof one !== "string");
  const problems = [...missing, ...unwritten];
  if (problems.length === 0) problems.push(...(await checkServer(file)));
  if (problems.length > 0) {
    printProblems(problems, json);
    return 1;
  }
  if (json) printJson({ ok: true, errors: [], ...(directory !== undefined && { definitions: written }) });
  else process.stdout.write([...written, `${file}: no problems`].map((line) => `${line}\n`).join(""));
  return 0;
}
