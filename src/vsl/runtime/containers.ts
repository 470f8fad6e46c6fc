/**
 * Value semantics of arrays, maps and blobs without copying until somebody writes.
 *
 * A container that gets a second holder is marked as shared, for good. Whoever changes a container that is shared takes
 * a copy first and writes that back to where it came from; its elements become shared by the same act. One holder too
 * many costs one copy; a missing mark would let one variable change another, so every copy in compiled code goes
 * through {@link share}.
 */

import { Blob, Container, type Value, VslArray, VslMap } from "../value.ts";

export function isContainer(value: Value): value is VslArray | VslMap | Blob {
  return value instanceof Container;
}

/** The same value for one more holder. */
export function share<T extends Value>(value: T): T {
  if (isContainer(value)) value.shared = true;
  return value;
}

/** The value, or a copy of it when others hold it too; to be written back. */
export function owned(value: Value): Value {
  return isContainer(value) && value.shared ? copyOf(value) : value;
}

function copyOf(container: VslArray | VslMap | Blob): Value {
  if (container instanceof VslArray) return new VslArray(container.items.map(share));
  if (container instanceof Blob) return new Blob(container.bytes.slice());
  const entries = new Map<string, Value>();
  for (const [key, value] of container.entries) entries.set(key, share(value));
  return new VslMap(entries);
}
