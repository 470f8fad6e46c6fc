/**
 * smtp-server's connection, with what rules say in place of its own replies.
 *
 * smtp-server parses commands, counts, limits and keeps the order of pipelined commands; it asks its server object
 * whether a sender, a recipient or a mail is welcome, but greets and answers HELO by itself. This subclass asks
 * {@link Session} in all these places. The answer is kept for the moment at which smtp-server sends a reply to that
 * command, and {@link send} puts it there: so the sequence of commands and replies stays smtp-server's.
 */

import type { Socket } from "node:net";
import type { SMTPServer, SMTPServerDataStream } from "smtp-server";
import type { SMTPConnectionOptions } from "smtp-server/lib/smtp-connection.js";
import { type Reply, reply } from "../rules/index.ts";
import { type Answer, PASSED, refusal } from "./answer.ts";
import type { Clients } from "./clients.ts";
import type { Eventually } from "./eventually.ts";
import { heloName } from "./helo.ts";
import { PacedConnection } from "./paced-connection.ts";
import { refusalOfMail, refusalOfRcpt } from "./parameters.ts";
import { Session, type SessionTools } from "./session.ts";
import type { ConnectionSettings } from "./settings.ts";

/** How smtp-server's callbacks are answered: an error refuses. */
type Done = (error?: Error | null) => void;
/** After DATA: in LMTP with one item for each recipient. */
type DataDone = (error?: Error | null, each?: string[]) => void;

/** Makes smtp-server take its refusing branch; the client reads the answer's reply instead. */
const REFUSED = new Error("refused by rules");

export class RuleConnection extends PacedConnection {
  readonly #session: Session;
  readonly #clients: Clients;
  /** What the client is told in place of smtp-server's next replies. */
  #answers: Answer[] = [];
  #leaving = false;

  constructor(
    server: SMTPServer & { readonly clients: Clients },
    socket: Socket,
    options: SMTPConnectionOptions,
    settings: ConnectionSettings,
    tools: SessionTools,
  ) {
    super(server, socket, options, settings);
    this.#clients = server.clients;
    // A client on a socket in the file system is on this machine, and has no address.
    const client = { ip: this.remoteAddress || LOOPBACK, port: this.remotePort };
    const local = { ip: this.localAddress || LOOPBACK, port: this.localPort };
    this.#session = new Session(client, local, settings.name, tools, settings.protocol);
    owners.set(this.session, this);
  }

  /** Like smtp-server's, which waits 100 ms always. */
  override init(): void {
    this._setListeners(() => {
      const { clientCountMax, greetingDelay } = this.settings;
      if (clientCountMax > 0 && this.#clients.everywhere > clientCountMax) {
        this.send(421, `${this.name} Too many connections, try again later`);
      } else if (greetingDelay === 0) {
        this.connectionReady();
      } else {
        setTimeout(() => this.connectionReady(), greetingDelay).unref();
      }
    });
  }

  /** What rules said in place of what smtp-server says. */
  override send(code: number, data?: string | string[] | null, context?: string | false): void {
    const { reply, close } = this.#answers.shift() ?? PASSED;
    if (reply === undefined) {
      super.send(code, data, context);
      return;
    }
    const lines = reply.lines.map((line) => (reply.enhanced === undefined ? line : `${reply.enhanced} ${line}`));
    // smtp-server has several lines only for EHLO: the first one greets, the others say what it can do.
    const capabilities = Array.isArray(data) && reply.code < 300 ? data.slice(1) : [];
    const own = reply.enhanced === undefined && this.settings.protocol === "lmtp" ? context : false;
    super.send(reply.code, [...lines, ...capabilities], own, close);
  }

  onConnect(done: Done): void {
    this.#ask(() => this.#session.connect(), done);
  }

  onMail(address: string, done: Done): void {
    this.#ask(() => this.#session.mail(address), done);
  }

  onRcpt(address: string, done: Done): void {
    this.#ask(() => this.#session.rcpt(address), done);
  }

  /** Collects the mail; beyond the size limit nothing is kept, and smtp-server answers 552 at its end. */
  onData(stream: SMTPServerDataStream, done: DataDone): void {
    let chunks: Buffer[] = [];
    stream.on("data", (chunk: Buffer) => {
      if (stream.sizeExceeded) chunks = [];
      else chunks.push(chunk);
    });
    // The client went away in the middle: what came of the mail goes with this closure.
    stream.on("error", () => {});
    stream.on("end", () => {
      if (stream.sizeExceeded) return done();
      const raw = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
      chunks = [];
      const alive = () => !this.#gone;
      if (this.settings.protocol === "lmtp") this.#askEach(() => this.#session.dataEach(raw, alive), done);
      else this.#ask(() => this.#session.data(raw, alive), done);
    });
  }

  override handler_HELO(command: Buffer, callback: () => void): void {
    this.#helo(command, callback, false, () => super.handler_HELO(command, callback));
  }

  override handler_EHLO(command: Buffer, callback: () => void): void {
    this.#helo(command, callback, true, () => super.handler_EHLO(command, callback));
  }

  override handler_MAIL(command: Buffer, callback: () => void): void {
    const wrong = refusalOfMail(command, this.settings.smtputf8);
    if (wrong) this.#refuse(wrong, callback);
    else super.handler_MAIL(command, callback);
  }

  override handler_RCPT(command: Buffer, callback: () => void): void {
    const { mailFrom, smtpUtf8 = false } = this.session.envelope;
    const wrong = mailFrom ? refusalOfRcpt(command, smtpUtf8) : undefined;
    if (wrong) return this.#refuse(wrong, callback);
    // LMTP has a reply for each RCPT, also for an address that was named before (RFC 2033 section 4.2).
    if (this.settings.protocol === "lmtp") this._rcptIndex.clear();
    super.handler_RCPT(command, callback);
  }

  override handler_VRFY(_command: Buffer, callback: () => void): void {
    this.#refuse(NOT_IMPLEMENTED, callback);
  }

  handler_EXPN(_command: Buffer, callback: () => void): void {
    this.#refuse(NOT_IMPLEMENTED, callback);
  }

  handler_TURN(_command: Buffer, callback: () => void): void {
    this.#refuse(NOT_IMPLEMENTED, callback);
  }

  /** At connect, HELO, RSET and after each mail: there is no transaction any more. */
  override _resetSession(): void {
    super._resetSession();
    this.#session.reset();
    this.#leaveIfIdle();
  }

  /** Ends the session, after the mail that is under way. */
  leave(): void {
    this.#leaving = true;
    if (!this._handlerPending) this.#leaveIfIdle();
  }

  /** Ends the session now. A mail whose end was not answered is the client's to send again. */
  abort(): void {
    this.#leave();
    this._socket.destroySoon();
  }

  /** Not before the reply to the command at hand. */
  #leaveIfIdle(): void {
    if (this.#leaving && !this.#session.busy) setImmediate(() => this.#leave());
  }

  #leave(): void {
    if (!this.#gone) this.send(421, `${this.name} Service is going down, try again later`);
  }

  get #gone(): boolean {
    return this._closed || this._closing;
  }

  #helo(command: Buffer, callback: () => void, extended: boolean, proceed: () => void): void {
    const name = heloName(command.toString());
    if (typeof name !== "string") return this.#refuse(name, callback);
    this.#ask(
      () => this.#session.helo(name, extended),
      (error) => {
        if (!error) return proceed();
        this.send(550);
        callback();
      },
    );
  }

  #refuse(wrong: Reply, callback: () => void): void {
    this.#answers = [refusal(wrong)];
    this.send(wrong.code);
    callback();
  }

  /** A failure of ours is one mail's 451, and never the end of the process and of all other sessions. */
  #ask(question: () => Eventually<Answer>, done: Done): void {
    const failed = (error: unknown) => this.#session.failed(error);
    let answer: Eventually<Answer>;
    try {
      answer = question();
    } catch (error) {
      answer = failed(error);
    }
    if (answer instanceof Promise) void answer.catch(failed).then((later) => this.#tell(later, done));
    else this.#tell(answer, done);
  }

  #askEach(question: () => Promise<Answer[]>, done: DataDone): void {
    void question()
      .catch((error: unknown) => this.#session.failedEach(error))
      .then((answers) => {
        if (this.#gone) return;
        this.#answers = answers;
        done(
          null,
          answers.map(() => ""),
        );
        this.#leaveIfIdle();
      });
  }

  /** Hands an answer to smtp-server: it takes the branch, `send` the reply. */
  #tell(answer: Answer, done: Done): void {
    if (this.#gone) return;
    this.#answers = [answer];
    done(answer.passed ? null : REFUSED);
    this.#leaveIfIdle();
  }
}

const LOOPBACK = "127.0.0.1";
const NOT_IMPLEMENTED = reply(502, "Command not implemented", "5.5.1");

const owners = new WeakMap<object, RuleConnection>();

/** The connection of a session object that smtp-server hands to its server. */
export function connectionOf(session: object): RuleConnection {
  const connection = owners.get(session);
  if (connection === undefined) throw new Error("a session without its connection");
  return connection;
}
