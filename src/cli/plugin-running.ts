/** What the running server knows of a plugin, all of its processes together. */

import type { FunctionFigures, PluginFigures, ServiceState } from "../plugin/index.ts";
import type { HostFigures } from "../server/index.ts";

export interface RunningFacts {
  /** Undefined: the server runs without it. */
  readonly state: ServiceState | undefined;
  readonly calls: number;
  readonly errors: number;
  /** Calls that did not come back. */
  readonly lost: number;
  /** Microseconds: half of the calls took no longer, as far as its functions can be taken together. */
  readonly p50: number | undefined;
  /** Of its slowest function. */
  readonly p99: number | undefined;
  readonly crashes: number;
  /** How often it held the event loop. */
  readonly stalls: number;
}

export function runningFacts(figures: HostFigures, plugin: string): RunningFacts {
  const { processes, ended, plugins, crashCounts, stalls } = figures;
  const all: readonly PluginFigures[] = [...processes.flatMap((process) => process.plugins), ...ended.plugins];
  const functions = all.filter((one) => one.plugin === plugin).flatMap((one) => one.functions);
  const sum = (key: "calls" | "errors" | "lost") => functions.reduce((total, one) => total + one[key], 0);
  return {
    state: plugins.find(({ name }) => name === plugin),
    calls: sum("calls"),
    errors: sum("errors"),
    lost: sum("lost"),
    p50: middleOf(functions),
    p99: functions.reduce<number | undefined>((most, { p99 }) => larger(most, p99), undefined),
    crashes: crashCounts[plugin] ?? 0,
    stalls: stalls[plugin] ?? 0,
  };
}

/** The median of the functions' medians, each counted as often as the function was called. */
function middleOf(functions: readonly FunctionFigures[]): number | undefined {
  const known = functions
    .flatMap(({ calls, p50 }) => (p50 === undefined ? [] : [{ calls, p50 }]))
    .sort((one, other) => one.p50 - other.p50);
  let left = known.reduce((total, { calls }) => total + calls, 0) / 2;
  for (const { calls, p50 } of known) {
    left -= calls;
    if (left <= 0) return p50;
  }
  return undefined;
}

function larger(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || (other !== undefined && other > one) ? other : one;
}
