/**
 * One loop for functions that may wait and functions that do not: calls back one time after another, and becomes a
 * promise only from the first call on that does.
 */

import type { Value } from "../value.ts";

export function inTurn(
  count: number,
  call: (index: number) => Value | Promise<Value>,
  take: (index: number, result: Value) => void,
  finish: () => Value,
): Value | Promise<Value> {
  for (let i = 0; i < count; i++) {
    const result = call(i);
    if (result instanceof Promise) return waiting(i, result, count, call, take, finish);
    take(i, result);
  }
  return finish();
}

async function waiting(
  from: number,
  first: Promise<Value>,
  count: number,
  call: (index: number) => Value | Promise<Value>,
  take: (index: number, result: Value) => void,
  finish: () => Value,
): Promise<Value> {
  take(from, await first);
  for (let i = from + 1; i < count; i++) take(i, await call(i));
  return finish();
}
