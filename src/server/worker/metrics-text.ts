/**
 * The figures of a host as Prometheus reads them. docs/metrics.md explains every name; a test holds the two against
 * each other. Names and labels never change their meaning.
 */

import { Counter, Gauge, Registry } from "prom-client";
import type { PluginFigures } from "../../plugin/index.ts";
import { sumOf } from "../incidents/figures.ts";
import type { HostFigures } from "../messages.ts";
import { nameOfRole } from "../names.ts";

/** What a metric has to say: values with their labels. */
type Samples = readonly (readonly [labels: Readonly<Record<string, string>>, value: number])[];

interface Metric {
  readonly kind: "counter" | "gauge";
  readonly help: string;
  readonly labels: readonly string[];
  readonly samples: (figures: HostFigures) => Samples;
}

/** By name. */
export const metrics: Readonly<Record<string, Metric>> = {
  vsmtp_info: gauge("The version of this host; always 1", ["version"], ({ version }) => [[{ version }, 1]]),
  vsmtp_generation: gauge("Counted up by every reload that succeeds", [], ({ generation }) => [[{}, generation]]),
  vsmtp_generation_start_seconds: gauge(
    "When the last start or reload succeeded, seconds since 1970",
    [],
    ({ since }) => [[{}, Date.parse(since) / 1000]],
  ),
  vsmtp_processes: gauge("Processes that live", ["kind"], ({ processes }) =>
    [...countBy(processes.map(({ role }) => role.kind))].map(([kind, count]) => [{ kind }, count]),
  ),
  vsmtp_process_restarts_total: counter(
    "Processes that were replaced because they had ended by themselves",
    ["kind"],
    (all) => Object.entries(all.restarts).map(([kind, count]) => [{ kind }, count]),
  ),
  vsmtp_smtp_connections: gauge("Clients that are connected now", ["process"], ({ processes }) =>
    processes.flatMap(({ role, smtp }) => (smtp ? [[{ process: nameOfRole(role) }, smtp.connections] as const] : [])),
  ),
  vsmtp_mails_accepted_total: counter("Mails that were put on stable storage", [], ({ processes, ended }) => [
    [{}, processes.reduce((sum, { smtp }) => sum + (smtp?.accepted ?? 0), ended.accepted)],
  ]),
  vsmtp_mails_waiting: gauge("Mails that are on their way or wait for another try", [], ({ processes }) => [
    [{}, processes.reduce((sum, { smtp }) => sum + (smtp?.waiting ?? 0), 0)],
  ]),
  vsmtp_mails_held: gauge("Mails, by their fingerprints, that are held because of crashes", [], ({ heldMails }) => [
    [{}, heldMails],
  ]),
  vsmtp_storage_operations_total: counter("Operations on mailboxes", [], ({ processes, ended }) => [
    [{}, processes.reduce((sum, { storage }) => sum + (storage?.operations ?? 0), ended.operations)],
  ]),
  vsmtp_storage_failures_total: counter("Operations on mailboxes that failed", [], ({ processes, ended }) => [
    [{}, processes.reduce((sum, { storage }) => sum + (storage?.failures ?? 0), ended.failures)],
  ]),
  vsmtp_plugin_info: gauge(
    "What runs of a plugin; always 1",
    ["plugin", "release", "build_id", "state"],
    ({ plugins }) =>
      plugins.map(({ name, release, buildId = "", state }) => [{ plugin: name, release, build_id: buildId, state }, 1]),
  ),
  vsmtp_plugin_quarantined: gauge("Whether a plugin is quarantined", ["plugin"], ({ plugins }) =>
    plugins.map(({ name, state }) => [{ plugin: name }, state === "quarantined" ? 1 : 0]),
  ),
  vsmtp_plugin_calls_total: perFunction("Calls of a function", "calls"),
  vsmtp_plugin_errors_total: perFunction("Calls that failed", "errors"),
  vsmtp_plugin_lost_total: perFunction("Calls that did not come back in time", "lost"),
  vsmtp_plugin_call_seconds: gauge(
    "How long calls of a function take, in the slowest process",
    ["plugin", "function", "quantile"],
    (figures) =>
      eachFunction(figures, ({ p50, p99 }, labels) => [
        ...quantile(labels, "0.5", p50),
        ...quantile(labels, "0.99", p99),
      ]),
  ),
  vsmtp_plugin_handles: gauge("Objects of a plugin that are alive", ["plugin", "type"], ({ processes }) =>
    sumOf(processes.flatMap(({ plugins }) => plugins)).flatMap(({ plugin, handles }) =>
      Object.entries(handles).map(([type, count]) => [{ plugin, type }, count] as const),
    ),
  ),
  vsmtp_plugin_crashes_total: counter(
    'Processes that ended in code of a plugin, "" where it is not known whose',
    ["plugin"],
    ({ crashCounts }) => byPlugin(crashCounts),
  ),
  vsmtp_plugin_stalls_total: counter(
    "How often a function held the event loop for too long",
    ["plugin"],
    ({ stalls }) => byPlugin(stalls),
  ),
};

/** In the text format of Prometheus, and its media type. */
export async function metricsText(figures: HostFigures): Promise<{ readonly text: string; readonly type: string }> {
  const registry = new Registry();
  for (const [name, { kind, help, labels, samples }] of Object.entries(metrics)) {
    const options = { name, help, labelNames: labels, registers: [registry] };
    const metric = kind === "counter" ? new Counter(options) : new Gauge(options);
    for (const [of, value] of samples(figures)) metric.inc(of, value);
  }
  return { text: await registry.metrics(), type: registry.contentType };
}

function gauge(help: string, labels: readonly string[], samples: Metric["samples"]): Metric {
  return { kind: "gauge", help, labels, samples };
}

function counter(help: string, labels: readonly string[], samples: Metric["samples"]): Metric {
  return { kind: "counter", help, labels, samples };
}

function perFunction(help: string, figure: "calls" | "errors" | "lost"): Metric {
  return counter(help, ["plugin", "function"], (figures) =>
    eachFunction(figures, (one, labels) => [[labels, one[figure]]]),
  );
}

function eachFunction(
  { processes, ended }: HostFigures,
  samples: (one: PluginFigures["functions"][number], labels: { plugin: string; function: string }) => Samples,
): Samples {
  const all = sumOf([...ended.plugins, ...processes.flatMap(({ plugins }) => plugins)]);
  return all.flatMap(({ plugin, functions }) =>
    functions.flatMap((one) => samples(one, { plugin, function: one.function })),
  );
}

/** `value` in microseconds. */
function quantile(labels: Readonly<Record<string, string>>, quantile: string, value: number | undefined): Samples {
  return value === undefined ? [] : [[{ ...labels, quantile }, value / 1e6]];
}

function byPlugin(counts: Readonly<Record<string, number>>): Samples {
  return Object.entries(counts).map(([plugin, count]) => [{ plugin }, count]);
}

function countBy(words: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}
