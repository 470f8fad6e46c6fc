/** What has happened in mailboxes of this process, whoever did it. Mails are told when their transaction is committed. */

export type StorageEvent =
  | (OfMail<"save"> & {
      readonly flags: readonly string[];
      readonly keywords: readonly string[];
      readonly size?: number;
    })
  | (OfMail<"copy"> & { readonly source: string; readonly sourceUid: number })
  | OfMail<"expunge">
  | (OfMail<"flags"> & { readonly old: readonly string[]; readonly flags: readonly string[] })
  | (OfMail<"keywords"> & { readonly old: readonly string[]; readonly keywords: readonly string[] })
  | OfMailbox<"create" | "update" | "delete">
  | (OfMailbox<"rename"> & { readonly source: string })
  | (OfMailbox<"subscribe"> & { readonly subscribed: boolean });

export type StorageListener = (event: StorageEvent) => void;

interface OfMailbox<Kind extends string> {
  readonly kind: Kind;
  readonly user: string;
  readonly mailbox: string;
}

interface OfMail<Kind extends string> extends OfMailbox<Kind> {
  /** Undefined: a new mail whose uid is not known yet. */
  readonly uid?: number;
  readonly uidValidity: number;
}
