/** `vsmtp mail`: the mails of one user, through the storage with all its plugins; what deliveries and clients use too. */

import { type Command, InvalidArgumentError } from "commander";
import { command } from "./command.ts";
import { configured } from "./configured.ts";
import { fetchCommand } from "./mail-fetch.ts";
import { hooksCommand } from "./mail-hooks.ts";
import { mailboxCommand } from "./mail-mailbox.ts";
import { expungeCommand, flagsCommand, saveCommand, searchCommand, transferCommand } from "./mail-mails.ts";
import { manual } from "./manual.ts";

export function mailCommand(): Command {
  const made = configured(command("mail", "look at and change the mails of a user"))
    .helpCommand(false)
    // What stands behind the name of a command is that command's own.
    .enablePositionalOptions()
    .option("-u, --user <user>", "whose mails, usually an address")
    .option(
      "-o, --option <key=value>",
      "maildir=PATH: where they are; plugin/KEY=VALUE: a setting of plugins",
      collected,
    )
    .option("-p, --plugin <file>", "a storage plugin that takes part besides the configured ones", listed);
  manual(made, {
    about: [
      "Opens the storage of a user as the server does, with the storage plugins that the configuration names and those of -p, and runs one command in it. All options of this command stand before the name of the other. It is an administrator's tool: plugins see every change, the rules of the stage storage are not asked.",
      "With -o maildir=PATH no configuration is needed; there is none of the plugin directory then, and only the plugins of -p take part.",
      "A QUERY is what IMAP's SEARCH takes, in one argument or several: `all`, `unseen`, `uid 3:7`, `from alice since 1-Jan-2024`, `or flagged keyword $Work`. FLAGS are system flags with their backslash, and keywords: '\\Seen $Work'. Mailboxes are named as users see them; the default is INBOX.",
    ],
    exit: {
      0: "it is done",
      1: "it is not, or a part of it is not; what is wrong is on stderr, or with --json on stdout",
    },
    examples: [
      ["vsmtp mail -u john@example.com mailbox list", "which mailboxes a user has"],
      ["vsmtp mail -u john -o maildir=/tmp/box -p ./10_trash_plugin.so expunge all", "tries a plugin without a server"],
      [
        "vsmtp mail -u john -o plugin/quota_rule='*:storage=1M' save < mail.eml",
        "with other settings than the configured",
      ],
    ],
  });
  const commands = [
    mailboxCommand(),
    saveCommand(),
    fetchCommand(),
    searchCommand(),
    flagsCommand(),
    transferCommand("copy"),
    transferCommand("move"),
    expungeCommand(),
    hooksCommand(),
  ];
  for (const one of commands) made.addCommand(one);
  return made;
}

function collected(text: string, before: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const [, key, value] = /^(maildir|plugin\/[^=]+)=(.*)$/s.exec(text) ?? [];
  if (key === undefined || value === undefined || (key === "maildir" && value === "")) {
    throw new InvalidArgumentError("Expected maildir=PATH or plugin/KEY=VALUE.");
  }
  return { ...before, [key]: value };
}

function listed(file: string, before: readonly string[] = []): readonly string[] {
  return [...before, file];
}
