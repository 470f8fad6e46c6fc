/**
 * Names the plugin function that holds the event loop of a process while it still holds it: nobody in that process can
 * say so then. The supervisor looks at the markers of all processes now and then; a quick function that is in flight
 * for longer than the limit is told, and one that is for longer than its deadline costs the process.
 */

import { type AreaLog, CELL, type MarkedThread, MarkerView, type PluginCall } from "../../observe/index.ts";
import type { Role } from "../messages.ts";
import { nameOfRole } from "../names.ts";
import { situationText } from "./crash-words.ts";

/** Of a process: what this has to know of it. */
export interface Watched {
  readonly role: Role;
  readonly pid: number;
  readonly marker: ArrayBuffer;
}

export interface StallsOptions<T extends Watched> {
  /** Milliseconds that a function may hold the event loop. */
  readonly limit: number;
  /** Milliseconds after which it is given up. */
  readonly deadlineOf: (plugin: string, fn: string) => number;
  readonly log: AreaLog;
  /** The process has to be ended: the function of that thread does not come back. Called once a process. */
  readonly onHung: (process: T, call: PluginCall & Pick<MarkedThread, "tid">) => void;
}

/** The call that the JavaScript thread of a process was seen in. */
interface Sight {
  /** Number and clock of the call: with another clock, the same function is called anew. */
  readonly function: number;
  readonly began: number;
  /** Milliseconds for which it was seen. */
  held: number;
  told: MarkedThread | undefined;
  hung: boolean;
}

/** Milliseconds between two looks, at most and at least. */
const SLOWEST = 100;
const FASTEST = 10;

export class Stalls<T extends Watched> {
  readonly #options: StallsOptions<T>;
  readonly #every: number;
  readonly #sights = new Map<T, Sight | undefined>();
  readonly #counts = new Map<string, number>();
  readonly #timer: NodeJS.Timeout;
  #looked = performance.now();

  constructor(options: StallsOptions<T>) {
    this.#options = options;
    this.#every = Math.min(SLOWEST, Math.max(FASTEST, options.limit / 4));
    this.#timer = setInterval(() => this.#look(), this.#every).unref();
  }

  /** How often the limit was passed, by plugin. */
  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }

  watch(process: T): void {
    this.#sights.set(process, undefined);
  }

  forget(process: T): void {
    this.#sights.delete(process);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#sights.clear();
  }

  #look(): void {
    const now = performance.now();
    // Time that this process slept through says nothing of the others.
    const passed = Math.min(now - this.#looked, 2 * this.#every);
    this.#looked = now;
    for (const [process, before] of this.#sights) this.#sights.set(process, this.#lookAt(process, before, passed));
  }

  #lookAt(process: T, before: Sight | undefined, passed: number): Sight | undefined {
    const cells = new Int32Array(process.marker);
    const id = cells[CELL.function] ?? 0;
    const began = cells[CELL.last + id] ?? 0;
    if (before && (id !== before.function || began !== before.began)) this.#over(process, before);
    if (id === 0) return undefined;
    if (id !== before?.function || began !== before.began) {
      return { function: id, began, held: 0, told: undefined, hung: false };
    }
    before.held += passed;
    this.#judge(process, before);
    return before;
  }

  #judge(process: T, sight: Sight): void {
    const { limit, deadlineOf, onHung } = this.#options;
    if (sight.hung || sight.held < limit) return;
    const thread = new MarkerView(process.marker).threads().find(({ slot }) => slot === 0);
    const call = thread?.call;
    if (thread === undefined || call === undefined) return;
    if (sight.told === undefined) {
      sight.told = thread;
      this.#counts.set(call.plugin, (this.#counts.get(call.plugin) ?? 0) + 1);
      this.#tell(process, sight, thread);
    }
    if (sight.held < deadlineOf(call.plugin, call.function)) return;
    sight.hung = true;
    onHung(process, { ...call, tid: thread.tid });
  }

  #tell({ role, pid }: T, { held }: Sight, { call, situation = {} }: MarkedThread): void {
    const worker = nameOfRole(role);
    const { mail, stage, directive, user } = situation;
    const whose = situationText(situation);
    this.#options.log.warn(
      { worker, pid, ...call, mail, stage, directive, user, milliseconds: Math.round(held) },
      `the function ${call?.function} of the plugin ${call?.plugin} holds the event loop of ${worker} for ${secondsText(held)} ` +
        `now${whose === "" ? "" : `, ${whose}`}; nothing else gets done there: it is too slow to be a quick function`,
    );
  }

  #over({ role, pid }: T, { told, held, hung }: Sight): void {
    if (told === undefined || hung) return;
    const worker = nameOfRole(role);
    const { mail, directive } = told.situation ?? {};
    this.#options.log.info(
      { worker, pid, ...told.call, mail, directive, milliseconds: Math.round(held) },
      `the function ${told.call?.function} of the plugin ${told.call?.plugin} has given the event loop of ${worker} back, ` +
        `after ${secondsText(held)}`,
    );
  }
}

function secondsText(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
