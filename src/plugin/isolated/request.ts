/**
 * Makes a call of what came over a connection. What the function's signature says is not taken from the message, and
 * what the message says must fit it: no offset leads out of the arguments, and every string ends in them.
 */

import type { CallRequest } from "../../native/index.ts";
import type { CallMessage } from "./messages.ts";
import type { HeldObject } from "./objects.ts";
import type { ServedFunction } from "./server.ts";

/** The size of `struct vsmtp_value`: two addresses. */
const VALUE_BYTES = 16;

/**
 * Undefined: it does not fit.
 *
 * @param objects those of the function's parameters, in their order
 */
export function requestOf(
  { address, shape }: ServedFunction,
  message: CallMessage,
  objects: readonly HeldObject[],
): CallRequest | undefined {
  const { ints, doubles, facts, data } = message;
  const block = Buffer.from(message.block.buffer, message.block.byteOffset, message.block.byteLength);
  if (!shape.strings.every((slot) => isString(block, ints[slot] as bigint))) return undefined;
  if (!shape.values.every((slot) => isValue(block, ints[slot] as bigint))) return undefined;
  if ((facts === undefined) !== (shape.transactionSlot === -1)) return undefined;
  if (facts && !(facts.begin <= facts.end && facts.end <= block.length)) return undefined;
  shape.objects.forEach(({ slot }, index) => {
    ints[slot] = BigInt.asIntN(64, (objects[index] as HeldObject).object.pointer);
  });
  return {
    fn: address,
    result: shape.result,
    ints,
    addressSlots: [...shape.strings, ...shape.values].reduce((mask, slot) => mask | (1 << slot), 0),
    outSlot: shape.outSlot,
    doubles,
    block,
    relocations: Uint32Array.from(shape.values.flatMap((slot) => [Number(ints[slot]), Number(ints[slot]) + 8])),
    transaction: facts && { slot: shape.transactionSlot, ...facts, data },
  };
}

/** Whether a text ended by NUL begins there. */
function isString(block: Buffer, offset: bigint): boolean {
  return offset >= 0n && offset < block.length && block.includes(0, Number(offset));
}

/** Whether a `struct vsmtp_value` lies there whose addresses enclose a part of the block. */
function isValue(block: Buffer, offset: bigint): boolean {
  if (offset < 0n || offset % 8n !== 0n || offset + BigInt(VALUE_BYTES) > block.length) return false;
  const begin = block.readBigUInt64LE(Number(offset));
  const end = block.readBigUInt64LE(Number(offset) + 8);
  return begin <= end && end <= block.length;
}
