/**
 * Whether a recipient that rules have accepted has a mailbox, if its mails end on this host.
 *
 * They do when rules have chosen `maildir` or `mbox` for it by then. Of what they have left open, `deliver`, it is those
 * of a domain that this host takes care of, of its own name, and without a domain; in LMTP, which is delivery, all.
 */

import { VsmtpError } from "../errors.ts";
import type { AreaLog } from "../observe/index.ts";
import { type Address, type Recipient, type Rules, reply, showAddress } from "../rules/index.ts";
import { type Answer, refusal } from "./answer.ts";
import { afterwards, type Eventually } from "./eventually.ts";
import { UNKNOWN_USER } from "./failure-reply.ts";

type LocalTransport = "maildir" | "mbox";

/** Which addresses have a mailbox where a transport would put their mails. */
export interface Mailboxes {
  /** Throws or rejects with a VsmtpError when that is not known for now. */
  has(address: Address, transport: LocalTransport): Eventually<boolean>;
}

interface CheckTools {
  readonly rules: Pick<Rules, "handles">;
  readonly mailboxes: Mailboxes;
  readonly log: AreaLog;
}

export class RecipientCheck {
  readonly #tools: CheckTools;
  readonly #serverName: string;
  readonly #lmtp: boolean;

  constructor(tools: CheckTools, serverName: string, lmtp: boolean) {
    this.#tools = tools;
    this.#serverName = serverName;
    this.#lmtp = lmtp;
  }

  /**
   * What the client is told instead of success, if nobody of those whom a RCPT stands for can get the mail. Who is one
   * of several stays: the others are to have it.
   */
  refusal(recipients: readonly Recipient[]): Eventually<Answer | undefined> {
    const [first, ...rest] = recipients;
    if (first === undefined) return undefined;
    return afterwards(this.#refusalOf(first), (refused) => {
      if (refused === undefined || rest.length === 0) return refused;
      return afterwards(this.refusal(rest), (other) => other && refused);
    });
  }

  #refusalOf(recipient: Recipient): Eventually<Answer | undefined> {
    const kind = this.#localTransport(recipient);
    if (kind === undefined) return undefined;
    const { address } = recipient;
    const failed = (error: unknown) => this.#unknown(address, error);
    try {
      const named = { ...address, domain: address.domain || this.#serverName };
      const there = this.#tools.mailboxes.has(named, kind);
      return there instanceof Promise ? there.then(answerOf, failed) : answerOf(there);
    } catch (error) {
      return failed(error);
    }
  }

  #localTransport({ address, transport }: Recipient): LocalTransport | undefined {
    if (transport.kind === "maildir" || transport.kind === "mbox") return transport.kind;
    if (transport.kind === "forward") return undefined;
    const { domain } = address;
    const local = this.#lmtp || domain === "" || domain === this.#serverName.toLowerCase();
    return local || this.#tools.rules.handles(address) ? "maildir" : undefined;
  }

  #unknown(address: Address, error: unknown): Answer {
    if (!(error instanceof VsmtpError)) throw error;
    const { code, message, fix } = error;
    this.#tools.log.error({ recipient: showAddress(address), code, fix }, message);
    return NOT_KNOWN;
  }
}

const UNKNOWN = refusal(UNKNOWN_USER);
const NOT_KNOWN = refusal(reply(451, "Whether this user is here cannot be told now, try again later", "4.3.0"));

function answerOf(there: boolean): Answer | undefined {
  return there ? undefined : UNKNOWN;
}
