/**
 * The storage thread, seen from the event loop: requests and replies as plain data, questions and events as calls.
 *
 * There is one a process. Whoever has the storage open gets its questions and events; between two storages nobody does.
 */

import { type Native, native } from "../native/index.ts";
import { decodePlain, encodePlain } from "../plugin/index.ts";
import type { StorageEvent } from "./event.ts";
import { type Deed, type Failure, failed } from "./failure.ts";
import type { Ask, StorageQuestion } from "./question.ts";

/** Who has the storage open. */
export interface Owner {
  /** Never rejects. */
  readonly answer: Ask;
  readonly event: (event: StorageEvent) => void;
  readonly log: (file: string, level: number, text: string) => void;
}

const CORE = "the storage core";
let started: Native | undefined;
let owner: Owner | undefined;

/** Takes the storage. False: somebody has it. @throws VsmtpError NATIVE_NOT_LOADED */
export function own(next: Owner): boolean {
  if (owner !== undefined) return false;
  started ??= start();
  owner = next;
  return true;
}

export function disown(): void {
  owner = undefined;
}

/**
 * What the core answers; undefined: it has nothing to say. Requests are carried out in their order.
 * @param asked `operation` names it, see native/core/storage/host/operations.c
 * @param deed what was to be done, if not the operation by its name, whose mails, where: for the error
 * @throws VsmtpError STORAGE_OPERATION
 */
export async function request(
  asked: Readonly<Record<string, unknown>> & { readonly operation: string },
  deed: Partial<Deed> = {},
  mail?: readonly Uint8Array[] | number,
): Promise<unknown> {
  const { done, bytes } = await (started ?? native()).storageRequest(encodePlain(asked), mail);
  const value = bytes.length === 0 ? undefined : decodePlain(bytes, CORE);
  if (done) return value;
  throw failed({ operation: asked.operation, ...deed }, value as Failure);
}

function start(): Native {
  const core = native();
  core.startStorage(
    (event) => owner?.event(decodePlain(event, CORE) as StorageEvent),
    (number, question) => void answer(core, number, decodePlain(question, CORE) as StorageQuestion),
  );
  core.onStorageLog((file, level, text) => owner?.log(file, level, text));
  return core;
}

async function answer(core: Native, number: bigint, question: StorageQuestion): Promise<void> {
  const closed = { kind: "tempfail", text: "The storage was closed" } as const;
  const said = owner === undefined ? closed : await owner.answer(question);
  core.storageAnswer(number, said.kind, said.kind === "allow" ? undefined : said.text);
}
