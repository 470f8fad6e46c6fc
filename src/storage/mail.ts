/** What goes into mailboxes and comes out of them, as plain data. */

export interface Delivery {
  /** Default INBOX. */
  readonly mailbox?: string | undefined;
  /** Base name of the file, `<secs>.M<usecs>P<pid>Q<n>….<host>`: unique on this machine, the same for every try. */
  readonly name: string;
  /** The mail, in parts that follow each other. Not copied: unchanged until the promise settles. */
  readonly parts: readonly Uint8Array[];
  /** An earlier try may have delivered this mail: take a file of the same name for it. */
  readonly again: boolean;
  /** MAIL FROM; undefined: the null sender. */
  readonly sender?: string | undefined;
  readonly flags?: readonly string[] | undefined;
  /** The mail's id, and what tells it again when it comes a second time: for the log, and for records of crashes. */
  readonly mail?: string | undefined;
  readonly fingerprint?: string | undefined;
}

export interface Delivered {
  readonly mailbox: string;
  /** Undefined: not known, as of a mail that was found when it was tried again. */
  readonly uid: number | undefined;
  readonly file: string | undefined;
}

export interface SavedMail {
  /** In memory (not copied), or an open file from its current place to its end, which is not closed. */
  readonly content: readonly Uint8Array[] | { readonly fd: number };
  readonly flags?: readonly string[] | undefined;
  readonly keywords?: readonly string[] | undefined;
  readonly received?: Date | undefined;
  readonly sender?: string | undefined;
}

export interface Saved {
  readonly uid: number | undefined;
  readonly uidValidity: number | undefined;
}

export interface MailboxInfo {
  readonly name: string;
  /** Of LIST: "\\Noselect", "\\HasChildren" … */
  readonly flags: readonly string[];
  readonly subscribed: boolean;
  /** "\\Trash" */
  readonly specialUse: string | undefined;
}

export interface MailboxStatus {
  readonly name: string;
  readonly messages: number;
  readonly recent: number;
  readonly unseen: number;
  readonly uidNext: number;
  readonly uidValidity: number;
  readonly highestModseq: number;
  readonly guid: string;
  /** Bytes as they lie in files, and with every line ended by CRLF. */
  readonly physicalSize: number;
  readonly virtualSize: number;
}

/** Flags begin with a backslash; what does not is a keyword. */
export interface FlagChange {
  readonly mode: "add" | "remove" | "replace";
  readonly flags: readonly string[];
  readonly keywords?: readonly string[] | undefined;
}

/** What a fetch gives, one after the other. */
export type FetchPart =
  /** A mail begins. `fields` has what is no bytes, in the order asked for; dates are seconds since 1970. */
  | { readonly kind: "mail"; readonly uid: number; readonly fields: Readonly<Record<string, FetchValue>> }
  /** Some bytes of `hdr`, `body` or `text` of that mail. */
  | { readonly kind: "bytes"; readonly field: string; readonly bytes: Uint8Array };

/** null: the mail has no such thing. */
export type FetchValue = string | number | readonly string[] | null;

/** The chain of one method. */
export interface HookChain {
  readonly object: "mail_user" | "mailbox_list" | "mail_storage" | "mailbox" | "mail";
  readonly slot: string;
  /** Outermost first; the last one is the core's. Empty: there is no such method. */
  readonly links: readonly HookLink[];
}

export interface HookLink {
  /** The plugin's base name, "mail_log_plugin"; undefined: the core. */
  readonly module: string | undefined;
  /** The library that the function is in, and where in it, counted from where it was loaded. */
  readonly file: string;
  readonly offset: number;
}
