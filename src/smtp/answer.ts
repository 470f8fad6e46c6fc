/**
 * What a client is told when the rules of a stage are through.
 *
 * | status     | connect              | helo, mail, rcpt       | end of DATA (preq)            |
 * |------------|----------------------|------------------------|-------------------------------|
 * | next       | the usual greeting   | the usual reply        | accepted                      |
 * | accept     | its reply, if any    | its reply, if any      | accepted, its reply, if any   |
 * | deny       | its reply, then close| its reply, then close  | its reply, then close         |
 * | reject     | its reply, then close| its reply              | its reply                     |
 * | quarantine | as next              | as next                | as accepted                   |
 * | error      | 421, then close      | 451                    | 451                           |
 *
 * At `authenticate` nothing but `accept` lets a client in: 235; an error is 454, everything else 535 and the end.
 * `faccept` is `accept` elsewhere. An `accept` with a reply that is no success (not 2xx) refuses like `reject`: a client
 * must not be told of a failure while its command counts.
 */

import { isSuccess, type Reply, reply, type Stage, type Status } from "../rules/index.ts";

export interface Answer {
  /** The command counts: the session goes on as the client asked. */
  readonly passed: boolean;
  /** Undefined: the usual success. */
  readonly reply: Reply | undefined;
  /** The session ends after the reply. */
  readonly close: boolean;
}

export const PASSED: Answer = { passed: true, reply: undefined, close: false };

export const DENIED = reply(554, "Denied by the rules of this server", "5.7.1");
export const REJECTED = reply(451, "Refused by the rules of this server for now, try again later", "4.7.1");

const AUTHENTICATED = reply(235, "Authentication succeeded", "2.7.0");
const NOT_AUTHENTICATED = reply(535, "Authentication credentials invalid", "5.7.8");
const NOT_DECIDED = reply(454, "Temporary authentication failure", "4.7.0");

export function answerOf(stage: Stage, status: Status): Answer {
  if (stage === "authenticate") return authentication(status);
  const atConnect = stage === "connect";
  switch (status.kind) {
    case "next":
    case "quarantine":
      return PASSED;
    case "accept":
    case "faccept":
      if (status.reply === undefined) return PASSED;
      if (isSuccess(status.reply)) return { passed: true, reply: status.reply, close: false };
      return refusal(status.reply, atConnect);
    case "deny":
      return refusal(status.reply ?? DENIED, true);
    case "reject":
      return refusal(status.reply ?? REJECTED, atConnect);
    case "error":
      return refusal(atConnect ? { ...status.reply, code: 421 } : status.reply, atConnect);
  }
}

/** The reply of a rule does not matter: what failed is nothing that a client is to learn. */
function authentication({ kind }: Status): Answer {
  if (kind === "accept") return { passed: true, reply: AUTHENTICATED, close: false };
  return kind === "error" ? refusal(NOT_DECIDED) : refusal(NOT_AUTHENTICATED, true);
}

/** 421 says that the channel is being closed (RFC 5321 section 3.8), so it is. */
export function refusal(reply: Reply, close = false): Answer {
  return { passed: false, reply, close: close || reply.code === 421 };
}
