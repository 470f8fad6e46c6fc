/** smtp-server's server on one address, set up for this host and with connections that ask the rules. */

import { once } from "node:events";
import { rm, stat } from "node:fs/promises";
import { type AddressInfo, connect, type ListenOptions, type Socket } from "node:net";
import {
  SMTPServer,
  type SMTPServerAddress,
  type SMTPServerDataStream,
  type SMTPServerOptions,
  type SMTPServerSession,
} from "smtp-server";
import type { SMTPConnection, SMTPConnectionOptions } from "smtp-server/lib/smtp-connection.js";
import { type Config, type SocketAddress, showListenAddress } from "../config/index.ts";
import { reasonOf, VsmtpError } from "../errors.ts";
import { connectionOf, RuleConnection } from "./connection.ts";
import type { SessionTools } from "./session.ts";
import { type ConnectionSettings, type Protocol, settingsOf, sizeLimit } from "./settings.ts";

type Callback = (error?: Error | null) => void;
type DataCallback = (error?: Error | null, each?: string[]) => void;

export class Listener extends SMTPServer {
  readonly #settings: ConnectionSettings;
  readonly #tools: SessionTools;
  /** Until their sockets are closed; `connections` forgets them earlier. */
  readonly #open = new Set<RuleConnection>();

  /** `connections` are counted together, whichever address they came to. */
  constructor(config: Config, tools: SessionTools, connections: Set<SMTPConnection>, protocol: Protocol) {
    super(optionsOf(config, protocol));
    this.#settings = settingsOf(config, protocol);
    this.#tools = tools;
    this.connections = connections;
    this.on("error", (error) => tools.log.debug({ reason: reasonOf(error) }, "a connection failed"));
  }

  /** Resolves with the address, whose port is known then. @throws VsmtpError LISTEN */
  async open(address: SocketAddress): Promise<SocketAddress> {
    try {
      if ("path" in address) await this.#listenOnPath(address.path);
      else await this.#listen({ port: address.port, host: address.host });
    } catch (error) {
      throw new VsmtpError(
        "LISTEN",
        { address: showListenAddress(address), reason: reasonOf(error) },
        { cause: error },
      );
    }
    return "path" in address ? address : { ...address, port: (this.server.address() as AddressInfo).port };
  }

  /** Who may connect is decided by the directory: mail servers run as users of their own. */
  async #listenOnPath(path: string): Promise<void> {
    const options = { path, readableAll: true, writableAll: true };
    try {
      await this.#listen(options);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE" || !(await isForgotten(path))) throw error;
      await rm(path, { force: true });
      await this.#listen(options);
    }
  }

  async #listen(options: ListenOptions): Promise<void> {
    const listening = once(this.server, "listening");
    this.server.listen(options);
    await listening;
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

  override onData(stream: SMTPServerDataStream, session: SMTPServerSession, callback: DataCallback): void {
    connectionOf(session).onData(stream, callback);
  }
}

/** Whether a socket was left there by a program that is gone. */
async function isForgotten(path: string): Promise<boolean> {
  if (!(await stat(path)).isSocket()) return false;
  const client = connect(path);
  try {
    await once(client, "connect");
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ECONNREFUSED";
  } finally {
    client.destroy();
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
