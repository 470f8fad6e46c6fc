/**
 * The TypeScript face of the native storage core: mailboxes, and the plugins that take part in them, as plain data.
 *
 * No C pointer and no object of the core crosses this face. The storage is the thread of this process, or other
 * processes over which users are spread by name; the core does its work on one thread in each: nothing here waits for a
 * disk on the event loop.
 */

import { type Channel, type ChannelListener, perform } from "./channel.ts";
import type { StorageListener } from "./event.ts";
import type { Delivered, Delivery } from "./mail.ts";
import { RemoteChannel, type RemoteOptions } from "./remote-channel.ts";
import { MailSession } from "./session.ts";
import { ThreadChannel, type ThreadOptions } from "./thread-channel.ts";
import type { MailUser } from "./user.ts";

/**
 * Opens the storage of this process; only one is open at a time. What goes wrong with its plugins is told by the
 * operations.
 * @throws VsmtpError NATIVE_NOT_LOADED or STORAGE_OPEN
 */
export function openStorage(options: ThreadOptions): Storage {
  return new Storage((listener) => [new ThreadChannel({ ...options, ...listener })]);
}

export interface ConnectOptions extends Pick<RemoteOptions, "ask" | "patience"> {
  /** Paths of the sockets of all storage processes, in an order that is the same for everybody. At least one. */
  readonly sockets: readonly string[];
}

/**
 * The storage of other processes. They need not be there yet, and may go and come back: what is asked of one that is
 * not there fails for now.
 */
export function connectStorage({ sockets, ...options }: ConnectOptions): Storage {
  return new Storage((listener) => sockets.map((path) => new RemoteChannel({ path, ...options, ...listener })));
}

export class Storage {
  readonly #channels: readonly Channel[];
  readonly #listeners = new Set<StorageListener>();
  #closing: Promise<unknown> | undefined;

  /** See openStorage and connectStorage. */
  constructor(open: (listener: ChannelListener) => readonly Channel[]) {
    this.#channels = open({
      event: (event) => {
        for (const listener of this.#listeners) listener(event);
      },
    });
  }

  /**
   * Delivers a mail for a user that is made for it. Resolves once it is on stable storage.
   * @throws VsmtpError STORAGE_OPERATION or STORAGE_UNAVAILABLE. The mail is then not in the mailbox, or will be recognised
   * when the delivery is tried `again`.
   */
  async deliver(
    user: MailUser,
    { parts, mailbox = "INBOX", mail, fingerprint, ...rest }: Delivery,
  ): Promise<Delivered> {
    const { name, again, sender, flags } = rest;
    const asked = { operation: "deliver", user, mailbox, name, again, sender, flags };
    const situation = { mail, fingerprint, entry: name, user: user.name };
    const deed = { user: user.name, mailbox };
    const channel = this.#channelOf(user);
    const { uid, file, ...more } = (await perform(channel, { asked, mail: parts, situation }, deed)) as Delivered;
    return { ...more, uid: uid ?? undefined, file: file ?? undefined };
  }

  /**
   * Makes a user for a series of operations; close it.
   * @throws VsmtpError STORAGE_OPERATION or STORAGE_UNAVAILABLE
   */
  async open(user: MailUser): Promise<MailSession> {
    const channel = this.#channelOf(user);
    const request = { asked: { operation: "open", user }, situation: { user: user.name } };
    return new MailSession(channel, (await perform(channel, request, { user: user.name })) as number, user);
  }

  /** From now on the listener is told what happens in mailboxes of this storage; returns how to stop. */
  subscribe(listener: StorageListener): () => void {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) this.#wantEvents(true);
    return () => {
      if (this.#listeners.delete(listener) && this.#listeners.size === 0) this.#wantEvents(false);
    };
  }

  /**
   * Lets what is under way end, then ends all sessions, and the plugins if they are of this process. Later operations
   * fail. Never rejects.
   */
  async close(): Promise<void> {
    this.#closing ??= Promise.all(this.#channels.map((channel) => channel.close()));
    await this.#closing;
  }

  /** The same for the same name in every process. */
  #channelOf({ name }: MailUser): Channel {
    const place = this.#channels.length === 1 ? 0 : spread(name) % this.#channels.length;
    return this.#channels[place] as Channel;
  }

  #wantEvents(wanted: boolean): void {
    for (const channel of this.#channels) channel.wantEvents(wanted);
  }
}

/** A number for a text (FNV-1a, 32 bits). */
function spread(text: string): number {
  let sum = 0x811c9dc5;
  for (const byte of Buffer.from(text)) sum = Math.imul(sum ^ byte, 0x01000193) >>> 0;
  return sum;
}
