/**
 * smtp-server's connection with this host's manners towards clients: errors are counted and slow a session down,
 * replies that belong together leave together, a silent client is given as long as the configuration says, and a
 * command has a length. What is said, and to which command, is not decided here.
 */

import type { Socket } from "node:net";
import type { SMTPServer } from "smtp-server";
import { SMTPConnection, type SMTPConnectionOptions } from "smtp-server/lib/smtp-connection.js";
import { Pace } from "./pace.ts";
import type { ConnectionSettings } from "./settings.ts";

/** Octets without the line end. RFC 5321 section 4.5.3.1.4 has 512 for a command, extensions need more. */
const LONGEST_COMMAND = 1022;

export class PacedConnection extends SMTPConnection {
  readonly settings: ConnectionSettings;
  readonly #pace: Pace;
  #batching = false;
  /** Milliseconds for which the idle timeout is armed. */
  #armed = 0;

  constructor(server: SMTPServer, socket: Socket, options: SMTPConnectionOptions, settings: ConnectionSettings) {
    super(server, socket, options);
    this.settings = settings;
    this.#pace = new Pace(settings.hardening);
  }

  /** The only place where replies are written. `close`: it is the last one. */
  override send(code: number, data?: string | string[] | null, context?: string | false, close = false): void {
    // smtp-server has a limit of its own for unknown commands; the configured one counts.
    this._unrecognizedCommands = 0;
    const last = this.#pace.isLast(code) && code !== 421;
    const lines = last ? [...textsOf(data), "Too many errors from the client"] : data;
    this.#pace.reply(() => {
      this.#batch();
      super.send(last ? 451 : code, lines, last ? false : context);
      if (close || last) this.close();
    });
  }

  /** Waits for replies that are held back: they are to be read before the end. */
  override close(): void {
    if (this._socket.destroyed) super.close();
    else this.#pace.afterReplies(() => super.close());
  }

  override _onClose(): void {
    this.#pace.drop();
    super._onClose();
  }

  /** Called after each command: the next one is not looked at before the client had its replies. */
  override _whenWritable(next: () => void): void {
    this.#pace.afterReplies(() => {
      this.#rearm();
      super._whenWritable(next);
    });
  }

  override _resetSession(): void {
    super._resetSession();
    this.#rearm();
  }

  override _armTimeout(socket: Socket = this._socket): void {
    this.#armed = this.#patience;
    socket.setTimeout(this.#armed, () => this._onTimeout());
  }

  override _onCommand(command: Buffer, callback: () => void = () => {}): void {
    // AUTH has a limit of its own (RFC 4954 section 4).
    const long = command.length > LONGEST_COMMAND && !/^AUTH /i.test(command.toString("latin1", 0, 5));
    if (!long || !this._ready || this._upgrading || this._nextHandler) return super._onCommand(command, callback);
    this.send(500, "Line too long");
    setImmediate(() => this._whenWritable(callback));
  }

  /** Replies to commands that came together leave together. */
  #batch(): void {
    if (this.#batching) return;
    this.#batching = true;
    const socket = this._socket;
    socket.cork();
    process.nextTick(() => {
      this.#batching = false;
      socket.uncork();
    });
  }

  get #patience(): number {
    const { connect, helo, mail, rcpt, data } = this.settings.patience;
    const { envelope } = this.session;
    if (this._dataStream) return data;
    if (envelope?.mailFrom) return envelope.rcptTo.length > 0 ? rcpt : mail;
    return this.hostNameAppearsAs === false ? connect : helo;
  }

  #rearm(): void {
    const patience = this.#patience;
    if (patience === this.#armed) return;
    this.#armed = patience;
    this._socket.setTimeout(patience);
  }
}

function textsOf(data: string | string[] | null | undefined): string[] {
  return Array.isArray(data) ? data : [data ?? ""];
}
