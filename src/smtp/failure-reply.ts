/** What the client of an LMTP delivery is told when a recipient did not get its copy. */

import { VsmtpError } from "../errors.ts";
import { type Reply, reply } from "../rules/index.ts";

/** The log has the rest: what is broken here is nothing that a client is to learn. */
export function replyOfFailure(error: unknown): Reply {
  if (!(error instanceof VsmtpError)) return BROKEN;
  switch (error.code) {
    case "MAILBOX_UNKNOWN":
    case "MBOX_USER":
      return UNKNOWN_USER;
    case "STORAGE_OPERATION":
      return replyOfStorage(error);
    case "MBOX_LOCKED":
      return reply(451, "The mailbox is in use, try again later", "4.2.0");
    case "LMTP_TRANSPORT":
      return reply(451, "This server is not set up to deliver there", "4.3.5");
    default:
      return BROKEN;
  }
}

export const UNKNOWN_USER = reply(550, "There is no such user here", "5.1.1");

const BROKEN = reply(451, "The mail cannot be delivered now, try again later", "4.3.0");

/** By the names of enum mail_error: what will not change by waiting, if somebody has decided so and nothing is broken. */
const FOR_GOOD: ReadonlySet<string> = new Set(["PERM", "NOTPOSSIBLE", "PARAMS", "CONVERSION", "INVALIDDATA"]);

/** Without a text something is broken, whatever the name of the error. */
function replyOfStorage({ facts }: VsmtpError): Reply {
  const [error, text] = [String(facts.error), String(facts.text)];
  if (error === "NOQUOTA") return reply(552, text || "The mailbox is full", "5.2.2");
  if (text === "") return reply(451, "The mailbox cannot take the mail now, try again later", "4.2.0");
  return FOR_GOOD.has(error) ? reply(552, text, "5.2.0") : reply(451, text, "4.2.0");
}
