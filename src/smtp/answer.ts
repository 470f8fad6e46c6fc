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
 * `faccept` is `accept` here; its reply is for the stage that gave it, later ones say what they usually say. An
 * `accept` with a reply that is no success (not 2xx) refuses like `reject`: a client must not be told of a failure
 * while its command counts.
 */

import { type Reply, reply, type Stage, type Status } from "../rules/index.ts";

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
export const REJECTED = reply(451, "Refused by the rules of this server, try again later", "4.7.1");

/** `remembered`: what an earlier stage had decided for this one, if it had. */
export function answerOf(stage: Stage, status: Status, remembered?: Status): Answer {
  const atConnect = stage === "connect";
  switch (status.kind) {
    case "next":
    case "quarantine":
      return PASSED;
    case "accept":
    case "faccept":
      if (status.reply === undefined) return PASSED;
      if (!isSuccess(status.reply)) return refusal(status.reply, atConnect);
      return status === remembered ? PASSED : { passed: true, reply: status.reply, close: false };
    case "deny":
      return refusal(status.reply ?? DENIED, true);
    case "reject":
      return refusal(status.reply ?? REJECTED, atConnect);
    case "error":
      return refusal(atConnect ? { ...status.reply, code: 421 } : status.reply, atConnect);
  }
}

/** 421 says that the channel is being closed (RFC 5321 section 3.8), so it is. */
export function refusal(reply: Reply, close = false): Answer {
  return { passed: false, reply, close: close || reply.code === 421 };
}

function isSuccess({ code }: Reply): boolean {
  return code >= 200 && code < 300;
}
