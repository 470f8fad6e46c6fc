/**
 * The channel to a storage process. It connects when there is something to ask, and again after the process was
 * replaced; what was under way when a connection broke fails for now, and is the caller's to try again.
 */

import {
  type Channel,
  type ChannelListener,
  type ChannelReply,
  type ChannelRequest,
  decodeReply,
  encodeReply,
} from "./channel.ts";
import { unavailable } from "./failure.ts";
import type { Ask } from "./question.ts";
import { RemoteConnection } from "./remote-connection.ts";

export interface RemoteOptions {
  /** The socket. */
  readonly path: string;
  /** Who answers questions of the process; undefined: what this client asks for is done without any. */
  readonly ask?: Ask | undefined;
  /**
   * Milliseconds that the process may take to greet (it may be about to be replaced), and that it may be silent while
   * more is asked for than it can have at a time; default 5 000.
   */
  readonly patience?: number | undefined;
}

const PATIENCE = 5_000;
/** Milliseconds between two tries to be told of events again. */
const PAUSE = 500;
/** More than one connection has sessions. */
const SESSIONS = 2 ** 32;

export class RemoteChannel implements Channel {
  readonly #options: RemoteOptions & ChannelListener;
  #connection: RemoteConnection | undefined;
  /** Of the connection: a process that was replaced gives its sessions the numbers of the one before. */
  #number = 0;
  #events = false;
  #again: NodeJS.Timeout | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: RemoteOptions & Partial<ChannelListener>) {
    this.#options = { event: () => {}, ...options };
  }

  async request(request: ChannelRequest): Promise<ChannelReply> {
    if (this.#closing) throw unavailable("the storage was closed", "Start the program again");
    const { asked } = request;
    if (asked.session !== undefined) return this.#inSession(request, asked.session);
    const connection = this.#connected();
    const number = this.#number;
    const reply = await connection.request(request);
    if (asked.operation !== "open" || !reply.done) return reply;
    return encodeReply(true, number * SESSIONS + (decodeReply(reply.bytes) as number));
  }

  #inSession(request: ChannelRequest, session: number): Promise<ChannelReply> {
    if (this.#connection === undefined || Math.floor(session / SESSIONS) !== this.#number) {
      throw unavailable("the session has ended with its storage process", "Open another one");
    }
    return this.#connection.request({ ...request, asked: { ...request.asked, session: session % SESSIONS } });
  }

  wantEvents(wanted: boolean): void {
    this.#events = wanted;
    if (this.#closing === undefined && (wanted || this.#connection)) this.#connected().wantEvents(wanted);
  }

  close(): Promise<void> {
    clearTimeout(this.#again);
    this.#closing ??= this.#connection?.close() ?? Promise.resolve();
    return this.#closing;
  }

  #connected(): RemoteConnection {
    this.#connection ??= this.#connect();
    return this.#connection;
  }

  #connect(): RemoteConnection {
    const { path, ask, patience = PATIENCE, event } = this.#options;
    this.#number++;
    const connection = new RemoteConnection({ path, ask, patience, event, ended: () => this.#ended() });
    if (this.#events) connection.wantEvents(true);
    return connection;
  }

  /** Nothing has to be asked for events to come: whoever wants them is connected. */
  #ended(): void {
    this.#connection = undefined;
    if (!this.#events || this.#closing) return;
    this.#again = setTimeout(() => this.#connected(), PAUSE);
  }
}
