/** `vsmtp mail save`, `search`, `flags`, `copy`, `move` and `expunge`: single mails of a user. */

import { fstatSync } from "node:fs";
import { type Command, Option } from "commander";
import { printable } from "../plugin/index.ts";
import type { FlagChange, SavedMail } from "../storage/index.ts";
import { command } from "./command.ts";
import { inSession } from "./mail-session.ts";
import { flagWords, mails, printLines, time } from "./mail-words.ts";
import { manual } from "./manual.ts";
import { printJson } from "./print.ts";

interface Options {
  readonly mailbox: string;
  readonly json?: boolean;
}

/** A command for the mails of one mailbox. */
export function mailsCommand(name: string, description: string): Command {
  return command(name, description)
    .option("-m, --mailbox <mailbox>", "the mailbox", "INBOX")
    .option("--json", "print the outcome as JSON");
}

interface SaveOptions extends Options {
  readonly flags?: string;
  readonly keywords?: string;
  readonly date?: Date;
}

export function saveCommand(): Command {
  const made = mailsCommand("save", "save a mail from stdin")
    .option("--flags <flags>", "its flags, such as '\\Seen \\Flagged'")
    .option("--keywords <keywords>", "its keywords, such as '$Work urgent'")
    .addOption(new Option("--date <time>", "when it was received, by default now").argParser(time));
  manual(made, {
    about: ["Saves the mail that it reads from stdin, as it is, and prints the UID that it got."],
    exit: { 0: "it is on stable storage", 1: "it was not saved" },
    examples: [["vsmtp mail -u john save -m Drafts --flags '\\Draft' < mail.eml", "a draft"]],
  });
  return made.action(
    inSession<SaveOptions>(async (session, { mailbox, flags = "", keywords = "", date, json }) => {
      const words = flagWords(`${flags} ${keywords}`);
      const mail = { content: await content(), ...words, ...(date && { received: date }) };
      const { uid, uidValidity } = await session.save(mailbox, mail);
      if (json) printJson({ mailbox, uid: uid ?? null, uidValidity });
      else printLines([`saved in ${printable(mailbox)}${uid === undefined ? "" : ` as uid ${uid}`}`]);
    }),
  );
}

/** A file is read by the storage itself, however large it is. */
async function content(): Promise<SavedMail["content"]> {
  if (fstatSync(0).isFile()) return { fd: 0 };
  const pieces: Uint8Array[] = [];
  for await (const piece of process.stdin) pieces.push(piece as Uint8Array);
  return pieces;
}

export function searchCommand(): Command {
  const made = mailsCommand("search", "print the UIDs of mails").argument("<query...>", "which mails");
  manual(made, {
    about: ["Prints the UID of each mail that the query finds, a line each, in ascending order."],
    exit: { 0: "the search was made, whether it found any or not", 1: "it could not be made" },
    examples: [["vsmtp mail -u john search unseen from alice", "what alice wrote and john did not read"]],
  });
  return made.action(
    inSession<Options>(async (session, { mailbox, json }, self) => {
      const uids = await session.search(mailbox, self.args.join(" "));
      if (json) printJson({ mailbox, uids });
      else printLines(uids.map(String));
    }),
  );
}

export function flagsCommand(): Command {
  const made = command("flags", "change the flags and keywords of mails").helpCommand(false);
  for (const mode of ["add", "remove", "replace"] as const) made.addCommand(flagCommand(mode));
  return made;
}

const MODES: Readonly<Record<FlagChange["mode"], readonly [description: string, about: string]>> = {
  add: ["add flags and keywords", "Adds the flags and keywords to each mail that the query finds."],
  remove: ["remove flags and keywords", "Removes the flags and keywords from each mail that the query finds."],
  replace: ["set flags and keywords", "Gives each mail that the query finds these flags and keywords and no others."],
};

function flagCommand(mode: FlagChange["mode"]): Command {
  const [description, about] = MODES[mode];
  const made = mailsCommand(mode, description)
    .argument("<flags>", "flags with their backslash and keywords, in one argument")
    .argument("<query...>", "which mails");
  manual(made, {
    about: [`${about} Prints how many those were.`],
    exit: { 0: "it is done, for as many mails as there were", 1: "it is not" },
    examples: [[`vsmtp mail -u john flags ${mode} '\\Flagged $Work' uid 3:7`, "a system flag and a keyword"]],
  });
  return made.action(
    inSession<Options>(async (session, { mailbox, json }, self) => {
      const [words = "", ...query] = self.args;
      const count = await session.flags(mailbox, query.join(" "), { mode, ...flagWords(words) });
      if (json) printJson({ mailbox, changed: count });
      else printLines([`changed ${mails(count)} in ${printable(mailbox)}`]);
    }),
  );
}

export function transferCommand(name: "copy" | "move"): Command {
  const done = name === "copy" ? "copied" : "moved";
  const made = mailsCommand(name, `${name} mails to another mailbox`)
    .argument("<destination>", "the other mailbox")
    .argument("<query...>", "which mails");
  manual(made, {
    about: [
      `The mails that the query finds are ${done} to a mailbox that has to be there. Prints how many those were.`,
    ],
    exit: { 0: "it is done, for as many mails as there were", 1: "none of them was" },
    examples: [[`vsmtp mail -u john ${name} Archive before 1-Jan-2024`, "last year's mails"]],
  });
  return made.action(
    inSession<Options>(async (session, { mailbox, json }, self) => {
      const [destination = "", ...query] = self.args;
      const count = await session[name](mailbox, query.join(" "), destination);
      if (json) printJson({ mailbox, destination, [done]: count });
      else printLines([`${done} ${mails(count)} from ${printable(mailbox)} to ${printable(destination)}`]);
    }),
  );
}

export function expungeCommand(): Command {
  const made = mailsCommand("expunge", "remove mails for good").argument("<query...>", "which mails");
  manual(made, {
    about: ["Removes the mails that the query finds, whether they have \\Deleted or not. Prints how many those were."],
    exit: { 0: "they are gone", 1: "they are not" },
    examples: [["vsmtp mail -u john expunge -m Trash savedbefore 30d", "an old trash"]],
  });
  return made.action(
    inSession<Options>(async (session, { mailbox, json }, self) => {
      const count = await session.expunge(mailbox, self.args.join(" "));
      if (json) printJson({ mailbox, expunged: count });
      else printLines([`expunged ${mails(count)} from ${printable(mailbox)}`]);
    }),
  );
}
