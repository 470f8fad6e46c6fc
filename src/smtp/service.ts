/** All addresses that this host takes mail on. */

import type { SMTPConnection } from "smtp-server/lib/smtp-connection.js";
import { type Config, type ListenAddress, parseListenAddress } from "../config/index.ts";
import type { Log } from "../observe/index.ts";
import type { Queue } from "../queue/index.ts";
import type { Rules } from "../rules/index.ts";
import { Listener } from "./listener.ts";

export interface SmtpOptions {
  readonly config: Config;
  readonly rules: Pick<Rules, "run" | "route">;
  readonly queue: Pick<Queue, "accept">;
  readonly log: Log;
}

export class SmtpService {
  readonly #listeners: Listener[] = [];
  /** Where clients reach it; the ports are real, whatever the configuration left to the system. */
  readonly addresses: readonly ListenAddress[];

  private constructor(listeners: Listener[], addresses: readonly ListenAddress[]) {
    this.#listeners = listeners;
    this.addresses = addresses;
  }

  /** Opens every address of `server.interfaces.addr`, or none. @throws VsmtpError LISTEN */
  static async open({ config, rules, queue, log }: SmtpOptions): Promise<SmtpService> {
    const tools = { rules, queue, log: log("smtp") };
    const connections = new Set<SMTPConnection>();
    const listeners: Listener[] = [];
    const addresses: ListenAddress[] = [];
    try {
      for (const text of config.server.interfaces.addr) {
        const listener = new Listener(config, tools, connections);
        addresses.push(await listener.open(parseListenAddress(text) as ListenAddress));
        listeners.push(listener);
      }
    } catch (error) {
      await Promise.all(listeners.map((listener) => listener.stop(0)));
      throw error;
    }
    return new SmtpService(listeners, addresses);
  }

  /** Lets mails that are under way end, for up to `grace` milliseconds; resolves when no client is left. */
  async stop(grace: number): Promise<void> {
    await Promise.all(this.#listeners.map((listener) => listener.stop(grace)));
  }
}
