/** What `vsmtp plugin list` says under the line of a plugin: its build, its package, and how it does in the server. */

import { type Plugins, printable, type ServiceState, type Verdict } from "../plugin/index.ts";
import type { HostFigures } from "../server/index.ts";
import type { Surroundings } from "./plugin-list.ts";
import { type RunningFacts, runningFacts } from "./plugin-running.ts";
import { countText } from "./plugin-verdict.ts";

/** The plugin that a file is or claims to be; empty: it does not say. */
export function nameOf(verdict: Verdict): string {
  if (verdict.kind === "admitted") return verdict.manifest.name;
  return verdict.kind === "refused" ? (verdict.name ?? "") : "";
}

/** Plugins that the server runs, but whose files are not there any more. */
export function servedOnly({ verdicts }: Plugins, { plugins }: HostFigures): readonly ServiceState[] {
  const there = new Set(verdicts.map(nameOf));
  return plugins.filter(({ name }) => !there.has(name));
}

export function pluginDetails(verdict: Verdict, { host, packages }: Surroundings): string[] {
  if (verdict.kind === "not-a-plugin") return [];
  const running = host && runningFacts(host, nameOf(verdict));
  return [
    ...(verdict.kind === "admitted" ? [buildText(verdict, packages?.get(verdict.realFile))] : []),
    ...(running?.state ? [serviceText(running.state, running)] : []),
    ...(running ? staleLine(verdict, running.state) : []),
  ].map((line) => `    ${line}`);
}

/** By what debuggers go; a file without is known by its contents. */
export function buildName({ buildId, sha256 }: Pick<ServiceState, "buildId" | "sha256">): string {
  return buildId === undefined ? `sha256 ${sha256.slice(0, 16)}…` : `build-id ${buildId}`;
}

function buildText(verdict: Extract<Verdict, { readonly kind: "admitted" }>, owner: string | undefined): string {
  const binding = verdict.deep ? ", with deep binding" : "";
  return buildName(verdict) + (owner === undefined ? "" : `, of the package ${printable(owner)}`) + binding;
}

function serviceText({ state, reason }: ServiceState, facts: RunningFacts): string {
  const { calls, errors, lost, p50, p99, crashes, stalls } = facts;
  const times = [p50 === undefined ? [] : `p50 ${timeText(p50)}`, p99 === undefined ? [] : `p99 ${timeText(p99)}`];
  const counts = [
    countText(calls, "call"),
    countText(errors, "error"),
    ...(lost > 0 ? [`${lost} lost`] : []),
    ...times.flat(),
    `${crashes} ${crashes === 1 ? "crash" : "crashes"}`,
    countText(stalls, "stall"),
  ];
  const why = reason === undefined ? "" : ` (${printable(reason)})`;
  return `${STATES[state]}${why}: ${counts.join(", ")}`;
}

const STATES: Readonly<Record<ServiceState["state"], string>> = {
  ready: "ready, used by no script",
  loaded: "in service",
  failed: "failed",
  quarantined: "quarantined",
  isolated: "in service, in a process of its own",
};

function staleLine(verdict: Verdict, state: ServiceState | undefined): string[] {
  const admitted = verdict.kind === "admitted";
  if (!state) return admitted ? ["new: `vsmtp reload` takes it into service"] : [];
  if (admitted && verdict.sha256 === state.sha256) return [];
  const next = admitted ? "`vsmtp reload` takes this file into service" : "this file would be refused";
  return [`stale: the server runs ${buildName(state)}, release ${printable(state.release)}; ${next}`];
}

/** Of microseconds. */
function timeText(microseconds: number): string {
  return microseconds < 1000 ? `${rounded(microseconds)} µs` : `${rounded(microseconds / 1000)} ms`;
}

function rounded(value: number): string {
  return String(value < 10 ? Math.round(value * 10) / 10 : Math.round(value));
}
