/** `vsmtp reload`: has the running host take its configuration, scripts and plugins as they are now. */

import type { Command } from "commander";
import { VsmtpError } from "../errors.ts";
import { asError, askHost } from "../server/index.ts";
import { command, exits } from "./command.ts";
import { type Configured, configured, readConfig } from "./configured.ts";
import { manual } from "./manual.ts";
import { printJson, printProblems } from "./print.ts";

export function reloadCommand(): Command {
  const made = configured(command("reload", "let the running server take changed scripts and plugins"));
  return manual(made.option("--json", "print the result as JSON"), {
    about: [
      "Asks the server that runs with this configuration to read configuration, scripts and plugins again. New processes start with them beside those that serve; when all are ready they take over, and the old ones end their sessions and leave. No client is refused meanwhile.",
      "When anything is wrong, nothing changes: the old processes go on with what they have, and every problem is told here. `vsmtp check` tells the same without a server. SIGHUP does the same as this command and tells the problems in the log.",
      "A plugin file that was added, replaced or removed counts from the next reload or start on, never earlier. server.queues.dirpath and server.runtime.dirpath are taken at start only.",
    ],
    exit: { 0: "the server works with what is there now", 1: "nothing has changed; the reasons are told" },
    examples: [
      ["vsmtp reload", "after a rule was changed, or a plugin was installed"],
      ["vsmtp reload --json -c vsmtp.vsl", "for a program that installs them"],
    ],
  }).action(exits<Configured>(reload));
}

async function reload({ json = false }: Configured, self: Command): Promise<number> {
  const problems = await reloadHost(self);
  if (problems.length > 0) {
    printProblems(problems, json);
    return 1;
  }
  if (json) printJson({ ok: true, errors: [] });
  else process.stdout.write("reloaded\n");
  return 0;
}

/** Everything that is in the way; empty: it is done. */
async function reloadHost(self: Command): Promise<readonly VsmtpError[]> {
  const config = await readConfig(self);
  if (Array.isArray(config)) return config;
  const reply = await askHost(config, { do: "reload" });
  if (reply instanceof VsmtpError) return [reply];
  return reply.ok ? [] : reply.problems.map(asError);
}
