/** What a directive, and so a stage, answers. What a status does at which stage is reference material of the admin. */

import type { Reply } from "./reply.ts";

export type Status =
  /** Go on with the next directive; at the end of a stage: the stage is passed. */
  | { readonly kind: "next" }
  /** The stage is passed; `faccept` passes all later stages of the transaction too. */
  | { readonly kind: "accept" | "faccept"; readonly reply: Reply | undefined }
  /** The client gets the reply; `deny` ends the session too. */
  | { readonly kind: "deny" | "reject"; readonly reply: Reply | undefined }
  /** The client sees success; the mail goes to the named quarantine. */
  | { readonly kind: "quarantine"; readonly name: string }
  /** A rule, an action or a plugin failed: 451 (421 and close at connect). Never made by a script, never remembered. */
  | { readonly kind: "error"; readonly reply: Reply };

export type StatusKind = Status["kind"];

export const NEXT: Status = { kind: "next" };

/** The status as it is at the stages after the one that got its reply. */
export function withoutReply(status: Status): Status {
  return status.kind === "faccept" ? { kind: "faccept", reply: undefined } : status;
}
