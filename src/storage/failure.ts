/** Failures of the core as errors that a person can read. */

import { VsmtpError } from "../errors.ts";

/** What the core says of a failure, see native/core/storage/host/host.h. */
export interface Failure {
  readonly error: string;
  readonly text: string | null;
  readonly internal: string | null;
  readonly mailbox: string | null;
}

/** What was to be done, to name it. */
export interface Deed {
  readonly operation: string;
  readonly user?: string | undefined;
  readonly mailbox?: string | undefined;
}

export function failed({ operation, user, mailbox }: Deed, failure: Failure): VsmtpError {
  const { error, text, internal } = failure;
  return new VsmtpError("STORAGE_OPERATION", {
    operation,
    user: user ?? "nobody",
    mailbox: failure.mailbox ?? mailbox ?? "the mailboxes",
    error,
    text: decision(failure),
    reason: internal ?? text ?? "no reason was given",
    hint: HINTS[error] ?? "The log says more; what could not be done now can be tried again",
  });
}

/** A sentence for whoever brought the mail, if a mailbox, a plugin or a rule has decided it; empty: something is broken. */
function decision({ mailbox, text, internal }: Failure): string {
  if (mailbox === null || text === null || (internal !== null && internal !== text)) return "";
  return SAID_BY_THE_SYSTEM.has(text) ? "" : text;
}

/** What the Maildir driver says when files cannot be written. */
const SAID_BY_THE_SYSTEM: ReadonlySet<string> = new Set(["Permission denied", "Read-only file system"]);

/** By the names of enum mail_error. */
const HINTS: Readonly<Record<string, string>> = {
  NOTPOSSIBLE: "This mailbox cannot do that; choose another one",
  PARAMS: "Correct what was asked for",
  PERM: "A rule, a plugin or the permissions of the files forbid it",
  NOQUOTA: "Delete mails, or raise the quota",
  NOTFOUND: "Create it, or correct its name",
  EXISTS: "Choose another name",
  EXPUNGED: "The mail is gone; look again",
  INUSE: "Try again when nobody uses it",
  LIMIT: "Ask for less",
};

export function unavailable(reason: string, hint: string): VsmtpError {
  return new VsmtpError("STORAGE_UNAVAILABLE", { reason, hint });
}
