/**
 * The storage thread, seen from the event loop: requests and replies, questions and events as calls.
 *
 * There is one a process. Whoever has the storage open gets its questions and events; between two storages nobody does.
 * What a request says, and in which order requests are handed over, is the business of thread-channel.ts.
 */

import { type Native, native, type StorageReply } from "../native/index.ts";
import { decodePlain, encodePlain } from "../plugin/index.ts";
import type { MailContent } from "./channel.ts";
import type { StorageEvent } from "./event.ts";
import type { StorageAnswer, StorageQuestion } from "./question.ts";

/** Who has the storage open. `situation`: that of the request which the thread works on; 0: of none. */
export interface Owner {
  /** Never rejects. */
  readonly answer: (question: StorageQuestion, situation: number) => Promise<StorageAnswer>;
  readonly event: (event: StorageEvent) => void;
  readonly log: (file: string, level: number, text: string, situation: number) => void;
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
 * What the core answers. Requests are carried out in their order.
 * @param asked `operation` names it, see native/core/storage/host/operations.c
 * @param situation for whom, as the marker knows it
 * @throws VsmtpError WIRE_REFUSED
 */
export function submit(
  asked: Readonly<Record<string, unknown>>,
  mail?: MailContent,
  situation = 0,
): Promise<StorageReply> {
  return (started ?? native()).storageRequest(encodePlain(asked), mail, situation);
}

function start(): Native {
  const core = native();
  core.startStorage(
    (event) => owner?.event(decodePlain(event, CORE) as StorageEvent),
    (number, question, situation) =>
      void answer(core, number, decodePlain(question, CORE) as StorageQuestion, situation),
  );
  core.onStorageLog((file, level, text, situation) => owner?.log(file, level, text, situation));
  return core;
}

async function answer(core: Native, number: bigint, question: StorageQuestion, situation: number): Promise<void> {
  const closed = { kind: "tempfail", text: "The storage was closed" } as const;
  const said = owner === undefined ? closed : await owner.answer(question, situation);
  core.storageAnswer(number, said.kind, said.kind === "allow" ? undefined : said.text);
}
