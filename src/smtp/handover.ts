/**
 * The end of DATA: the rules of `preq` judge each transaction of an envelope, what they let pass is put on stable
 * storage, and only then the client reads 250.
 *
 * There is one reply for all of them. So a refusal of one refuses the whole mail, which nobody gets then: its sender
 * learns of it, and a mail that is sent again reaches nobody twice. What rules say of a transaction that has no
 * recipients does not matter beside one that has.
 */

import { reasonOf, VsmtpError } from "../errors.ts";
import { contentDigest, fingerprintOf, HELD, type Mail, type Step } from "../queue/index.ts";
import { type Connection, mergeReplies, type Reply, reply, type Status, type Transaction } from "../rules/index.ts";
import { type Answer, answerOf, PASSED, refusal } from "./answer.ts";
import type { Envelope } from "./envelope.ts";
import { afterwards, type Eventually } from "./eventually.ts";
import type { SessionTools } from "./session.ts";

export interface Handover extends SessionTools {
  readonly envelope: Envelope;
  readonly connection: Connection;
  /** SMTP, ESMTP or LMTP. */
  readonly protocol: string;
  readonly raw: Uint8Array;
  /** Whether the client is still there to hear that its mail was accepted. */
  readonly alive: () => boolean;
}

/** A transaction and what its rules said. */
export interface Judged {
  readonly transaction: Transaction;
  readonly status: Status;
  readonly answer: Answer;
}

export function handOver(handover: Handover): Eventually<Answer> {
  const judged = judgeAll(handover);
  if (!(judged instanceof Promise)) return conclude(handover, judged);
  return judged.then((late) => (handover.alive() ? conclude(handover, late) : PASSED));
}

/** What the rules of `preq` say of each transaction, which has the mail from now on. */
export function judgeAll(handover: Handover): Eventually<Judged[]> {
  const { transactions } = handover.envelope;
  const content = contentDigest(handover.raw);
  for (const transaction of transactions) {
    transaction.message.receive(handover.raw);
    transaction.fingerprint = fingerprintOf(transaction.mailFrom, transaction.recipients, content);
  }
  return judge(handover, transactions);
}

/** In their order, which rules can rely on. */
function judge(handover: Handover, transactions: readonly Transaction[]): Eventually<Judged[]> {
  const [transaction, ...rest] = transactions;
  if (transaction === undefined) return [];
  const { rules, connection } = handover;
  return afterwards(isHeld(handover, transaction) ? HOLD : rules.run("preq", connection, transaction), (status) => {
    const first = { transaction, status, answer: answerOf("preq", status) };
    return afterwards(judge(handover, rest), (others) => [first, ...others]);
  });
}

/** Rules that have decided about the mail before come first; those of `preq` see a held mail when it is put back. */
function isHeld({ queue, connection }: Handover, { fingerprint, sticky }: Transaction): boolean {
  return queue.holds(fingerprint) && sticky === undefined && connection.sticky === undefined;
}

const HOLD: Status = { kind: "quarantine", name: HELD };

function conclude(handover: Handover, judged: readonly Judged[]): Eventually<Answer> {
  const wanted = judged.filter(isWanted);
  const counting = wanted.length > 0 ? wanted : judged;
  const refused = counting.find(({ answer }) => !answer.passed);
  if (refused) return refused.answer;
  if (wanted.length === 0) return NO_RECIPIENTS;
  const stored = handover.queue.accept(...wanted.map((one) => mailOf(one, handover.protocol)));
  return stored.then(
    () => ({ ...PASSED, reply: wanted.map(replyOf).reduce(mergeReplies) }),
    (error: unknown) => notStored(handover, wanted, error),
  );
}

/** A quarantine keeps what nobody gets any more; for others it would be a second copy. */
function isWanted({ transaction, status }: Judged, _index: number, all: readonly Judged[]): boolean {
  return transaction.recipients.length > 0 || (all.length === 1 && status.kind === "quarantine");
}

export function mailOf({ transaction, status }: Judged, protocol: string): Mail {
  if (status === HOLD) return { transaction, protocol, step: "preq", quarantine: HELD, held: true };
  const quarantine = status.kind === "quarantine" ? status.name : undefined;
  return { transaction, protocol, step: stepAfter(status), quarantine };
}

/** `accept` passes postq by, `faccept` all rules. */
function stepAfter(status: Status): Step {
  if (status.kind === "faccept") return "transport";
  return status.kind === "accept" ? "delivery" : "postq";
}

function replyOf({ transaction, answer }: Judged): Reply {
  return answer.reply ?? reply(250, `Ok: queued as ${transaction.id}`);
}

export function notStored(
  { log }: Pick<Handover, "log">,
  mails: readonly Pick<Judged, "transaction">[],
  error: unknown,
): Answer {
  const full = error instanceof VsmtpError && error.code === "SPOOL_FULL";
  const code = full ? "SPOOL_FULL" : "SPOOL_WRITE";
  for (const { transaction } of mails) log.error({ mail: transaction.id, code }, reasonOf(error));
  return refusal(full ? NO_ROOM : NOT_STORED);
}

export const NO_RECIPIENTS = refusal(reply(554, "No recipients are left", "5.5.1"));
const NO_ROOM = reply(452, "No room for this mail now, try again later", "4.3.1");
const NOT_STORED = reply(451, "This mail cannot be stored now, try again later", "4.3.0");
