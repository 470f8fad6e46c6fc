/** `vsmtp mail mailbox`: the mailboxes of a user. */

import type { Command } from "commander";
import { printable } from "../plugin/index.ts";
import type { MailboxInfo, MailboxStatus } from "../storage/index.ts";
import { command } from "./command.ts";
import { inSession } from "./mail-session.ts";
import { columns, printLines } from "./mail-words.ts";
import { manual } from "./manual.ts";
import { printJson } from "./print.ts";

interface Options {
  readonly json?: boolean;
}

export function mailboxCommand(): Command {
  const made = command("mailbox", "look at and change the mailboxes of a user").helpCommand(false);
  for (const one of [listCommand(), statusCommand(), createCommand(), deleteCommand(), renameCommand()]) {
    made.addCommand(one);
  }
  return made;
}

function listCommand(): Command {
  const made = command("list", "list mailboxes")
    .argument("[patterns...]", 'names, in which "*" stands for anything and "%" for anything within a level')
    .option("--subscribed", "only those that the user has subscribed to")
    .option("--json", "print them as JSON");
  manual(made, {
    about: ["Prints a line for each mailbox, with what IMAP's LIST says of it, children and special uses included."],
    exit: { 0: "the list was printed, even an empty one", 1: "it could not be made" },
    examples: [["vsmtp mail -u john@example.com mailbox list 'Work/%'", "what lies directly below Work"]],
  });
  return made.action(
    inSession<Options & { subscribed?: boolean }>(async (session, { json, subscribed }, self) => {
      const patterns = self.args.length > 0 ? { patterns: self.args } : {};
      const found = await session.mailboxes({ ...patterns, ...(subscribed !== undefined && { subscribed }) });
      if (json) printJson(found);
      else printLines(columns(found.map(({ name, flags }: MailboxInfo) => [printable(name), flags.join(" ")])));
    }),
  );
}

function statusCommand(): Command {
  const made = command("status", "tell how many mails mailboxes have")
    .argument("<names...>", "mailboxes")
    .option("--json", "print it as JSON");
  manual(made, {
    about: [
      "Prints a line for each mailbox: its mails, those that are recent and those that are not seen, the next UID, the UIDVALIDITY, the highest modification sequence, the size of all mails in their files and with CRLF line ends, and its GUID.",
    ],
    exit: { 0: "it was printed", 1: "one of them could not be looked at" },
    examples: [["vsmtp mail -u john@example.com mailbox status INBOX Trash", "two mailboxes"]],
  });
  return made.action(
    inSession<Options>(async (session, { json }, self) => {
      const all: MailboxStatus[] = [];
      for (const name of self.args) all.push(await session.status(name));
      if (json) printJson(all);
      else printLines(columns([HEADINGS, ...all.map(statusRow)]));
    }),
  );
}

const HEADINGS = [
  "mailbox",
  "mails",
  "recent",
  "unseen",
  "uidnext",
  "uidvalidity",
  "modseq",
  "size",
  "virtual",
  "guid",
];

function statusRow(status: MailboxStatus): string[] {
  const { name, messages, recent, unseen, uidNext, uidValidity, highestModseq, physicalSize, virtualSize, guid } =
    status;
  const numbers = [messages, recent, unseen, uidNext, uidValidity, highestModseq, physicalSize, virtualSize];
  return [printable(name), ...numbers.map(String), guid];
}

function createCommand(): Command {
  const made = command("create", "make mailboxes").argument("<names...>", "mailboxes");
  return changing(
    made,
    "Makes each mailbox, with those above it.",
    "vsmtp mail -u john mailbox create Work/Lists",
    "made",
  ).action(
    inSession<Options>(async (session, { json }, self) => {
      for (const name of self.args) await session.createMailbox(name);
      told(json, self.args, "created");
    }),
  );
}

function deleteCommand(): Command {
  const made = command("delete", "delete mailboxes with their mails").argument("<names...>", "mailboxes");
  return changing(
    made,
    "Deletes each mailbox with all its mails.",
    "vsmtp mail -u john mailbox delete Old",
    "deleted",
  ).action(
    inSession<Options>(async (session, { json }, self) => {
      for (const name of self.args) await session.deleteMailbox(name);
      told(json, self.args, "deleted");
    }),
  );
}

function renameCommand(): Command {
  const made = command("rename", "rename a mailbox").argument("<from>", "its name").argument("<to>", "its new name");
  const example = "vsmtp mail -u john mailbox rename Work Archive/Work";
  return changing(made, "Renames a mailbox with those below it.", example, "renamed").action(
    inSession<Options>(async (session, { json }, self) => {
      const [from = "", to = ""] = self.args;
      await session.renameMailbox(from, to);
      if (json) printJson({ ok: true, from, to });
      else printLines([`${printable(from)} is now ${printable(to)}`]);
    }),
  );
}

function changing(made: Command, about: string, example: string, done: string): Command {
  return manual(made.option("--json", "print the outcome as JSON"), {
    about: [about],
    exit: { 0: `every one was ${done}`, 1: "one could not be; those before it are" },
    examples: [[example, "see `vsmtp mail --help` for the options before the command"]],
  });
}

function told(json: boolean | undefined, names: readonly string[], done: string): void {
  if (json) printJson({ ok: true, [done]: names });
  else printLines(names.map((name) => `${done} ${printable(name)}`));
}
