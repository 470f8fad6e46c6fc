/** All addresses that this host takes mail on. */

import type { SMTPConnection } from "smtp-server/lib/smtp-connection.js";
import { type Config, parseListenAddress, parseLmtpAddress, type SocketAddress } from "../config/index.ts";
import type { Log } from "../observe/index.ts";
import type { Queue } from "../queue/index.ts";
import type { Rules } from "../rules/index.ts";
import { Listener } from "./listener.ts";
import type { Mailboxes } from "./recipient-check.ts";
import type { Protocol } from "./settings.ts";

export interface SmtpOptions {
  readonly config: Config;
  readonly rules: Pick<Rules, "run" | "route" | "handles">;
  readonly queue: Pick<Queue, "accept" | "deliver">;
  readonly mailboxes: Mailboxes;
  readonly log: Log;
}

export class SmtpService {
  readonly #listeners: Listener[] = [];
  /** Where clients reach it; the ports are real, whatever the configuration left to the system. */
  readonly addresses: readonly SocketAddress[];

  private constructor(listeners: Listener[], addresses: readonly SocketAddress[]) {
    this.#listeners = listeners;
    this.addresses = addresses;
  }

  /** Opens every address of `server.interfaces.addr` and `addr_lmtp`, or none. @throws VsmtpError LISTEN */
  static async open({ config, rules, queue, mailboxes, log }: SmtpOptions): Promise<SmtpService> {
    const tools = { rules, queue, mailboxes, log: log("smtp") };
    // Those of LMTP take no place from others.
    const connections = { smtp: new Set<SMTPConnection>(), lmtp: new Set<SMTPConnection>() };
    const listeners: Listener[] = [];
    const addresses: SocketAddress[] = [];
    try {
      for (const { address, protocol } of wanted(config)) {
        const listener = new Listener(config, tools, connections[protocol], protocol);
        addresses.push(await listener.open(address));
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

function wanted({ server, directory }: Config): { readonly address: SocketAddress; readonly protocol: Protocol }[] {
  const { addr, addr_lmtp } = server.interfaces;
  return [
    ...addr.map((text) => ({ address: parseListenAddress(text) as SocketAddress, protocol: "smtp" as const })),
    ...addr_lmtp.map((text) => ({
      address: parseLmtpAddress(text, directory) as SocketAddress,
      protocol: "lmtp" as const,
    })),
  ];
}
