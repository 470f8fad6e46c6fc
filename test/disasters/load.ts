/**
 * A load generator that does not believe servers: every mail is told from every other, and what became of it is kept:
 * a mail that was answered with 250 has to be found once and whole, whatever happens to the server meanwhile.
 */

import { idOf, provenMail } from "../fixtures/load.ts";
import { SmtpClient } from "../fixtures/smtp-client.ts";

export interface LoadMail {
  readonly from: string;
  readonly to: string;
  /** Sent once only: what becomes of it is no reason to try again. */
  readonly once?: boolean;
}

export interface Fate {
  readonly number: number;
  readonly mail: LoadMail;
  /** The code of the last reply; undefined: the connection was dropped and the mail given up. */
  readonly code: number | undefined;
  readonly tries: number;
}

export interface LoadOptions {
  readonly port: number;
  readonly mails: number;
  readonly connections: number;
  mail(number: number): LoadMail;
}

/** Tries of a mail that is to arrive in the end. */
const MOST_TRIES = 100;

/** Sends all mails; a connection that is dropped is opened again, and a mail without a reply sent again. */
export async function sendLoad({ port, mails, connections, mail }: LoadOptions): Promise<Fate[]> {
  const fates: Fate[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    const line = new Line(port);
    while (next < mails) {
      const number = next++;
      fates.push(await line.deliver(number, mail(number)));
    }
    await line.close();
  };
  await Promise.all(Array.from({ length: connections }, lane));
  return fates;
}

/** The number of a mail that is found somewhere; undefined: it is no whole mail of the load. */
export function numberOf(file: string): number | undefined {
  try {
    return Number(idOf(file));
  } catch {
    return undefined;
  }
}

class Line {
  readonly #port: number;
  #client: SmtpClient | undefined;

  constructor(port: number) {
    this.#port = port;
  }

  async deliver(number: number, mail: LoadMail): Promise<Fate> {
    let code: number | undefined;
    for (let tries = 1; ; tries++) {
      code = await this.#try(number, mail).catch(() => undefined);
      if (code === undefined || code === 421) this.#drop();
      if (code === 250 || mail.once || tries === MOST_TRIES) return { number, mail, code, tries };
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async close(): Promise<void> {
    await this.#client?.quit().catch(() => {});
  }

  async #try(number: number, { from, to }: LoadMail): Promise<number> {
    this.#client ??= await SmtpClient.open(this.#port);
    const reply = await this.#client.mail(from, [to], provenMail(String(number), 1 + ((number * 37) % 100)));
    if (reply.code !== 250 && reply.code !== 421) await this.#client.say("RSET");
    return reply.code;
  }

  #drop(): void {
    this.#client?.vanish();
    this.#client = undefined;
  }
}
