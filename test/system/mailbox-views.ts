/** The same mailboxes as each of the two sides sees and changes them, in one shape. */

import { createHash } from "node:crypto";
import type { Dovecot } from "./dovecot.ts";
import type { StorageProcess } from "./storage-process.ts";

export interface MailView {
  readonly uid: number;
  readonly guid: string;
  /** System flags and keywords, sorted; without \Recent. */
  readonly marks: readonly string[];
  /** Seconds since 1970. */
  readonly received: number;
  /** With a CRLF at every line's end. */
  readonly size: number;
  readonly subject: string;
}

export interface MailboxView {
  readonly uidValidity: number;
  readonly uidNext: number;
  readonly guid: string;
  readonly mails: readonly MailView[];
}

export interface View {
  /** All names that are listed, also those that are no mailboxes. */
  readonly names: readonly string[];
  readonly subscribed: readonly string[];
  readonly mailboxes: Readonly<Record<string, MailboxView>>;
}

export interface NewMail {
  /** Bytes as latin1. */
  readonly mail: string;
  readonly marks: readonly string[];
}

export type MarkMode = "add" | "remove" | "replace";

export interface Side {
  readonly name: string;
  create(mailbox: string): Promise<unknown>;
  delete(mailbox: string): Promise<unknown>;
  rename(mailbox: string, to: string): Promise<unknown>;
  subscribe(mailbox: string, wanted: boolean): Promise<unknown>;
  save(mailbox: string, mail: NewMail): Promise<unknown>;
  mark(mailbox: string, uids: readonly number[], mode: MarkMode, marks: readonly string[]): Promise<unknown>;
  copy(mailbox: string, uids: readonly number[], to: string): Promise<unknown>;
  move(mailbox: string, uids: readonly number[], to: string): Promise<unknown>;
  expunge(mailbox: string, uids: readonly number[]): Promise<unknown>;
  /** Looks at it, so that files without a uid get one. */
  look(mailbox: string): Promise<unknown>;
  view(): Promise<View>;
  /** A digest of each mail's bytes, lines ended by CRLF, by its uid. */
  contents(mailbox: string): Promise<Readonly<Record<number, string>>>;
}

const isFlag = (mark: string) => mark.startsWith("\\");
const isLasting = (mark: string) => mark !== "" && mark !== "\\Recent";

/** What is the same of a mail however its lines are ended. */
export function digest(mail: string): string {
  const lines = mail.replaceAll("\r\n", "\n").replaceAll("\n", "\r\n");
  return createHash("sha256").update(lines, "latin1").digest("hex");
}

/** Our storage. */
export function ours(storage: StorageProcess): Side {
  const uid = (uids: readonly number[]) => `uid ${uids.join(",")}`;
  const split = (marks: readonly string[]) => ({
    flags: marks.filter(isFlag),
    keywords: marks.filter((mark) => !isFlag(mark)),
  });
  const mailbox = async (name: string): Promise<MailboxView> => {
    const { uidValidity, uidNext, guid } = await storage.do("status", name);
    const fields = ["uid", "guid", "flags", "keywords", "date.received", "size.virtual", "hdr.subject"];
    const mails = (await storage.fetch(name, "all", fields)).map((mail) => ({
      uid: mail.uid as number,
      guid: mail.guid as string,
      marks: [...(mail.flags as string[]), ...(mail.keywords as string[])].filter(isLasting).sort(),
      received: mail["date.received"] as number,
      size: mail["size.virtual"] as number,
      subject: ((mail["hdr.subject"] as string[] | null) ?? [""])[0] as string,
    }));
    return { uidValidity, uidNext, guid, mails };
  };
  return {
    name: "we",
    create: (name) => storage.do("createMailbox", name),
    delete: (name) => storage.do("deleteMailbox", name),
    rename: (name, to) => storage.do("renameMailbox", name, to),
    subscribe: (name, wanted) => storage.do("subscribeMailbox", name, wanted),
    save: (name, { mail, marks }) => storage.save(name, { mail, ...split(marks) }),
    mark: (name, uids, mode, marks) => storage.do("flags", name, uid(uids), { mode, ...split(marks) }),
    copy: (name, uids, to) => storage.change("copy", name, uid(uids), to),
    move: (name, uids, to) => storage.change("move", name, uid(uids), to),
    expunge: (name, uids) => storage.change("expunge", name, uid(uids)),
    look: (name) => storage.do("status", name),
    async view() {
      const all = await storage.mailboxes();
      const mailboxes: Record<string, MailboxView> = {};
      for (const { name, flags } of all) {
        if (!flags.includes("\\Noselect") && !flags.includes("\\NonExistent")) mailboxes[name] = await mailbox(name);
      }
      const subscribed = await storage.mailboxes({ subscribed: true });
      return { names: all.map(({ name }) => name).sort(), subscribed: namesOfSubscribed(subscribed), mailboxes };
    },
    async contents(name) {
      const mails = await storage.fetch(name, "all", ["uid", "text"]);
      return Object.fromEntries(mails.map(({ uid, text }) => [uid, digest(text as string)]));
    },
  };
}

/** Not those that are listed because something below them is subscribed to. */
function namesOfSubscribed(list: readonly { readonly name: string; readonly subscribed: boolean }[]): string[] {
  return list.flatMap(({ name, subscribed }) => (subscribed ? name : [])).sort();
}

const STATUS = "uidvalidity uidnext guid";
const FETCH = "mailbox uid guid flags date.received.unixtime size.virtual hdr.subject";

/** doveadm. */
export function theirs(dovecot: Dovecot): Side {
  const query = (mailbox: string, uids: readonly number[]) => ["mailbox", mailbox, "uid", uids.join(",")];
  const mark = (mailbox: string, uids: readonly number[], mode: MarkMode, marks: readonly string[]) =>
    dovecot.doveadm(["flags", mode, marks.join(" "), ...query(mailbox, uids)]);
  return {
    name: "doveadm",
    create: (name) => dovecot.doveadm(["mailbox", "create", name]),
    delete: (name) => dovecot.doveadm(["mailbox", "delete", name]),
    rename: (name, to) => dovecot.doveadm(["mailbox", "rename", name, to]),
    subscribe: (name, wanted) => dovecot.doveadm(["mailbox", wanted ? "subscribe" : "unsubscribe", name]),
    async save(name, { mail, marks }) {
      await dovecot.doveadm(["save", "-m", name], { input: mail });
      if (marks.length === 0) return;
      const [row] = await dovecot.table(["mailbox", "status", "uidnext", name]);
      await mark(name, [Number(row?.uidnext) - 1], "replace", marks);
    },
    mark,
    copy: (name, uids, to) => dovecot.doveadm(["copy", to, ...query(name, uids)]),
    move: (name, uids, to) => dovecot.doveadm(["move", to, ...query(name, uids)]),
    expunge: (name, uids) => dovecot.doveadm(["expunge", ...query(name, uids)]),
    look: (name) => dovecot.doveadm(["fetch", "uid", "mailbox", name, "all"]),
    async view() {
      const names = (await dovecot.table(["mailbox", "list"])).map(({ mailbox = "" }) => mailbox);
      const subscribed = (await dovecot.table(["mailbox", "list", "-s"])).map(({ mailbox = "" }) => mailbox);
      const mails = (await dovecot.table(["fetch", FETCH, "mailbox", "*", "all"])).map((row) => ({
        mailbox: row.mailbox as string,
        mail: {
          uid: Number(row.uid),
          guid: row.guid as string,
          marks: (row.flags ?? "").split(" ").filter(isLasting).sort(),
          received: Number(row["date.received.unixtime"]),
          size: Number(row["size.virtual"]),
          subject: row["hdr.subject"] as string,
        },
      }));
      const mailboxes: Record<string, MailboxView> = {};
      for (const row of await status(dovecot)) {
        mailboxes[row.mailbox as string] = {
          uidValidity: Number(row.uidvalidity),
          uidNext: Number(row.uidnext),
          guid: row.guid as string,
          mails: mails.filter(({ mailbox }) => mailbox === row.mailbox).map(({ mail }) => mail),
        };
      }
      return { names: names.sort(), subscribed: subscribed.sort(), mailboxes };
    },
    async contents(name) {
      const rows = await dovecot.table(["fetch", "uid text", "mailbox", name, "all"]);
      return Object.fromEntries(rows.map(({ uid = "", text = "" }) => [uid, digest(utf8AsLatin1(text))]));
    },
  };
}

/**
 * A row for each mailbox. Dovecot keeps a list of its own, which others must not write, and complains of a mailbox in
 * it that others have deleted while there are mailboxes below it; nobody sees that but doveadm's status of all.
 */
async function status(dovecot: Dovecot): Promise<Record<string, string>[]> {
  return dovecot.table(["mailbox", "status", STATUS, "*"], /Failed to lookup mailbox status: Mailbox doesn't exist: /);
}

/** Mails of the tests that doveadm prints as JSON are UTF-8. */
const utf8AsLatin1 = (text: string) => Buffer.from(text, "utf8").toString("latin1");
