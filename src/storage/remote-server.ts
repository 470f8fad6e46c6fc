/** The storage of this process for others: what they ask for is done on the storage thread, in the order in which it comes. */

import type { VsmtpError } from "../errors.ts";
import { RequestServer, type RequestServerOptions } from "./request-server.ts";
import { ThreadChannel, type ThreadOptions } from "./thread-channel.ts";

export interface ServeOptions extends Omit<ThreadOptions, "ask"> {
  /** A socket that listens. */
  readonly descriptor: number;
  /** Is told of clients that say what cannot be understood. */
  readonly clients: RequestServerOptions["log"];
}

/** What clients may ask for; the rest is the process's own business. */
const OPERATIONS: ReadonlySet<string> = new Set([
  ..."open close hooks deliver save list create delete rename subscribe status search".split(" "),
  ..."fetch fetch-next fetch-end flags expunge copy".split(" "),
]);

/**
 * Opens the storage of this process; clients are served from {@link StorageServer.serve} on.
 * @throws VsmtpError NATIVE_NOT_LOADED or STORAGE_OPEN
 */
export function serveStorage(options: ServeOptions): StorageServer {
  return new StorageServer(options);
}

export class StorageServer {
  readonly #channel: ThreadChannel;
  readonly #server: RequestServer;
  #events = false;
  #questions = false;

  constructor({ descriptor, clients, ...options }: ServeOptions) {
    this.#server = new RequestServer({
      descriptor,
      operations: OPERATIONS,
      carryOut: (request, ask) => this.#channel.request(request, ask),
      changed: () => this.#changed(),
      log: clients,
    });
    this.#channel = new ThreadChannel({
      ...options,
      ask: (question) => this.#server.ask(question),
      event: (event) => this.#server.tell(event),
    });
    this.#channel.wantQuestions(false);
  }

  /** Resolves when the plugins have begun; with why every operation fails, if it does. */
  ready(): Promise<VsmtpError | undefined> {
    return this.#channel.ready();
  }

  serve(): void {
    this.#server.serve();
  }

  /** From now on every operation fails for this reason. */
  refuse(reason: VsmtpError): void {
    this.#channel.refuse(reason);
  }

  /** Operations of clients, and how many of them failed. */
  figures(): ReturnType<RequestServer["figures"]> {
    return this.#server.figures();
  }

  /** As RequestServer.close, and ends the plugins. Never rejects. */
  async close(grace: number): Promise<void> {
    await this.#server.close(grace);
    await this.#channel.close();
  }

  /** Once rules want to be asked they are, whoever comes and goes; events are told while somebody listens. */
  #changed(): void {
    const clients = [...this.#server.clients];
    const events = clients.some(({ wantsEvents }) => wantsEvents);
    if (events !== this.#events) this.#channel.wantEvents(events);
    this.#events = events;
    if (this.#questions || !clients.some(({ asks }) => asks)) return;
    this.#questions = true;
    this.#channel.wantQuestions(true);
  }
}
