/**
 * The stage `storage`: what rules are asked when a mailbox is about to change, and what their status means there.
 *
 * Questions and answers are plain data: whoever stores mails asks through `Rules`, in whatever process it is.
 */

import { isSuccess, type Reply } from "./reply.ts";
import type { Status } from "./status.ts";

export const storageOperations = ["save", "copy", "flags", "expunge", "create", "delete", "rename"] as const;

export type StorageOperation = (typeof storageOperations)[number];

export interface StorageQuestion {
  /** The mail user, as the storage knows it; usually an address. */
  readonly user: string;
  /** `flags` also when keywords change; the last three are about whole mailboxes. */
  readonly operation: StorageOperation;
  /** The mailbox that changes, by its name with the namespace's prefix; at `rename` by the new one. */
  readonly mailbox: string;
  /** The mail's; undefined: it has none yet, or a whole mailbox changes. */
  readonly uid?: number;
  /** What the mail will have once it is done, such as `\Seen`; at `expunge` what it has. */
  readonly flags?: readonly string[];
  readonly keywords?: readonly string[];
  /** Bytes of the mail, if they are known. */
  readonly size?: number;
  /** The mailbox that a copy comes from; at `rename` the old name. */
  readonly source?: string;
}

export type StorageAnswer =
  | { readonly kind: "allow" }
  /** Never, or not now; the text is for the user. */
  | { readonly kind: "refuse" | "tempfail"; readonly text: string };

/** What a status of the stage means for the operation. */
export function storageAnswer(status: Status): StorageAnswer {
  switch (status.kind) {
    case "next":
      return { kind: "allow" };
    case "accept":
    case "faccept":
      return status.reply === undefined || isSuccess(status.reply)
        ? { kind: "allow" }
        : refusal(status.reply, "tempfail");
    case "deny":
      return refusal(status.reply, "refuse");
    case "reject":
    case "error":
      return refusal(status.reply, "tempfail");
    case "quarantine":
      throw new Error("the directive loop lets no quarantine through at the stage storage");
  }
}

const TEXTS = {
  refuse: "Refused by the rules of this server",
  tempfail: "Refused for now by the rules of this server, try again later",
} as const;

/** A code says for how long, whichever status it comes with; without one the status does. */
function refusal(reply: Reply | undefined, otherwise: "refuse" | "tempfail"): StorageAnswer {
  const kind = reply === undefined || isSuccess(reply) ? otherwise : reply.code >= 500 ? "refuse" : "tempfail";
  return { kind, text: reply?.lines.join(" ") || TEXTS[kind] };
}
