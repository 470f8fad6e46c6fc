/** `vsmtp plugin release`: puts a plugin back into service that was quarantined, and the mails that are held. */

import type { Command } from "commander";
import { VsmtpError } from "../errors.ts";
import { askRelease } from "../server/index.ts";
import { command, exits } from "./command.ts";
import { type Configured, configured, readConfig } from "./configured.ts";
import { manual } from "./manual.ts";
import { countText } from "./plugin-verdict.ts";
import { printJson, printProblems } from "./print.ts";

interface Options extends Configured {
  readonly mails?: boolean;
}

export function releaseCommand(): Command {
  const made = configured(command("release", "end the quarantine of a plugin, and let held mails go"))
    .argument("<name>", "the plugin")
    .option("--mails", "mails too that are held because of its crashes")
    .option("--json", "print the result as JSON");
  return manual(made, {
    about: [
      "A plugin is quarantined when it has crashed, or not come back from calls, as often as app.plugins.quarantine says. That ends when its file is replaced and the server is reloaded, or here: the server takes it back into service at once, with the file that it has. Without a running server it counts from the next start on.",
      "A mail is held when it was under way at several crashes. --mails puts those mails back into the spool that were under way when this plugin crashed; where the mail itself makes it crash, it will again.",
    ],
    exit: { 0: "the plugin or mails were released", 1: "there was nothing to release, or it was not possible" },
    examples: [
      ["vsmtp plugin release mysql", "after what it depends on was mended"],
      ["vsmtp plugin release mysql --mails", "after the plugin was replaced"],
    ],
  }).action(exits(release));
}

async function release({ json = false, mails = false }: Options, self: Command): Promise<number> {
  const plugin = self.args[0] ?? "";
  const config = await readConfig(self);
  const released = Array.isArray(config) ? config : await askRelease(config, plugin, mails);
  const problems = Array.isArray(released) ? released : [];
  if (!Array.isArray(released) && !released.plugin && released.mails === 0) {
    if (released.held === 0) problems.push(new VsmtpError("RELEASE_NOTHING", { plugin }));
    else problems.push(new VsmtpError("RELEASE_MAILS", { plugin, mails: countText(released.held, "mail") }));
  }
  if (Array.isArray(released) || problems.length > 0) {
    printProblems(problems, json);
    return 1;
  }
  if (json) {
    printJson({ ok: true, ...released });
    return 0;
  }
  if (released.plugin) process.stdout.write(`${plugin} is no longer quarantined\n`);
  if (released.mails > 0) process.stdout.write(`${countText(released.mails, "mail")} released\n`);
  if (released.held > 0) process.stdout.write(`${countText(released.held, "mail")} still held, see --mails\n`);
  return 0;
}
