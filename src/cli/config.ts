/** `vsmtp config-show` and `config-diff`: what a configuration comes to, and where it differs from the defaults. */

import type { Command } from "commander";
import { type Config, difference, effective } from "../config/index.ts";
import { command, exits } from "./command.ts";
import { type Configured, configured, readConfig } from "./configured.ts";
import { manual } from "./manual.ts";
import { printJson, printProblems } from "./print.ts";

export function configShowCommand(): Command {
  const show = configured(command("config-show", "print the effective configuration"));
  return manual(show.option("--json", "print problems as JSON too"), {
    about: [
      "Evaluates the configuration with all that it imports and prints every key with its value as JSON, defaults included. Paths are absolute. Nothing is started and no rule is read.",
    ],
    exit: { 0: "the configuration is right", 1: "it is not; every problem is told" },
    examples: [
      ["vsmtp config-show -c vsmtp.vsl", "the whole configuration"],
      ["vsmtp config-show | jq .server.queues", "a part of it"],
    ],
  }).action(exits<Configured>((options, self) => printed(options, self, (config) => printJson(effective(config)))));
}

export function configDiffCommand(): Command {
  const diff = configured(command("config-diff", "print where the configuration differs from the defaults"));
  return manual(diff.option("--json", "print the differences, or the problems, as JSON"), {
    about: [
      "Evaluates the configuration and prints each key whose value is not the default one: first the default (-), then the value (+). Nothing is printed when there is none.",
    ],
    exit: { 0: "the configuration is right, whether it differs or not", 1: "it is not; every problem is told" },
    examples: [["vsmtp config-diff -c vsmtp.vsl", "what the admin has changed"]],
  }).action(
    exits<Configured>((options, self) =>
      printed(options, self, (config) => {
        if (options.json) printJson(difference(config));
        else process.stdout.write(difference(config).map(differenceText).join(""));
      }),
    ),
  );
}

async function printed(options: Configured, self: Command, print: (config: Config) => void): Promise<number> {
  const config = await readConfig(self);
  if (Array.isArray(config)) {
    printProblems(config, options.json ?? false);
    return 1;
  }
  print(config);
  return 0;
}

function differenceText({ path, default: before, value }: ReturnType<typeof difference>[number]): string {
  const line = (mark: string, content: unknown) =>
    content === undefined ? "" : `${mark} ${path} = ${JSON.stringify(content)}\n`;
  return line("-", before) + line("+", value);
}
