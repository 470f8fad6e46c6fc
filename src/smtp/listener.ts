/** smtp-server's server on one address, set up for this host and with connections that ask the rules. */

import { once } from "node:events";
import type { AddressInfo, Socket } from "node:net";
import {
  SMTPServer,
  type SMTPServerAddress,
  type SMTPServerDataStream,
  type SMTPServerOptions,
  type SMTPServerSession,
} from "smtp-server";
import type { SMTPConnection, SMTPConnectionOptions } from "smtp-server/lib/smtp-connection.js";
import { type Config, type ListenAddress, showListenAddress } from "../config/index.ts";
import { reasonOf, VsmtpError } from "../errors.ts";
import { connectionOf, RuleConnection } from "./connection.ts";
import type { SessionTools } from "./session.ts";
import { type ConnectionSettings, settingsOf, sizeLimit } from "./settings.ts";

type Callback = (error?: Error | null) => void;

export class Listener extends SMTPServer {
  readonly #settings: ConnectionSettings;
  readonly #tools: SessionTools;
  /** Until their sockets are closed; `connections` forgets them earlier. */
  readonly #open = new Set<RuleConnection>();

  /** `connections` are counted together, whichever address they came to. */
  constructor(config: Config, tools: SessionTools, connections: Set<SMTPConnection>) {
    super(optionsOf(config));
    this.#settings = settingsOf(config);
    this.#tools = tools;
    this.connections = connections;
    this.on("error", (error) => tools.log.debug({ reason: reasonOf(error) }, "a connection failed"));
  }

  /** Resolves with the address, whose port is known then. @throws VsmtpError LISTEN */
  async open({ host, port }: ListenAddress): Promise<ListenAddress> {
    const listening = once(this.server, "listening");
    this.listen(port, host);
    try {
      await listening;
    } catch (error) {
      const address = showListenAddress({ host, port });
      throw new VsmtpError("LISTEN", { address, reason: reasonOf(error) }, { cause: error });
    }
    return { host, port: (this.server.address() as AddressInfo).port };
  }

  /**
   * Takes no new connections, and resolves when the last one is gone: idle ones leave at once, others after their
   * mail, all within `grace` milliseconds.
   */
  async stop(grace: number): Promise<void> {
    if (!this.server.listening) return;
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    for (const connection of this.#open) connection.leave();
    const deadline = setTimeout(() => {
      for (const connection of this.#open) connection.abort();
    }, grace);
    await closed;
    clearTimeout(deadline);
  }

  override connect(socket: Socket, options: SMTPConnectionOptions = {}): void {
    const connection = new RuleConnection(this, socket, options, this.#settings, this.#tools);
    this.connections.add(connection);
    this.#open.add(connection);
    socket.once("close", () => this.#open.delete(connection));
    connection.on("error", (error) => this._onError(error));
    connection.init();
  }

  override onConnect(session: SMTPServerSession, callback: Callback): void {
    connectionOf(session).onConnect(callback);
  }

  override onMailFrom({ address }: SMTPServerAddress, session: SMTPServerSession, callback: Callback): void {
    connectionOf(session).onMail(address, callback);
  }

  override onRcptTo({ address }: SMTPServerAddress, session: SMTPServerSession, callback: Callback): void {
    connectionOf(session).onRcpt(address, callback);
  }

  override onData(stream: SMTPServerDataStream, session: SMTPServerSession, callback: Callback): void {
    connectionOf(session).onData(stream, callback);
  }
}

function optionsOf(config: Config): SMTPServerOptions {
  const { server } = config;
  const { eightbitmime, smtputf8, pipelining } = server.esmtp;
  return {
    name: server.name,
    banner: "Service ready",
    heloResponse: "%s",
    size: sizeLimit(config),
    hide8BITMIME: !eightbitmime,
    hideSMTPUTF8: !(eightbitmime && smtputf8),
    hidePIPELINING: !pipelining,
    rejectOversized: true,
    maxRecipients: server.smtp.rcpt_count_max,
    disableReverseLookup: true,
    authOptional: true,
    // No TLS and no users yet; the others are smtp-server's jokes.
    disabledCommands: ["AUTH", "STARTTLS", "WIZ", "SHELL", "KILL"],
    logger: false,
  };
}
