/**
 * The end of DATA in LMTP (RFC 2033): the mail is delivered at once, and each recipient has an answer of its own. Nothing
 * of it is kept here: who is refused or cannot be served now is the client's to try again or to give up.
 *
 * The rules of preq, postq and delivery judge each transaction as they judge a mail that comes by SMTP; what they refuse
 * is refused to the recipients of that transaction. A copy for somebody whom the client did not name (rules have added
 * them) comes first, and without it nobody gets the mail: there is no other way to have it tried again.
 */

import { VsmtpError } from "../errors.ts";
import type { Passage } from "../queue/index.ts";
import { type Recipient, type Reply, reply, showAddress, type Transaction } from "../rules/index.ts";
import { type Answer, DENIED, PASSED, REJECTED, refusal } from "./answer.ts";
import { replyOfFailure } from "./failure-reply.ts";
import { type Handover, type Judged, judgeAll, mailOf, NO_RECIPIENTS, notStored } from "./handover.ts";

/** One RCPT that was accepted. */
export interface Named {
  readonly transaction: Transaction;
  /** Whom it stands for, in lower case: the address itself, or those that rules have put in its place. */
  readonly addresses: readonly string[];
}

/** The answers to `named`, in that order. */
export async function handOverEach(handover: Handover, named: readonly Named[]): Promise<Answer[]> {
  const judging = judgeAll(handover);
  const judged = judging instanceof Promise ? await judging : judging;
  if (!handover.alive()) return named.map(() => PASSED);
  const tellers = new Map<Transaction, (one: Named) => Answer>();
  for (const one of judged) tellers.set(one.transaction, await deliver(handover, one, named));
  const answers = named.map((one) => tellers.get(one.transaction)?.(one) ?? NO_RECIPIENTS);
  return inSequence(answers);
}

/** How to answer those who were named for a transaction. */
async function deliver(handover: Handover, judged: Judged, named: readonly Named[]): Promise<(one: Named) => Answer> {
  const { transaction, status, answer } = judged;
  if (!answer.passed) return () => answer;
  const success = (one: Named) => answer.reply ?? saved(one, transaction.id);
  const mail = mailOf(judged, handover.protocol);
  const claimed = new Set(named.flatMap((one) => (one.transaction === transaction ? one.addresses : [])));
  const isStray = (recipient: Recipient) => !claimed.has(keyOf(recipient));
  try {
    if (status.kind === "quarantine") {
      await handover.queue.accept(mail);
      return (one) => ({ ...PASSED, reply: success(one) });
    }
    // Nobody was named for it, and rules have not added anybody.
    if (transaction.recipients.length === 0) return () => NO_RECIPIENTS;
    const passage = await handover.queue.deliver(mail, isStray);
    return passage.kind === "served"
      ? answerServed(passage.failures, transaction, isStray, success)
      : (one) => answerStopped(passage, success(one));
  } catch (error) {
    if (!(error instanceof VsmtpError)) throw error;
    const refused = notStored(handover, [judged], error);
    return () => refused;
  }
}

function answerStopped(passage: Exclude<Passage, { readonly kind: "served" }>, success: Reply): Answer {
  switch (passage.kind) {
    case "quarantine":
      return { ...PASSED, reply: success };
    case "refused":
      return refusal(passage.reply ?? DENIED);
    case "retry":
      return refusal(REJECTED);
  }
}

function answerServed(
  failures: ReadonlyMap<string, unknown>,
  { recipients }: Transaction,
  isStray: (recipient: Recipient) => boolean,
  success: (one: Named) => Reply,
): (one: Named) => Answer {
  const replies = new Map([...failures].map(([address, error]) => [address.toLowerCase(), replyOfFailure(error)]));
  const strays = recipients.filter(isStray).map(keyOf);
  if (strays.some((address) => replies.has(address))) return () => refusal(NOT_FOR_ALL);
  const there = new Set(recipients.map(keyOf));
  return (one) => {
    const wrong = one.addresses
      .filter((address) => there.has(address))
      .flatMap((address) => replies.get(address) ?? []);
    // What can be tried again comes first: a refusal for good would end it for those who wait too.
    const worst = wrong.find(({ code }) => code < 500) ?? wrong[0];
    return worst ? refusal(worst) : { ...PASSED, reply: success(one) };
  };
}

const NOT_FOR_ALL = reply(451, "A copy that this server keeps cannot be made now, try again later", "4.3.0");

function saved({ addresses }: Named, id: string): Reply {
  return reply(250, `${addresses.map((address) => `<${address}> `).join("")}${id} Saved`, "2.0.0");
}

function keyOf({ address }: Recipient): string {
  return showAddress(address).toLowerCase();
}

/** The session ends after the last reply, if one of them ends it, and not before. */
function inSequence(answers: readonly Answer[]): Answer[] {
  const close = answers.some((answer) => answer.close);
  return answers.map(({ passed, reply: said }, i) => {
    const told = said && said.code === 421 ? { ...said, code: 451 } : said;
    return { passed, reply: told, close: close && i === answers.length - 1 };
  });
}
