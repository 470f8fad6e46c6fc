/**
 * What the processes of a host have done, gathered by the supervisor. A process that ends takes its figures along, so
 * they are asked for now and then, and what is known of the ended is kept: totals only ever grow.
 */

import type { FunctionFigures, PluginFigures } from "../../plugin/index.ts";
import type { EndedFigures, ProcessFigures, Role } from "../messages.ts";

/** A process that tells what it did; undefined: not in time. */
export interface Reporter {
  readonly role: Role;
  readonly pid: number;
  report(): Promise<ProcessFigures | undefined>;
}

/** Milliseconds between two looks at all processes. */
const EVERY = 10_000;

export class Figures {
  readonly #known = new Map<Reporter, ProcessFigures>();
  readonly #timer: NodeJS.Timeout;
  #collecting: Promise<readonly ProcessFigures[]> | undefined;
  #ended: EndedFigures = { plugins: [], accepted: 0, operations: 0, failures: 0 };

  constructor(every = EVERY) {
    this.#timer = setInterval(() => void this.collect(), every).unref();
  }

  /** Of processes that have ended. */
  get ended(): EndedFigures {
    return this.#ended;
  }

  watch(process: Reporter): void {
    const { role, pid } = process;
    this.#known.set(process, { role, pid, plugins: [] });
  }

  /** It has ended. */
  forget(process: Reporter): void {
    const last = this.#known.get(process);
    if (!this.#known.delete(process) || last === undefined) return;
    const { plugins, accepted, operations, failures } = this.#ended;
    this.#ended = {
      plugins: sumOf([...plugins, ...last.plugins]).map((one) => ({ ...one, handles: {} })),
      accepted: accepted + (last.smtp?.accepted ?? 0),
      operations: operations + (last.storage?.operations ?? 0),
      failures: failures + (last.storage?.failures ?? 0),
    };
  }

  /** Of all that live; of one that does not answer, what it said before. Whoever asks meanwhile gets the same. */
  collect(): Promise<readonly ProcessFigures[]> {
    this.#collecting ??= this.#collect().finally(() => (this.#collecting = undefined));
    return this.#collecting;
  }

  async #collect(): Promise<readonly ProcessFigures[]> {
    const asked = [...this.#known.keys()].map(async (process) => {
      const told = await process.report();
      // It may have ended while it was asked.
      if (told !== undefined && this.#known.has(process)) this.#known.set(process, told);
    });
    await Promise.all(asked);
    return [...this.#known.values()];
  }

  close(): void {
    clearInterval(this.#timer);
  }
}

/** One for each plugin, over several processes. Quantiles cannot be summed: they are those of the slowest process. */
export function sumOf(all: readonly PluginFigures[]): PluginFigures[] {
  const names = [...new Set(all.map(({ plugin }) => plugin))].sort();
  return names.map((plugin) => {
    const parts = all.filter((one) => one.plugin === plugin);
    return { plugin, functions: sumOfFunctions(parts), handles: sumOfHandles(parts) };
  });
}

function sumOfFunctions(parts: readonly PluginFigures[]): FunctionFigures[] {
  const sums = new Map<string, FunctionFigures>();
  for (const one of parts.flatMap(({ functions }) => functions)) {
    const sum = sums.get(one.function);
    sums.set(one.function, sum === undefined ? one : add(sum, one));
  }
  return [...sums.values()];
}

function add(a: FunctionFigures, b: FunctionFigures): FunctionFigures {
  return {
    function: a.function,
    calls: a.calls + b.calls,
    errors: a.errors + b.errors,
    lost: a.lost + b.lost,
    p50: greater(a.p50, b.p50),
    p99: greater(a.p99, b.p99),
  };
}

function greater(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.max(a, b);
}

function sumOfHandles(parts: readonly PluginFigures[]): Record<string, number> {
  const sums = new Map<string, number>();
  for (const { handles } of parts) {
    for (const [type, count] of Object.entries(handles)) sums.set(type, (sums.get(type) ?? 0) + count);
  }
  return Object.fromEntries(sums);
}
