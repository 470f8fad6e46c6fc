/**
 * What a process knows of each plugin while it is in use: whether its functions may be called, how often they were,
 * how long they took, and which of its objects are alive.
 */

import type { FunctionFigures, PluginFigures } from "./figures.ts";
import type { ObjectKind } from "./handle.ts";
import { Histogram } from "./statistics.ts";

export class RunningPlugin {
  readonly name: string;
  /** Why none of its functions is called any more; undefined: they are. */
  stopped: string | undefined = undefined;
  readonly #functions = new Map<string, RunningFunction>();
  readonly #kinds: ObjectKind[] = [];

  constructor(name: string) {
    this.name = name;
  }

  /** The same for all overloads of a name. */
  function(name: string): RunningFunction {
    let found = this.#functions.get(name);
    if (found === undefined) {
      found = new RunningFunction(name);
      this.#functions.set(name, found);
    }
    return found;
  }

  add(kind: ObjectKind): void {
    this.#kinds.push(kind);
  }

  figures(): PluginFigures {
    const handles: Record<string, number> = {};
    for (const { type, owned } of this.#kinds) handles[type.name] = (handles[type.name] ?? 0) + owned.size;
    const functions = [...this.#functions.values()].map((one) => one.figures());
    return { plugin: this.name, functions, handles };
  }
}

/** Counted by the guards. */
export class RunningFunction {
  readonly name: string;
  calls = 0;
  /** Calls that failed because of the plugin; wrong arguments are the script's mistake. */
  errors = 0;
  /** Calls that did not come back before their deadline. */
  lost = 0;
  readonly times = new Histogram();

  constructor(name: string) {
    this.name = name;
  }

  figures(): FunctionFigures {
    const { name, calls, errors, lost, times } = this;
    return { function: name, calls, errors, lost, p50: times.quantile(0.5), p99: times.quantile(0.99) };
  }
}

const running = new Map<string, RunningPlugin>();

/** The same as long as the process lives. */
export function runningPlugin(name: string): RunningPlugin {
  let plugin = running.get(name);
  if (plugin === undefined) {
    plugin = new RunningPlugin(name);
    running.set(name, plugin);
  }
  return plugin;
}

/**
 * From now on every call of its functions fails with PLUGIN_QUARANTINED. Calls that are under way go on. Its objects
 * are not ended any more: that would run its code.
 */
export function stopPlugin(name: string, reason: string): void {
  runningPlugin(name).stopped = reason;
}

/** Takes {@link stopPlugin} back. */
export function startPlugin(name: string): void {
  runningPlugin(name).stopped = undefined;
}

/** Of all plugins that this process uses or has stopped. */
export function pluginFigures(): PluginFigures[] {
  return [...running.values()].map((plugin) => plugin.figures());
}
