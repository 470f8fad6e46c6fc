/**
 * One loop for functions that may wait and functions that do not: calls back one time after another, and becomes a
 * promise only from the first call on that does.
 */

import type { Value } from "../value.ts";

/** Ends the loop. */
export const STOP = true;

type Call = (index: number) => Value | Promise<Value>;
/** What is done with a result; STOP: no further calls. */
type Take = (index: number, result: Value) => typeof STOP | undefined;

export function inTurn(count: number, call: Call, take: Take, finish: () => Value): Value | Promise<Value> {
  for (let i = 0; i < count; i++) {
    const result = call(i);
    if (result instanceof Promise) return waiting(i, result, count, call, take, finish);
    if (take(i, result) === STOP) break;
  }
  return finish();
}

async function waiting(
  from: number,
  first: Promise<Value>,
  count: number,
  call: Call,
  take: Take,
  finish: () => Value,
): Promise<Value> {
  if (take(from, await first) === STOP) return finish();
  for (let i = from + 1; i < count; i++) if (take(i, await call(i)) === STOP) break;
  return finish();
}

/** Work that asks for the results of calls as it goes; `yield` hands out what a call gave and gets back its value. */
export type Steps = Generator<Value | Promise<Value>, Value, Value>;

/** Runs such work to its end. */
export function drive(steps: Steps): Value | Promise<Value> {
  let step = steps.next();
  while (!step.done) {
    if (step.value instanceof Promise) return driveWaiting(steps, step.value);
    step = steps.next(step.value);
  }
  return step.value;
}

async function driveWaiting(steps: Steps, first: Promise<Value>): Promise<Value> {
  let step = steps.next(await first);
  while (!step.done) step = steps.next(await step.value);
  return step.value;
}
