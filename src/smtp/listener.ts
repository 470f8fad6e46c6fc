/** smtp-server's server on one listening socket, set up for this host and with connections that ask the rules. */

import { once } from "node:events";
import type { Socket } from "node:net";
import {
  SMTPServer,
  type SMTPServerAddress,
  type SMTPServerDataStream,
  type SMTPServerOptions,
  type SMTPServerSession,
} from "smtp-server";
import type { SMTPConnectionOptions } from "smtp-server/lib/smtp-connection.js";
import type { Config } from "../config/index.ts";
import { reasonOf } from "../errors.ts";
import type { Clients } from "./clients.ts";
import { connectionOf, RuleConnection } from "./connection.ts";
import type { SessionTools } from "./session.ts";
import { type ConnectionSettings, type Protocol, settingsOf, sizeLimit } from "./settings.ts";

/** Clients that may wait to be taken; as the socket was opened with. */
const BACKLOG = 511;

type Callback = (error?: Error | null) => void;
type DataCallback = (error?: Error | null, each?: string[]) => void;

export class Listener extends SMTPServer {
  readonly clients: Clients;
  readonly #settings: ConnectionSettings;
  readonly #tools: SessionTools;
  /** Until their sockets are closed; `connections` forgets them earlier. */
  readonly #open = new Set<RuleConnection>();
  #closed: Promise<void> | undefined;

  /** `clients` are counted together, whichever address they came to. */
  constructor(config: Config, tools: SessionTools, clients: Clients, protocol: Protocol) {
    super(optionsOf(config, protocol));
    this.#settings = settingsOf(config, protocol);
    this.#tools = tools;
    this.clients = clients;
    this.connections = clients;
    this.on("error", (error) => tools.log.debug({ reason: reasonOf(error) }, "a connection failed"));
  }

  /** Serves clients of a listening socket that somebody opened; the descriptor is the listener's from now on. */
  async serve(descriptor: number): Promise<void> {
    const listening = once(this.server, "listening");
    this.server.listen({ fd: descriptor, backlog: BACKLOG });
    await listening;
  }

  /** Takes no new connections; resolves when the last one is gone. */
  stopListening(): Promise<void> {
    this.#closed ??= new Promise((resolve) => {
      if (this.server.listening) this.server.close(() => resolve());
      else resolve();
    });
    return this.#closed;
  }

  /** Sends clients away: idle ones at once, others after their mail, all within `grace` milliseconds. After {@link stopListening}. */
  async leave(grace: number): Promise<void> {
    for (const connection of this.#open) connection.leave();
    const deadline = setTimeout(() => {
      for (const connection of this.#open) connection.abort();
    }, grace);
    await this.stopListening();
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

  override onData(stream: SMTPServerDataStream, session: SMTPServerSession, callback: DataCallback): void {
    connectionOf(session).onData(stream, callback);
  }
}

/** RFC 2033 section 5 makes pipelining and enhanced status codes part of LMTP. */
function optionsOf(config: Config, protocol: Protocol): SMTPServerOptions {
  const { server } = config;
  const { eightbitmime, smtputf8, pipelining } = server.esmtp;
  const lmtp = protocol === "lmtp";
  return {
    lmtp,
    hideENHANCEDSTATUSCODES: !lmtp,
    name: server.name,
    banner: "Service ready",
    heloResponse: "%s",
    size: sizeLimit(config),
    hide8BITMIME: !eightbitmime,
    hideSMTPUTF8: !(eightbitmime && smtputf8),
    hidePIPELINING: !(pipelining || lmtp),
    rejectOversized: true,
    maxRecipients: server.smtp.rcpt_count_max,
    disableReverseLookup: true,
    authOptional: true,
    // No TLS and no users yet; the others are smtp-server's jokes.
    disabledCommands: ["AUTH", "STARTTLS", "WIZ", "SHELL", "KILL"],
    logger: false,
  };
}
