/** `vsmtp rules`: what the rules of a configuration do to a mail. */

import { isIP } from "node:net";
import { type Command, InvalidArgumentError } from "commander";
import { rehearse } from "../server/index.ts";
import { command, configFile, exits } from "./command.ts";
import { configured, readEnvironment } from "./configured.ts";
import { manual } from "./manual.ts";
import { printProblems } from "./print.ts";
import { rehearsalJson, rehearsalText } from "./rules-run.ts";

interface Options {
  readonly from?: string;
  readonly rcpt?: readonly string[];
  readonly clientIp: string;
  readonly helo: string;
  readonly json?: boolean;
}

export function rulesCommand(): Command {
  const run = configured(command("run", "take a mail through the rules, without a socket and without delivering it"))
    .option("--from <address>", 'the sender; "<>": no sender', withoutBrackets)
    .option("--rcpt <address...>", "the recipients", collected)
    .option("--client-ip <ip>", "where the client is", ip, "127.0.0.1")
    .option("--helo <name>", "what the client calls itself", "localhost")
    .option("--json", "print everything as JSON");
  manual(run, {
    about: [
      "Reads a mail from stdin and does with it what the server would do, stage by stage from connect to delivery. Prints what each stage and each of its directives answered, which functions of plugins were called, what was logged, what the client would read, and in the end each mail as it would be handed to its transports: envelope, transports and headers.",
      "Nothing is listened on, put into the spool or delivered. Everything else is real: plugins are loaded, and what rules do outside of the mail (commands, databases, files) is done. Limits of the server on sizes and counts are not applied.",
      "Line ends of the mail may be LF or CRLF. `(usual)` stands for the reply of the server that no rule replaced.",
    ],
    exit: {
      0: "the mail would be accepted, for one recipient at least",
      1: "it would be refused, or the configuration or a script is wrong",
    },
    examples: [
      ["vsmtp rules run -c vsmtp.vsl --from a@example.org --rcpt b@example.com < mail.eml", "the usual question"],
      ["vsmtp rules run --from '<>' --rcpt b@example.com --client-ip 192.0.2.1 < bounce.eml", "a mail without sender"],
    ],
  });
  return command("rules", "try the rules of a configuration")
    .helpCommand(false)
    .addCommand(run.action(exits(runRules)));
}

async function runRules({ from, rcpt, clientIp, helo, json = false }: Options, self: Command): Promise<number> {
  if (from === undefined) self.error("error: name the sender with --from, '<>' for none");
  if (rcpt === undefined) self.error("error: name at least one recipient with --rcpt");
  const missing = readEnvironment(self);
  const raw = await readMail();
  const options = { config: configFile(self), clientIp, helo, from, recipients: rcpt, raw };
  const rehearsal = missing.length > 0 ? missing : await rehearse(options);
  if (Array.isArray(rehearsal)) {
    printProblems(rehearsal, json);
    return 1;
  }
  const text = json ? `${JSON.stringify(rehearsalJson(rehearsal), undefined, 2)}\n` : rehearsalText(rehearsal);
  await new Promise<void>((resolve) => process.stdout.write(text, () => resolve()));
  // What a plugin still runs on a thread of its own must not keep the process.
  process.exit(rehearsal.accepted ? 0 : 1);
}

async function readMail(): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of process.stdin) pieces.push(piece as Uint8Array);
  // Clients send CRLF, whatever the file has.
  return Buffer.from(Buffer.concat(pieces).toString("latin1").replace(/\r?\n/g, "\r\n"), "latin1");
}

function withoutBrackets(address: string): string {
  return /^<(.*)>$/.exec(address)?.[1] ?? address;
}

function collected(address: string, before: readonly string[] = []): readonly string[] {
  return [...before, withoutBrackets(address)];
}

function ip(text: string): string {
  if (isIP(text) === 0) throw new InvalidArgumentError("Expected an IPv4 or IPv6 address.");
  return text;
}
