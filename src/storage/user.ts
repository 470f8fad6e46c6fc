/** Whose mails, where, with what settings: all that the core has to know of a user, and nothing of how it is configured. */

export interface MailUser {
  readonly name: string;
  /** `maildir:/absolute/path[:OPTIONS]`, with everything in its place: nothing in it is replaced any more. */
  readonly location: string;
  readonly home?: string | undefined;
  /**
   * As whom the mailboxes are worked on and whose new files are, both or none; undefined: as the process. In a process
   * that is not root's only its own numbers work.
   */
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
  /** What plugins read as the user's service; default "lmtp" in a delivery, "vsmtp" in a session. */
  readonly service?: string | undefined;
  /** None: one, with the prefix "" and the INBOX. */
  readonly namespaces?: readonly MailNamespace[] | undefined;
  /** For plugins, as they ask for them. */
  readonly settings?: Readonly<Record<string, string>> | undefined;
  /** Names ("mail-log") of the plugins that are active for this user; undefined: all that are loaded. */
  readonly plugins?: readonly string[] | undefined;
  /** An admin's command, not the user. */
  readonly admin?: boolean | undefined;
}

export interface MailNamespace {
  readonly type?: "private" | "shared" | "public" | undefined;
  readonly prefix: string;
  readonly separator: string;
  readonly inbox: boolean;
  readonly hidden: boolean;
  readonly list: boolean;
  readonly subscriptions: boolean;
  /** null: the user's. */
  readonly location: string | null;
  /** The prefix of the namespace that this is another name of. */
  readonly aliasFor?: string | null | undefined;
  readonly mailboxes?: readonly MailboxSetting[] | undefined;
}

/** A mailbox that is made on first use, or has a special use (RFC 6154). */
export interface MailboxSetting {
  readonly name: string;
  readonly auto?: "no" | "create" | "subscribe" | undefined;
  readonly specialUse?: string | null | undefined;
}
