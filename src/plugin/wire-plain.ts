/** Plain JavaScript data ↔ wire form (wire.ts), for what goes to C and comes from there without a script in between. */

import { VsmtpError } from "../errors.ts";
import { fromPlain, toPlain } from "../vsl/index.ts";
import { Block } from "./wire-block.ts";
import { decode } from "./wire-decode.ts";
import { put } from "./wire-encode.ts";

const FIRST_BYTES = 512;

/** Objects become maps, null and undefined `()`, Uint8Array a blob. @throws VsmtpError WIRE_REFUSED */
export function encodePlain(data: unknown): Uint8Array {
  const block = Block.forCopy(FIRST_BYTES);
  block.begin();
  const refusal = put(block, fromPlain(data), 0);
  if (refusal) throw new VsmtpError("WIRE_REFUSED", { path: refusal.path.join(", "), reason: refusal.reason });
  return block.bytes.subarray(block.start, block.at);
}

/** The other way round. @param source who wrote it, for the error */
export function decodePlain(bytes: Uint8Array, source: string): unknown {
  return toPlain(decode(bytes, source));
}
