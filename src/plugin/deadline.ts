/**
 * Calls that may wait have a deadline: past it the rule goes on with an error, and whatever runs is given up.
 *
 * The time until a call's turn on an object has come counts too. A call that runs cannot be stopped: its thread is
 * lost, and so are the objects that it uses, because nobody knows what it still does to them.
 */

import type { Site } from "./guard-site.ts";
import type { Handle } from "./handle.ts";
import { runningPlugin } from "./running.ts";

/** Milliseconds that one call may take, by the names of plugin and function (`query`, `db.query`). */
export type DeadlineOf = (plugin: string, fn: string) => number;

export interface CallPolicy {
  readonly deadline: DeadlineOf;
  /** A call was given up while it ran. */
  readonly onLost: (plugin: string, fn: string) => void;
}

let policy: CallPolicy = { deadline: () => 30_000, onLost: () => undefined };

/** Of this process, for calls that begin from now on. Until then: 30 seconds, and nobody is told of losses. */
export function setCallPolicy(next: CallPolicy): void {
  policy = next;
}

/** Timers cannot wait longer. */
const LONGEST = 2 ** 31 - 1;

/** Work that has begun, as {@link PendingCall} of the addon. */
export interface Begun<T> {
  readonly result: Promise<T>;
  abandon(): "waiting" | "running" | "over";
}

/** When work on some objects may run: see handle-turns.ts. */
export type Schedule = <T>(handles: readonly Handle[], work: () => Promise<T>) => Promise<T>;

export interface Attempt<T> {
  readonly site: Site;
  /** The objects that it uses. */
  readonly handles: readonly Handle[];
  readonly schedule: Schedule;
  /** Called when its turn has come, unless the deadline or the loss of an object comes first. */
  readonly begin: () => Begun<T>;
  /** It was given up while it ran. */
  readonly lost?: () => void;
}

/** The result of an attempt, or what is said against it: PLUGIN_DEADLINE when it takes too long. */
export function inTime<T>({ site, handles, schedule, begin, lost }: Attempt<T>): Promise<T> {
  const milliseconds = policy.deadline(site.plugin, site.name);
  return new Promise((resolve, reject) => {
    let begun: Begun<T> | undefined;
    let late = false;
    let leave = (): void => undefined;
    const left = new Promise<undefined>((end) => {
      leave = () => end(undefined);
    });

    const expire = (): void => {
      const was = begun?.abandon() ?? "waiting";
      if (was === "over") return;
      late = true;
      runningPlugin(site.plugin).function(site.name).errors++;
      if (was === "running") {
        lose(site, handles);
        lost?.();
      }
      const what = was === "running" ? "did not come back" : "did not get its turn";
      reject(site.error("PLUGIN_DEADLINE", { what, milliseconds }));
      leave();
    };
    const timer = setTimeout(expire, Math.min(milliseconds, LONGEST));
    const work = async (): Promise<T | undefined> => {
      if (late) return undefined;
      const gone = handles.find((handle) => handle.lost);
      if (gone) throw site.error("PLUGIN_OBJECT_LOST", { type: gone.kind.type.name });
      begun = begin();
      return Promise.race([begun.result, left]);
    };
    schedule(handles, work)
      .finally(() => clearTimeout(timer))
      // when it was late, it is rejected by now
      .then((value) => resolve(value as T), reject);
  });
}

function lose({ plugin, name }: Site, handles: readonly Handle[]): void {
  for (const handle of handles) handle.lose();
  runningPlugin(plugin).function(name).lost++;
  policy.onLost(plugin, name);
}
