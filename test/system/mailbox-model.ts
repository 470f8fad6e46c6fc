/** What must be in the mailboxes after what was done to them, whoever did it. */

import type { MailView, MarkMode, NewMail } from "./mailbox-views.ts";
import { digest } from "./mailbox-views.ts";

export interface ModelMail {
  readonly uid: number;
  readonly subject: string;
  readonly size: number;
  readonly content: string;
  marks: readonly string[];
  /** What a side said of it once stays: the guid, and when it was received. */
  guid: string | undefined;
  received: number | undefined;
}

export class ModelMailbox {
  mails: ModelMail[] = [];
  uidNext = 1;
  uidValidity: number | undefined;
  guid: string | undefined;
}

export class Model {
  readonly mailboxes = new Map<string, ModelMailbox>([["INBOX", new ModelMailbox()]]);
  readonly subscribed = new Set<string>();
  /** The highest uidvalidity of mailboxes of a name that are gone. */
  readonly #deleted = new Map<string, number>();

  mailbox(name: string): ModelMailbox {
    const mailbox = this.mailboxes.get(name);
    if (!mailbox) throw new Error(`the model has no mailbox ${name}`);
    return mailbox;
  }

  create(name: string): void {
    this.mailboxes.set(name, new ModelMailbox());
  }

  delete(name: string): void {
    this.#deleted.set(name, this.mailbox(name).uidValidity ?? 0);
    this.mailboxes.delete(name);
  }

  /** Those below it, too. */
  rename(name: string, to: string): void {
    for (const [old, mailbox] of [...this.mailboxes]) {
      if (old !== name && !old.startsWith(`${name}/`)) continue;
      this.mailboxes.delete(old);
      this.mailboxes.set(to + old.slice(name.length), mailbox);
    }
  }

  subscribe(name: string, wanted: boolean): void {
    if (wanted) this.subscribed.add(name);
    else this.subscribed.delete(name);
  }

  save(name: string, { mail, marks }: NewMail, received?: number): void {
    const mailbox = this.mailbox(name);
    const subject = /^Subject: (.*?)\r?$/m.exec(mail)?.[1] ?? "";
    const size = mail.replaceAll("\r\n", "\n").replaceAll("\n", "\r\n").length;
    const content = digest(mail);
    mailbox.mails.push({ uid: mailbox.uidNext++, subject, size, content, marks, guid: undefined, received });
  }

  mark(name: string, uids: readonly number[], mode: MarkMode, marks: readonly string[]): void {
    for (const mail of this.#chosen(name, uids)) {
      if (mode === "replace") mail.marks = [...marks].sort();
      else if (mode === "add") mail.marks = [...new Set([...mail.marks, ...marks])].sort();
      else mail.marks = mail.marks.filter((mark) => !marks.includes(mark));
    }
  }

  copy(name: string, uids: readonly number[], to: string): void {
    const mailbox = this.mailbox(to);
    for (const mail of this.#chosen(name, uids)) mailbox.mails.push({ ...mail, uid: mailbox.uidNext++ });
  }

  expunge(name: string, uids: readonly number[]): void {
    const mailbox = this.mailbox(name);
    mailbox.mails = mailbox.mails.filter(({ uid }) => !uids.includes(uid));
  }

  /** Learns from a view what only the sides decide, and holds them to it from then on. */
  learn(name: string, view: { uidValidity: number; guid: string; mails: readonly MailView[] }): void {
    const mailbox = this.mailbox(name);
    if (mailbox.uidValidity === undefined && view.uidValidity > (this.#deleted.get(name) ?? 0)) {
      mailbox.uidValidity = view.uidValidity;
    }
    mailbox.guid ??= view.guid;
    for (const mail of mailbox.mails) {
      const seen = view.mails.find(({ uid }) => uid === mail.uid);
      mail.guid ??= seen?.guid;
      mail.received ??= seen?.received;
    }
  }

  /** In the shape of MailboxView. */
  view(name: string): Readonly<Record<string, unknown>> {
    const { uidValidity, uidNext, guid, mails } = this.mailbox(name);
    const seen = mails.map(({ content: _, ...mail }) => mail);
    return { uidValidity, uidNext, guid, mails: seen };
  }

  #chosen(name: string, uids: readonly number[]): ModelMail[] {
    return this.mailbox(name).mails.filter(({ uid }) => uids.includes(uid));
  }
}
