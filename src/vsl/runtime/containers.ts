/**
 * Value semantics of arrays, maps and blobs without copying until somebody writes.
 *
 * A container that gets a second holder is marked as shared, for good. Whoever changes a container that is shared takes
 * a copy first and writes that back to where it came from; its elements become shared by the same act. One holder too
 * many costs one copy; a missing mark would let one variable change another, so every copy in compiled code goes
 * through {@link share}.
 */

import type { Run } from "../run.ts";
import { Blob, Container, type Value, VslArray, VslMap } from "../value.ts";

export function isContainer(value: Value): value is VslArray | VslMap | Blob {
  return value instanceof Container;
}

/** The same value for one more holder. */
export function share<T extends Value>(value: T): T {
  if (typeof value === "object" && isContainer(value)) value.shared = true;
  return value;
}

/** The value, or a copy of it when others hold it too; to be written back. */
export function owned(run: Run, value: Value): Value {
  return typeof value === "object" && isContainer(value) && value.shared ? copyOf(run, value) : value;
}

/** A copy that nobody else holds. */
export function copyOf<T extends VslArray | VslMap | Blob>(run: Run, container: T): T;
export function copyOf(run: Run, container: VslArray | VslMap | Blob): VslArray | VslMap | Blob {
  if (container instanceof VslArray) return new VslArray(sharedItems(run, container.items));
  if (container instanceof VslMap) return new VslMap(sharedEntries(run, container));
  run.makesBlob(container.bytes.length);
  return new Blob(container.bytes.slice());
}

/** Elements for one more array. */
export function sharedItems(run: Run, items: readonly Value[]): Value[] {
  run.makesArray(items.length);
  const copy = items.slice();
  for (let i = 0; i < copy.length; i++) share(copy[i]);
  return copy;
}

/** Entries for one more map. */
export function sharedEntries(run: Run, map: VslMap): Map<string, Value> {
  run.makesMap(map.size);
  const copy = new Map(map.entries);
  for (const item of copy.values()) share(item);
  return copy;
}
