/**
 * One call at a time for each object: a plugin that does not lock for itself (VSMTP_THREADSAFE) never sees two calls
 * on one object at the same time, although blocking calls run on many threads.
 *
 * A call that uses several objects gets its place in all their queues in one step, so calls cannot wait for each
 * other in a circle.
 */

import type { NativeFunction, Value } from "../vsl/index.ts";
import { inTime } from "./deadline.ts";
import type { Site } from "./guard-site.ts";
import { type Handle, PluginObject } from "./handle.ts";

/** Runs `work` when its turn has come on all `handles`, at once when nobody uses them. They live until it settles. */
export function inTurn<T>(handles: readonly Handle[], work: () => Promise<T>): Promise<T> {
  const before = handles.flatMap(({ busy }) => busy ?? []);
  const running = before.length === 0 ? work() : Promise.all(before).then(work);
  const ended = running.then(ignore, ignore);
  for (const handle of handles) {
    handle.use();
    handle.busy = ended;
  }
  return running.finally(() => {
    for (const handle of handles) {
      if (handle.busy === ended) handle.busy = undefined;
      handle.release();
    }
  });
}

/** Keeps `handles` alive until `work` settles, beside whatever else uses them. */
export function together<T>(handles: readonly Handle[], work: () => Promise<T>): Promise<T> {
  for (const handle of handles) handle.use();
  return work().finally(() => {
    for (const handle of handles) handle.release();
  });
}

/**
 * A function that runs on the event loop and takes objects: while a thread uses one of them, it waits its turn and
 * answers with a promise.
 */
export function whenFree(call: NativeFunction["call"], site: Site): NativeFunction["call"] {
  return (run, ...args) => {
    if (!args.some(isBusy)) return call(run, ...args);
    const used = args.flatMap((value) => (value instanceof PluginObject ? value.handle : []));
    const begin = () => ({ result: (async () => call(run, ...args))(), abandon: () => "over" as const });
    return inTime({ site, handles: [...new Set(used)], schedule: inTurn, begin });
  };
}

function isBusy(value: Value): boolean {
  return value instanceof PluginObject && value.handle.busy !== undefined;
}

function ignore(): void {}
