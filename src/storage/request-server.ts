/**
 * A process that does something for others of this host: accepts connections on a socket, and has what they ask for
 * carried out. What that is, it is told; see frames.ts for how it is said.
 */

import { createServer, type Server, type Socket } from "node:net";
import type { AreaLog } from "../observe/index.ts";
import type { ChannelReply, ChannelRequest } from "./channel.ts";
import type { StorageEvent } from "./event.ts";
import type { Ask, StorageAnswer, StorageQuestion } from "./question.ts";
import { RemoteClient } from "./remote-client.ts";

export interface RequestServerOptions {
  /** A socket that listens. */
  readonly descriptor: number;
  /** What clients may ask for. */
  readonly operations: ReadonlySet<string>;
  /** Rejects when nothing can be done, which the client is told. `ask`: the client's rules, while this is carried out. */
  readonly carryOut: (request: ChannelRequest, ask: Ask) => Promise<ChannelReply>;
  /** Clients have come or gone, or want something else than before. */
  readonly changed?: (() => void) | undefined;
  /** Is told of clients that say what cannot be understood. */
  readonly log: Pick<AreaLog, "error">;
}

/** Milliseconds for the answers to what clients have asked for, when they do not go by themselves. */
const FINISH = 10_000;

export class RequestServer {
  readonly #options: RequestServerOptions;
  readonly #clients = new Set<RemoteClient>();
  readonly #server: Server;
  #closing: Promise<void> | undefined;
  /** Ends the waiting for clients. */
  #hurry: (() => void) | undefined;
  #operations = 0;
  #failures = 0;

  constructor(options: RequestServerOptions) {
    this.#options = options;
    this.#server = createServer((socket) => this.#accept(socket));
  }

  serve(): void {
    this.#server.listen({ fd: this.#options.descriptor });
  }

  get clients(): Iterable<RemoteClient> {
    return this.#clients;
  }

  /** What was carried out, and how much of it failed. */
  figures(): { readonly operations: number; readonly failures: number } {
    return { operations: this.#operations, failures: this.#failures };
  }

  tell(event: StorageEvent): void {
    for (const client of this.#clients) client.tell(event);
  }

  /** For a question of nobody who is there: one of those who have rules. */
  async ask(question: StorageQuestion): Promise<StorageAnswer> {
    for (const client of this.#clients) if (client.asks) return client.ask(question);
    return { kind: "tempfail", text: "There is nobody to ask the rules" };
  }

  /**
   * Takes no new clients and waits for those that are there to go, up to `grace` milliseconds; the others are answered
   * what they have asked for by then. Called again with less: hurries. Never rejects.
   */
  close(grace: number): Promise<void> {
    if (this.#closing !== undefined) setTimeout(() => this.#hurry?.(), grace).unref();
    this.#closing ??= this.#close(grace);
    return this.#closing;
  }

  async #close(grace: number): Promise<void> {
    this.#server.close();
    await this.#allLeft(grace);
    for (const client of this.#clients) client.finish();
    await this.#allLeft(FINISH);
    for (const client of this.#clients) client.end();
  }

  #accept(socket: Socket): void {
    const client: RemoteClient = new RemoteClient(socket, {
      operations: this.#options.operations,
      carryOut: this.#options.carryOut,
      carriedOut: (done) => {
        this.#operations += 1;
        if (!done) this.#failures += 1;
      },
      changed: () => this.#options.changed?.(),
      askAny: (question) => this.ask(question),
      left: (damage) => {
        this.#clients.delete(client);
        if (damage !== undefined) this.#options.log.error({}, `a process of the host was cut off here: ${damage}`);
        this.#options.changed?.();
        if (this.#clients.size === 0) this.#hurry?.();
      },
    });
    this.#clients.add(client);
  }

  /** Or the time is over, or somebody has to hurry. */
  #allLeft(grace: number): Promise<void> {
    if (this.#clients.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, grace);
      this.#hurry = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
