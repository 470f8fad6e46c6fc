/** What rules are asked before something is done in a mailbox, and what they say. */

export interface StorageQuestion {
  readonly user: string;
  readonly operation: "save" | "copy" | "flags" | "expunge" | "create" | "delete" | "rename";
  readonly mailbox: string;
  /** Of a mail that is there already. */
  readonly uid?: number;
  /** Those that the mail will have; at expunge, those that it has. */
  readonly flags?: string[];
  readonly keywords?: string[];
  readonly size?: number;
  /** The mailbox that a copy comes from; the old name at rename. */
  readonly source?: string;
}

export type StorageAnswer =
  | { readonly kind: "allow" }
  /** For good. */
  | { readonly kind: "refuse"; readonly text: string }
  /** For now. */
  | { readonly kind: "tempfail"; readonly text: string };

export type Ask = (question: StorageQuestion) => Promise<StorageAnswer>;
