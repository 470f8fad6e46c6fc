/**
 * The way of one mail from the spool to its recipients: the postq and delivery rules, then a transport for each.
 *
 * It changes the entry in memory as it goes (step, who is done, what rules changed) and says in the end what is to
 * become of it; the spool is not touched here.
 */

import { type Letter, receivedHeader, type Transports } from "../delivery/index.ts";
import type { VsmtpError } from "../errors.ts";
import type { AreaLog } from "../observe/index.ts";
import { type Recipient, type Reply, type Rules, type Status, showAddress, showReply } from "../rules/index.ts";
import type { Entry, Step } from "./entry.ts";

/**
 * `changed`: the entry came further than the spool knows, and that is to be kept. What rules changed before one of
 * them failed is not: they begin again with the mail as it was.
 */
export type Outcome =
  /** Every recipient has the mail. */
  | { readonly kind: "delivered" }
  /** Something failed for now. */
  | { readonly kind: "retry"; readonly changed: boolean }
  /** Nobody is left but recipients whose transport this host does not have. */
  | { readonly kind: "waiting"; readonly transports: readonly string[]; readonly changed: boolean }
  /** Rules want nobody who is left to have it. */
  | Refused
  | { readonly kind: "quarantine"; readonly name: string };

interface Refused {
  readonly kind: "refused";
  readonly reason: string;
  /** What the rules want to be told to whoever brought the mail. */
  readonly reply?: Reply | undefined;
}

/** Why the rules stop a mail on its way. */
export type Stop = Exclude<Outcome, { readonly kind: "delivered" | "waiting" }>;

export interface JourneyTools {
  readonly rules: Pick<Rules, "run">;
  readonly transports: Transports;
  readonly log: AreaLog;
  /** Recipients of one mail that are served at a time. */
  readonly parallel: number;
}

/** `again`: a crash or a failure may have hidden that some copies were delivered. */
export async function carry(entry: Entry, again: boolean, tools: JourneyTools): Promise<Outcome> {
  const { step } = entry;
  const stop = await pass(entry, tools);
  return stop ?? hand(entry, letterOf(entry, again), entry.step !== step, tools);
}

/** The rules of the steps that are left. Undefined: the mail may go to its recipients, of whom there are some. */
export async function pass(entry: Entry, { rules }: Pick<JourneyTools, "rules">): Promise<Stop | undefined> {
  const { transaction } = entry;
  while (entry.step !== "transport") {
    const status = rules.run(entry.step, transaction.connection, transaction);
    const next = decide(entry.step, status instanceof Promise ? await status : status);
    if (typeof next !== "string") return next;
    entry.step = next;
  }
  return transaction.recipients.length === 0 ? { kind: "refused", reason: "rules left no recipients" } : undefined;
}

/** What a status means where there is no client to answer: the next step, or the end of the way. */
function decide(stage: Exclude<Step, "transport">, status: Status): Step | Stop {
  switch (status.kind) {
    case "next":
      return NEXT_STEP[stage];
    case "accept":
      return stage === "preq" ? "delivery" : NEXT_STEP[stage];
    case "faccept":
      return "transport";
    case "deny":
      return refused(stage, status.reply);
    case "reject":
      // Refused for now, unless the rule says for good.
      return (status.reply?.code ?? 451) >= 500 ? refused(stage, status.reply) : { kind: "retry", changed: false };
    case "quarantine":
      return { kind: "quarantine", name: status.name };
    case "error":
      return { kind: "retry", changed: false };
  }
}

const NEXT_STEP = { preq: "postq", postq: "delivery", delivery: "transport" } as const;

function refused(stage: Step, reply: Reply | undefined): Stop {
  return { kind: "refused", reason: `rules refused it at ${stage}${reply ? `: ${showReply(reply)}` : ""}`, reply };
}

export function letterOf({ transaction, name, host, protocol }: Entry, again: boolean): Letter {
  const { id, fingerprint, since, mailFrom, recipients, connection, message } = transaction;
  const { helo, client, serverName } = connection;
  const [only] = recipients;
  const received = receivedHeader({
    helo,
    clientIp: client.ip,
    serverName,
    protocol,
    id,
    recipient: only !== undefined && recipients.length === 1 ? showAddress(only.address) : undefined,
    time: since,
  });
  return { id, fingerprint, name, host, again, sender: mailFrom, message: message.bytes, received, serverName };
}

/** `advanced`: rules have run since the spool was written. */
async function hand(entry: Entry, letter: Letter, advanced: boolean, tools: JourneyTools): Promise<Outcome> {
  const { transports, log, parallel } = tools;
  const served = entry.done.size;
  const missing = new Set<string>();
  let failed = false;
  const serve = async (recipient: Recipient): Promise<void> => {
    const whom = showAddress(recipient.address);
    const transport = transports.get(recipient.transport.kind);
    if (transport === undefined) {
      missing.add(recipient.transport.kind);
      return;
    }
    try {
      await transport(letter, recipient);
      entry.done.add(whom);
    } catch (error) {
      failed = true;
      const { code, message } = error as VsmtpError;
      log.warn({ mail: letter.id, recipient: whom, code }, `delivery failed, the mail stays in the spool: ${message}`);
    }
  };
  await atMost(parallel, unserved(entry), serve);
  const changed = advanced || entry.done.size > served;
  if (failed) return { kind: "retry", changed };
  return missing.size > 0 ? { kind: "waiting", transports: [...missing], changed } : { kind: "delivered" };
}

/** Those who have no copy yet, each address once. */
export function unserved({ transaction, done }: Entry): Recipient[] {
  const open = new Map<string, Recipient>();
  for (const recipient of transaction.recipients) {
    const whom = showAddress(recipient.address);
    if (!done.has(whom)) open.set(whom, recipient);
  }
  return [...open.values()];
}

/** Calls `work` for every item, for up to `limit` of them at a time. */
export async function atMost<T>(limit: number, items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  if (items.length === 1) return work(items[0] as T);
  let next = 0;
  const lane = async () => {
    while (next < items.length) await work(items[next++] as T);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, lane));
}
