/**
 * Where requests to the storage core are carried out: on the storage thread of this process, or in another process.
 * Storage and MailSession stand above a channel, and neither knows which one it is.
 */

import type { SituationFacts } from "../observe/index.ts";
import { decodePlain, encodePlain } from "../plugin/index.ts";
import type { StorageListener } from "./event.ts";
import { type Deed, type Failure, failed } from "./failure.ts";
import type { MailUser } from "./user.ts";

/** A request as plain data; native/core/storage/host/operations.c says which operation takes what. */
export interface Asked {
  readonly operation: string;
  readonly user?: MailUser | undefined;
  readonly session?: number | undefined;
  readonly [more: string]: unknown;
}

/** In memory (not copied: unchanged until it is answered), or an open file from its current place to its end. */
export type MailContent = readonly Uint8Array[] | number;

export interface ChannelRequest {
  readonly asked: Asked;
  readonly mail?: MailContent | undefined;
  /** For whom; the operation is noted too. */
  readonly situation?: SituationFacts | undefined;
}

/** As the core wrote it: `done`: an encoded result (empty: none), else an encoded Failure. */
export interface ChannelReply {
  readonly done: boolean;
  readonly bytes: Uint8Array;
}

export interface Channel {
  /** Requests of one channel are carried out in their order. Rejects with VsmtpError STORAGE_UNAVAILABLE. */
  request(request: ChannelRequest): Promise<ChannelReply>;
  /** Whether its listener is told what happens in mailboxes. */
  wantEvents(wanted: boolean): void;
  /** Lets what is under way end. Later requests fail. Never rejects. */
  close(): Promise<void>;
}

/** What a channel tells without being asked. */
export interface ChannelListener {
  readonly event: StorageListener;
}

const CORE = "the storage core";

/** What {@link Channel.request} resolves with for plain data; undefined: nothing. */
export function encodeReply(done: boolean, value?: unknown): ChannelReply {
  return { done, bytes: value === undefined ? new Uint8Array() : encodePlain(value) };
}

export function decodeReply(bytes: Uint8Array): unknown {
  return bytes.length === 0 ? undefined : decodePlain(bytes, CORE);
}

/**
 * What the core answers; undefined: it has nothing to say.
 * @param deed what was to be done, if not the operation by its name, whose mails, where: for the error
 * @throws VsmtpError STORAGE_OPERATION or STORAGE_UNAVAILABLE
 */
export async function perform(channel: Channel, request: ChannelRequest, deed: Partial<Deed> = {}): Promise<unknown> {
  const { done, bytes } = await channel.request(request);
  const value = decodeReply(bytes);
  if (done) return value;
  throw failed({ operation: request.asked.operation, ...deed }, value as Failure);
}
