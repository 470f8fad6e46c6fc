/**
 * Delivery without the spool, for whoever waits for its result: the postq and delivery rules, then a transport for each
 * recipient at once. What fails here is told and not tried again; who brought the mail still has it.
 */

import type { Letter } from "../delivery/index.ts";
import { VsmtpError } from "../errors.ts";
import { type Recipient, showAddress } from "../rules/index.ts";
import type { Entry } from "./entry.ts";
import { atMost, type JourneyTools, letterOf, pass, type Stop, unserved } from "./journey.ts";

/** What became of a mail: rules stopped it, or every recipient was tried. */
export type Passage =
  | Stop
  /** By address: why somebody has no copy; who is not here has one. */
  | { readonly kind: "served"; readonly failures: ReadonlyMap<string, unknown> };

/** Whose copy must be safe before others are tried: `first` says it of an address. */
export type First = (recipient: Recipient) => boolean;

export async function deliverDirectly(entry: Entry, first: First, tools: JourneyTools): Promise<Passage> {
  const stop = await pass(entry, tools);
  if (stop) return stop;
  const letter = letterOf(entry, false);
  const failures = new Map<string, unknown>();
  const recipients = unserved(entry);
  const serve = (recipient: Recipient) => serveOne(recipient, letter, failures, tools);
  const before = recipients.filter(first);
  if (before.length === 0) await atMost(tools.parallel, recipients, serve);
  else {
    await atMost(tools.parallel, before, serve);
    const others = recipients.filter((recipient) => !first(recipient));
    if (failures.size === 0) await atMost(tools.parallel, others, serve);
  }
  return { kind: "served", failures };
}

async function serveOne(
  recipient: Recipient,
  letter: Letter,
  failures: Map<string, unknown>,
  { transports, log }: JourneyTools,
): Promise<void> {
  const whom = showAddress(recipient.address);
  // What rules leave to the mail exchangers of a domain ends here: who hands over a mail for delivery is one of them.
  const kind = recipient.transport.kind === "deliver" ? "maildir" : recipient.transport.kind;
  try {
    const transport = kind === "forward" ? undefined : transports.get(kind);
    if (transport === undefined) throw new VsmtpError("LMTP_TRANSPORT", { address: whom, transport: kind });
    await transport(letter, recipient);
  } catch (error) {
    failures.set(whom, error);
    const { code, message } = error as VsmtpError;
    log.warn({ mail: letter.id, recipient: whom, code }, `delivery failed, who brought the mail is told: ${message}`);
  }
}
