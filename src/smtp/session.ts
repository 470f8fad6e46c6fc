/**
 * One client's session as rules see it: each command that smtp-server has understood becomes a stage, and the status
 * of the stage an {@link Answer}. It keeps the {@link Connection} and the current {@link Envelope}; lines, limits and
 * sockets are the business of connection.ts, and what happens at the end of DATA that of handover.ts.
 *
 * Answers come at once unless a rule waits for something, so that the usual mail costs no turn of the event loop.
 */

import { isIP } from "node:net";
import type { AreaLog } from "../observe/index.ts";
import type { Queue } from "../queue/index.ts";
import {
  type Address,
  Connection,
  type Endpoint,
  parseAddress,
  type Rules,
  reply,
  type Stage,
  showAddress,
  Transaction,
} from "../rules/index.ts";
import { type Answer, answerOf, refusal } from "./answer.ts";
import { type Candidate, Envelope } from "./envelope.ts";
import { afterwards, type Eventually } from "./eventually.ts";
import { type Handover, handOver } from "./handover.ts";
import { handOverEach, type Named } from "./handover-each.ts";
import { type Mailboxes, RecipientCheck } from "./recipient-check.ts";
import type { Protocol } from "./settings.ts";

export interface SessionTools {
  readonly rules: Pick<Rules, "run" | "route" | "handles">;
  readonly queue: Pick<Queue, "accept" | "deliver" | "holds">;
  readonly mailboxes: Mailboxes;
  readonly log: AreaLog;
}

export class Session {
  readonly connection: Connection;
  readonly #tools: SessionTools;
  readonly #recipients: RecipientCheck;
  readonly #lmtp: boolean;
  #envelope: Envelope | undefined;
  /** Of LMTP: the recipients that were accepted, one for each RCPT. */
  #named: Named[] = [];
  #protocol = "SMTP";

  constructor(
    client: Endpoint,
    server: Endpoint,
    serverName: string,
    tools: SessionTools,
    protocol: Protocol = "smtp",
  ) {
    this.connection = new Connection(client, server, serverName);
    this.#tools = tools;
    this.#lmtp = protocol === "lmtp";
    this.#recipients = new RecipientCheck(tools, serverName, this.#lmtp);
  }

  /** Whether a mail is under way. */
  get busy(): boolean {
    return this.#envelope !== undefined;
  }

  connect(): Eventually<Answer> {
    return this.#stage("connect");
  }

  /** `name` as the client gave it. A refused HELO leaves what an earlier one said. */
  helo(name: string, extended: boolean): Eventually<Answer> {
    const { connection } = this;
    const before = connection.helo;
    connection.helo = withoutBrackets(name);
    return afterwards(this.#stage("helo"), (answer) => {
      if (answer.passed) this.#protocol = this.#lmtp ? "LMTP" : extended ? "ESMTP" : "SMTP";
      else connection.helo = before;
      return answer;
    });
  }

  /** An empty address is the null sender. */
  mail(address: string): Eventually<Answer> {
    const sender = address === "" ? undefined : parseAddress(address);
    if (address !== "" && sender === undefined) return badAddress(address, "5.1.7");
    const transaction = new Transaction(this.connection, sender);
    return afterwards(this.#stage("mail", transaction), (answer) => {
      this.#envelope = answer.passed ? new Envelope(transaction) : undefined;
      return answer;
    });
  }

  rcpt(text: string): Eventually<Answer> {
    const envelope = this.#current();
    const address = parseRecipient(text);
    if (address === undefined) return badAddress(text, "5.1.3");
    const { rules } = this.#tools;
    const candidate = envelope.propose(address, rules.route(envelope.main.mailFrom, address));
    return afterwards(this.#stage("rcpt", candidate.transaction), (answer) => {
      if (!answer.passed) {
        candidate.settle(false);
        return answer;
      }
      return afterwards(this.#recipients.refusal(candidate.named), (refused) =>
        this.#settle(candidate, refused ?? answer),
      );
    });
  }

  /** The whole mail is here. `alive` tells whether the client still is: nobody else may say that it was accepted. */
  data(raw: Uint8Array, alive: () => boolean): Eventually<Answer> {
    return handOver(this.#handover(raw, alive));
  }

  /** The same in LMTP: an answer for each RCPT that was accepted, in their order. */
  dataEach(raw: Uint8Array, alive: () => boolean): Promise<Answer[]> {
    return handOverEach(this.#handover(raw, alive), this.#named);
  }

  /** Something threw that should not have: the client may try again, and the log has what is needed to mend it. */
  failed(error: unknown): Answer {
    this.#tools.log.error({ mail: this.#envelope?.main.id, err: error }, "a command failed for a reason that is a bug");
    return BROKEN;
  }

  /** The same for all recipients of LMTP. */
  failedEach(error: unknown): Answer[] {
    const answer = this.failed(error);
    return this.#named.map(() => answer);
  }

  /** The transaction is over, whatever became of it. */
  reset(): void {
    this.#envelope = undefined;
    this.#named = [];
  }

  #settle(candidate: Candidate, answer: Answer): Answer {
    if (!answer.passed) {
      candidate.forget();
      return answer;
    }
    if (this.#lmtp) {
      const addresses = candidate.named.map(({ address }) => showAddress(address).toLowerCase());
      this.#named.push({ transaction: candidate.transaction, addresses });
    }
    candidate.settle(true);
    return answer;
  }

  #handover(raw: Uint8Array, alive: () => boolean): Handover {
    const { connection } = this;
    return { envelope: this.#current(), connection, protocol: this.#protocol, raw, alive, ...this.#tools };
  }

  #stage(stage: Stage, transaction?: Transaction): Eventually<Answer> {
    return afterwards(this.#tools.rules.run(stage, this.connection, transaction), (status) => answerOf(stage, status));
  }

  #current(): Envelope {
    if (this.#envelope === undefined) throw new Error("RCPT and DATA come after MAIL");
    return this.#envelope;
  }
}

const BROKEN = refusal(reply(451, "Requested action aborted: local error in processing", "4.3.0"));

function badAddress(address: string, enhanced: string): Answer {
  return refusal(reply(553, `<${address}> is not a valid address (RFC 5321)`, enhanced));
}

/** `postmaster` alone is an address too (RFC 5321 section 4.1.1.3). */
function parseRecipient(text: string): Address | undefined {
  return text.toLowerCase() === "postmaster" ? { localPart: text, domain: "" } : parseAddress(text);
}

/** `[192.0.2.1]` and `[IPv6:2001:db8::1]` name an address (RFC 5321 section 4.1.3). */
function withoutBrackets(name: string): string {
  const inner = /^\[(?:IPv6:)?([^\]]+)\]$/i.exec(name)?.[1];
  return inner !== undefined && isIP(inner) !== 0 ? inner : name;
}
