/**
 * A mail user and what can be done with its mailboxes.
 *
 * Mailboxes go by the names that users see ("INBOX", "Work/Lists"); queries are those of IMAP's SEARCH (RFC 9051 section
 * 6.4.4): `all`, `uid 3:7`, `seen from x`. Everything rejects with VsmtpError STORAGE_OPERATION, or with
 * STORAGE_UNAVAILABLE when the process that the session is in has ended: the session is gone then.
 */

import { type Channel, type MailContent, perform } from "./channel.ts";
import { type FetchAsked, fetchParts } from "./fetch.ts";
import type {
  FetchPart,
  FlagChange,
  HookChain,
  HookLink,
  MailboxInfo,
  MailboxStatus,
  Saved,
  SavedMail,
} from "./mail.ts";
import type { MailUser } from "./user.ts";

export class MailSession {
  readonly #channel: Channel;
  readonly #number: number;
  readonly #user: MailUser;

  /** Made by Storage.open. */
  constructor(channel: Channel, number: number, user: MailUser) {
    this.#channel = channel;
    this.#number = number;
    this.#user = user;
  }

  /** Those that match a pattern of LIST (`*`, `Work/%`); default all. */
  async mailboxes({
    patterns = [],
    subscribed = false,
  }: {
    readonly patterns?: readonly string[];
    readonly subscribed?: boolean;
  } = {}): Promise<MailboxInfo[]> {
    const list = (await this.#ask("list", undefined, { patterns, subscribed })) as MailboxInfo[];
    return list.map(({ specialUse, ...info }) => ({ ...info, specialUse: specialUse ?? undefined }));
  }

  async createMailbox(mailbox: string): Promise<void> {
    await this.#ask("create", mailbox);
  }

  async deleteMailbox(mailbox: string): Promise<void> {
    await this.#ask("delete", mailbox);
  }

  async renameMailbox(mailbox: string, destination: string): Promise<void> {
    await this.#ask("rename", mailbox, { destination });
  }

  async subscribeMailbox(mailbox: string, subscribed: boolean): Promise<void> {
    await this.#ask("subscribe", mailbox, { subscribed });
  }

  async status(mailbox: string): Promise<MailboxStatus> {
    return (await this.#ask("status", mailbox)) as MailboxStatus;
  }

  /** Resolves once the mail is on stable storage. */
  async save(mailbox: string, { content, flags, keywords, received, sender }: SavedMail): Promise<Saved> {
    const mail = "fd" in content ? content.fd : content;
    const date = received && Math.floor(received.getTime() / 1000);
    const saved = await this.#ask("save", mailbox, { flags, keywords, received: date, sender }, mail);
    const { uid, uidValidity } = saved as Saved;
    return { uid: uid ?? undefined, uidValidity: uidValidity ?? undefined };
  }

  /**
   * Mail after mail, and their bytes in pieces, so that memory stays the same however large they are. Fields as doveadm
   * names them: seq uid guid mailbox user flags keywords modseq storageid size.physical size.virtual date.sent
   * date.received date.saved imap.envelope imap.body imap.bodystructure, hdr.NAME for all headers of a name; and as
   * bytes hdr, body, text. Leave the loop, and the fetch ends.
   */
  fetch(mailbox: string, query: string, fields: readonly string[]): AsyncIterable<FetchPart> {
    const ask: FetchAsked = (operation, more) => this.#ask(operation, mailbox, more, undefined, "fetch");
    return fetchParts(ask, query, [...new Set(fields)]);
  }

  /** The uids. */
  async search(mailbox: string, query: string): Promise<number[]> {
    return (await this.#ask("search", mailbox, { query })) as number[];
  }

  /** How many mails there were. */
  async flags(mailbox: string, query: string, change: FlagChange): Promise<number> {
    return (await this.#ask("flags", mailbox, { query, ...change })) as number;
  }

  async copy(mailbox: string, query: string, destination: string): Promise<number> {
    return (await this.#ask("copy", mailbox, { query, destination })) as number;
  }

  async move(mailbox: string, query: string, destination: string): Promise<number> {
    const more = { query, destination, move: true };
    return (await this.#ask("copy", mailbox, more, undefined, "move")) as number;
  }

  async expunge(mailbox: string, query: string): Promise<number> {
    return (await this.#ask("expunge", mailbox, { query })) as number;
  }

  /** How the methods of this user, its INBOX and a mail there are chained; objects are made for it. */
  async hooks(): Promise<HookChain[]> {
    const chains = (await this.#ask("hooks", undefined, { user: this.#user })) as HookChain[];
    const plain = (links: readonly HookLink[]) => links.map((link) => ({ ...link, module: link.module ?? undefined }));
    return chains.map(({ links, ...chain }) => ({ ...chain, links: plain(links) }));
  }

  async close(): Promise<void> {
    await this.#ask("close");
  }

  /** `told`: what the operation is, to people. */
  #ask(
    operation: string,
    mailbox?: string,
    more: Readonly<Record<string, unknown>> = {},
    mail?: MailContent,
    told = operation,
  ): Promise<unknown> {
    const { name } = this.#user;
    const asked = { ...more, operation, session: this.#number, mailbox };
    const deed = { operation: told, user: name, mailbox };
    return perform(this.#channel, { asked, mail, situation: { user: name } }, deed);
  }
}
