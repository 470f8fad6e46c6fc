/** What was asked of processes that may be killed at any moment, what they told of it, and what must be there then. */

import { expect } from "vitest";
import type { Chance } from "./chance.ts";
import type { MailboxView, View } from "./mailbox-views.ts";
import type { StorageProcess } from "./storage-process.ts";

const MARKS = ["\\Seen", "\\Flagged", "\\Answered", "Work", "$Junk"];

interface Known {
  readonly subject: string;
  readonly marks: string;
}

/** uid → mail */
type Mails = ReadonlyMap<number, Known>;

interface Copying {
  readonly kind: "copy" | "move";
  readonly mailbox: string;
  readonly uids: readonly number[];
  /** Those of the uids. */
  readonly mails: readonly Known[];
  readonly to: string;
}

/** What a process was asked for. */
export type Deed =
  | { readonly kind: "save" | "deliver"; readonly mailbox: string; readonly mail: Known; readonly name: string }
  | { readonly kind: "mark"; readonly mailbox: string; readonly uids: readonly number[]; readonly marks: string }
  | { readonly kind: "expunge"; readonly mailbox: string; readonly uids: readonly number[] }
  | Copying
  | { readonly kind: "rename"; readonly mailbox: string; readonly to: string };

const text = ({ subject }: Known) => `Subject: ${subject}\r\n\r\n${"some text\r\n".repeat(1 + (subject.length % 7))}`;

export function viewOf({ mailboxes }: View): Map<string, Mails> {
  const mails = ({ mails }: MailboxView) => new Map(mails.map((mail) => [mail.uid, knownOf(mail)]));
  return new Map(Object.entries(mailboxes).map(([name, mailbox]) => [name, mails(mailbox)]));
}

const knownOf = ({ subject, marks }: { subject: string; marks: readonly string[] }): Known => ({
  subject,
  marks: marks.join(" "),
});

/** What is in the mailboxes as far as it was told, and the deed of which nothing was told. */
export class Told {
  readonly #chance: Chance;
  mailboxes: Map<string, Mails>;
  open: Deed | undefined;
  readonly done: Record<string, number> = {};
  #count = 0;

  constructor(chance: Chance, mailboxes: Map<string, Mails>) {
    this.#chance = chance;
    this.mailboxes = mailboxes;
  }

  next(): Deed {
    const names = [...this.mailboxes.keys()];
    const mailbox = this.#chance.one(names);
    const uids = this.#chance.some([...this.#mails(mailbox).keys()], 3);
    const kind = this.#chance.one([
      "save",
      "deliver",
      "deliver",
      "mark",
      "mark",
      "expunge",
      "copy",
      "move",
      "rename",
    ] as const);
    const marks = this.#chance.some(MARKS, 2).sort().join(" ");
    const number = this.#count++;
    if (kind === "rename" && mailbox !== "INBOX") return { kind, mailbox, to: `Box${number}` };
    if (kind === "mark" && uids.length > 0) return { kind, mailbox, uids, marks };
    if (kind === "expunge" && uids.length > 0 && this.#mails(mailbox).size > 20) return { kind, mailbox, uids };
    const to = this.#chance.one(names.filter((name) => name !== mailbox));
    if ((kind === "copy" || kind === "move") && uids.length > 0) {
      const chosen = uids.slice(0, 4);
      return { kind, mailbox, uids: chosen, mails: chosen.map((uid) => this.#mails(mailbox).get(uid) as Known), to };
    }
    const mail = { subject: `mail ${number}`, marks };
    if (kind === "save") return { kind, mailbox, mail, name: "" };
    return { kind: "deliver", mailbox: "INBOX", mail: { ...mail, marks: "" }, name: `1700000000.M${number}P1.host` };
  }

  async do(storage: StorageProcess, deed: Deed): Promise<void> {
    this.open = deed;
    const uid = await ask(storage, deed);
    if (deed.kind !== "copy" && deed.kind !== "move") this.open = undefined;
    this.done[deed.kind] = (this.done[deed.kind] ?? 0) + 1;
    if ("mail" in deed && uid !== undefined) {
      expect(this.#mails(deed.mailbox).get(uid), "a mail of the uid that was told").toBeUndefined();
      this.#set(deed.mailbox, [...this.#mails(deed.mailbox), [uid, deed.mail]]);
    }
    if (deed.kind === "mark") {
      this.#set(
        deed.mailbox,
        [...this.#mails(deed.mailbox)].map(([uid, mail]) =>
          deed.uids.includes(uid) ? [uid, { ...mail, marks: deed.marks }] : [uid, mail],
        ),
      );
    }
    if (deed.kind === "expunge" || deed.kind === "move") {
      this.#set(
        deed.mailbox,
        [...this.#mails(deed.mailbox)].filter(([uid]) => !deed.uids.includes(uid)),
      );
    }
    if (deed.kind === "rename") this.#rename(deed.mailbox, deed.to);
    if (deed.kind === "copy" || deed.kind === "move") {
      // the uids of copies are not told: they are looked up
      await this.#learn(storage, deed.to);
      this.open = undefined;
    }
  }

  /** Compares with what is there; from then on that is what was told. */
  settle(there: Map<string, Mails>): void {
    const { open } = this;
    if (open?.kind === "rename") this.#rename(open.mailbox, open.to, (renamed) => there.has(renamed));
    expect([...there.keys()].sort(), "names").toEqual([...this.mailboxes.keys()].sort());
    for (const [name, mails] of there) this.#compare(name, mails);
    if (open?.kind === "move") this.#nowhereLost(open, there);
    this.mailboxes = there;
    this.open = undefined;
  }

  #compare(name: string, there: Mails): void {
    const { open } = this;
    const told = this.#mails(name);
    const mine = open?.mailbox === name ? open : undefined;
    const highest = Math.max(0, ...told.keys());
    for (const [uid, mail] of told) {
      const seen = there.get(uid);
      if (mine?.kind === "mark" && mine.uids.includes(uid)) {
        expect([mail.marks, mine.marks], `marks of uid ${uid}`).toContain(seen?.marks);
        expect(seen?.subject).toBe(mail.subject);
      } else if ((mine?.kind !== "expunge" && mine?.kind !== "move") || !mine.uids.includes(uid) || seen) {
        expect(seen, `uid ${uid} in ${name}`).toEqual(mail);
      }
    }
    const more = [...there].filter(([uid]) => !told.has(uid));
    expect(
      more.filter(([uid]) => uid <= highest),
      `uids in ${name} that are not new`,
    ).toEqual([]);
    const possible: Known[] = [];
    if (mine && "mail" in mine) possible.push(mine.mail);
    if (open && "mails" in open && open.to === name) possible.push(...open.mails);
    for (const [uid, mail] of more) {
      const at = possible.findIndex(({ subject, marks }) => subject === mail.subject && marks === mail.marks);
      expect(at, `uid ${uid} in ${name}: ${JSON.stringify(mail)} among ${JSON.stringify(possible)}`).not.toBe(-1);
      possible.splice(at, 1);
    }
  }

  #nowhereLost({ mailbox, uids, mails, to }: Copying, there: Map<string, Mails>): void {
    const subjects = [...(there.get(to) ?? [])].map(([, { subject }]) => subject);
    for (const [at, uid] of uids.entries()) {
      if (!there.get(mailbox)?.has(uid)) expect(subjects).toContain(mails[at]?.subject);
    }
  }

  async #learn(storage: StorageProcess, name: string): Promise<void> {
    const mails = await storage.fetch(name, "all", ["uid", "flags", "keywords", "hdr.subject"]);
    this.#set(
      name,
      mails.map((mail) => [
        mail.uid as number,
        knownOf({
          subject: (mail["hdr.subject"] as string[])[0] as string,
          marks: [...(mail.flags as string[]), ...(mail.keywords as string[])]
            .filter((mark) => mark !== "\\Recent")
            .sort(),
        }),
      ]),
    );
  }

  #mails(name: string): Mails {
    return this.mailboxes.get(name) as Mails;
  }

  #set(name: string, mails: readonly (readonly [number, Known])[]): void {
    this.mailboxes.set(name, new Map(mails));
  }

  /** With those below it; a mailbox is renamed as a whole, but one after the other. */
  #rename(name: string, to: string, isDone: (renamed: string) => boolean = () => true): void {
    for (const [old, mails] of [...this.mailboxes]) {
      const renamed = to + old.slice(name.length);
      if (!`${old}/`.startsWith(`${name}/`) || !isDone(renamed)) continue;
      this.mailboxes.delete(old);
      this.mailboxes.set(renamed, mails);
    }
  }
}

/** The uid, if it is told. */
export async function ask(storage: StorageProcess, deed: Deed, again = false): Promise<number | undefined> {
  const split = (marks: string) => ({
    flags: marks.split(" ").filter((mark) => mark.startsWith("\\")),
    keywords: marks.split(" ").filter((mark) => mark !== "" && !mark.startsWith("\\")),
  });
  switch (deed.kind) {
    case "save":
      return (await storage.save(deed.mailbox, { mail: text(deed.mail), ...split(deed.mail.marks) })).uid;
    case "deliver":
      return (await storage.deliver(deed.name, text(deed.mail), again)).uid ?? undefined;
    case "mark":
      await storage.do("flags", deed.mailbox, `uid ${deed.uids.join(",")}`, { mode: "replace", ...split(deed.marks) });
      return undefined;
    case "expunge":
      await storage.change("expunge", deed.mailbox, `uid ${deed.uids.join(",")}`);
      return undefined;
    case "rename":
      await storage.do("renameMailbox", deed.mailbox, deed.to);
      return undefined;
    default:
      await storage.change(deed.kind, deed.mailbox, `uid ${deed.uids.join(",")}`, deed.to);
      return undefined;
  }
}
