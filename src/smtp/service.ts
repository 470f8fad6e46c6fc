/** All sockets that this process takes mail on. Others may take mail on them too: the system gives each client to one. */

import type { Config } from "../config/index.ts";
import type { Log } from "../observe/index.ts";
import type { Queue } from "../queue/index.ts";
import type { Rules } from "../rules/index.ts";
import { Clients, type SharedCounts } from "./clients.ts";
import { Listener } from "./listener.ts";
import type { Mailboxes } from "./recipient-check.ts";
import type { Protocol } from "./settings.ts";

export interface SmtpOptions {
  readonly config: Config;
  readonly rules: Pick<Rules, "run" | "route" | "handles">;
  readonly queue: Pick<Queue, "accept" | "deliver" | "holds">;
  readonly mailboxes: Mailboxes;
  readonly log: Log;
  /** Undefined: this process is the only one that serves clients. */
  readonly counts?: SharedCounts | undefined;
}

/** A socket that listens, opened by somebody else. */
export interface ClientSocket {
  readonly descriptor: number;
  readonly protocol: Protocol;
}

export class SmtpService {
  readonly #options: SmtpOptions;
  readonly #listeners: Listener[] = [];
  /** Those of LMTP take no place from others. */
  readonly #clients: Readonly<Record<Protocol, Clients>>;

  constructor(options: SmtpOptions) {
    this.#options = options;
    this.#clients = { smtp: new Clients(options.counts), lmtp: new Clients() };
  }

  /** Takes clients of these sockets from now on. */
  async serve(sockets: readonly ClientSocket[]): Promise<void> {
    const { config, rules, queue, mailboxes, log } = this.#options;
    const tools = { rules, queue, mailboxes, log: log("smtp") };
    for (const { descriptor, protocol } of sockets) {
      const listener = new Listener(config, tools, this.#clients[protocol], protocol);
      this.#listeners.push(listener);
      await listener.serve(descriptor);
    }
  }

  /** Clients that are connected. */
  get connections(): number {
    return this.#clients.smtp.size + this.#clients.lmtp.size;
  }

  /** Takes no new clients; resolves when the last one has ended its session. */
  async close(): Promise<void> {
    await Promise.all(this.#listeners.map((listener) => listener.stopListening()));
  }

  /** Lets mails that are under way end, for up to `grace` milliseconds; resolves when no client is left. */
  async stop(grace: number): Promise<void> {
    const closed = this.close();
    await Promise.all(this.#listeners.map((listener) => listener.leave(grace)));
    await closed;
  }
}
