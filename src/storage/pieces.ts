/** A mail in pieces that fit into frames, from memory or from an open file. */

import { fstatSync, read } from "node:fs";
import { promisify } from "node:util";
import type { MailContent } from "./channel.ts";
import { FRAMES } from "./frames.ts";

const readSome = promisify(read);

/** Bytes, at most: a file may have been read in part. */
export function sizeOf(mail: MailContent | undefined): number {
  if (mail === undefined) return 0;
  return typeof mail === "number" ? fstatSync(mail).size : mail.reduce((sum, part) => sum + part.length, 0);
}

/** Not copied, none of them empty. */
export function piecesOf(mail: MailContent): Iterable<Uint8Array> | AsyncIterable<Uint8Array> {
  return typeof mail === "number" ? fromFile(mail) : fromMemory(mail);
}

function* fromMemory(parts: readonly Uint8Array[]): Generator<Uint8Array> {
  for (const part of parts) {
    for (let at = 0; at < part.length; at += FRAMES.piece.most) yield part.subarray(at, at + FRAMES.piece.most);
  }
}

async function* fromFile(descriptor: number): AsyncGenerator<Uint8Array> {
  for (;;) {
    const { bytesRead, buffer } = await readSome(
      descriptor,
      Buffer.allocUnsafe(FRAMES.piece.most),
      0,
      FRAMES.piece.most,
      null,
    );
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}
