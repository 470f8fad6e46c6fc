/** The figures of a host for Prometheus: what is said, where it can be read, and that the page names it all. */

import { closeSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { native } from "../../src/native/index.ts";
import { Figures, sumOf } from "../../src/server/incidents/figures.ts";
import type { HostFigures, ProcessFigures, Role } from "../../src/server/messages.ts";
import { serveMetrics } from "../../src/server/worker/metrics.ts";
import { metrics, metricsText } from "../../src/server/worker/metrics-text.ts";
import { keptLog } from "./crash-scene.ts";

const SMTP: Role = { kind: "smtp", number: 1 };

function called(calls: number, p99: number | undefined) {
  return { function: "greet", calls, errors: 1, lost: 0, p50: 10, p99 };
}

const FIGURES: HostFigures = {
  version: "1.0.0",
  generation: 2,
  since: "2026-01-02T03:04:05.000Z",
  processes: [
    {
      ...{ role: SMTP, pid: 1, smtp: { connections: 4, accepted: 10, waiting: 3 } },
      plugins: [{ plugin: "hello", functions: [called(5, 300)], handles: { Greeting: 2 } }],
    },
    {
      ...{ role: { kind: "smtp", number: 2 }, pid: 2, smtp: { connections: 1, accepted: 20, waiting: 0 } },
      plugins: [{ plugin: "hello", functions: [called(7, 200)], handles: { Greeting: 1 } }],
    },
    { role: { kind: "storage", number: 1 }, pid: 3, plugins: [], storage: { operations: 6, failures: 2 } },
  ],
  plugins: [
    { name: "hello", file: "/hello.so", sha256: "aa", buildId: "bb", release: "1.2", state: "ready" },
    { name: "bad", file: "/bad.so", sha256: "cc", buildId: undefined, release: '"\\', state: "quarantined" },
  ],
  crashes: [],
  restarts: { smtp: 3 },
  ended: {
    plugins: [{ plugin: "hello", functions: [called(100, undefined)], handles: {} }],
    ...{ accepted: 1000, operations: 1, failures: 0 },
  },
  crashCounts: { bad: 3, "": 1 },
  stalls: { hello: 2 },
  heldMails: 1,
};

describe("The text", () => {
  it.each([
    'vsmtp_info{version="1.0.0"} 1',
    "vsmtp_generation 2",
    "vsmtp_generation_start_seconds 1767323045",
    'vsmtp_processes{kind="smtp"} 2',
    'vsmtp_process_restarts_total{kind="smtp"} 3',
    'vsmtp_smtp_connections{process="smtp 1"} 4',
    "vsmtp_mails_accepted_total 1030",
    "vsmtp_mails_waiting 3",
    "vsmtp_mails_held 1",
    "vsmtp_storage_operations_total 7",
    "vsmtp_storage_failures_total 2",
    'vsmtp_plugin_info{plugin="hello",release="1.2",build_id="bb",state="ready"} 1',
    'vsmtp_plugin_info{plugin="bad",release="\\"\\\\",build_id="",state="quarantined"} 1',
    'vsmtp_plugin_quarantined{plugin="bad"} 1',
    'vsmtp_plugin_calls_total{plugin="hello",function="greet"} 112',
    'vsmtp_plugin_errors_total{plugin="hello",function="greet"} 3',
    'vsmtp_plugin_lost_total{plugin="hello",function="greet"} 0',
    'vsmtp_plugin_call_seconds{plugin="hello",function="greet",quantile="0.99"} 0.0003',
    'vsmtp_plugin_handles{plugin="hello",type="Greeting"} 3',
    'vsmtp_plugin_crashes_total{plugin="bad"} 3',
    'vsmtp_plugin_crashes_total{plugin=""} 1',
    'vsmtp_plugin_stalls_total{plugin="hello"} 2',
  ])("says %s", async (line) => {
    const { text } = await metricsText(FIGURES);
    expect(text.split("\n")).toContain(line);
  });

  it("names and explains every metric as docs/metrics.md does.", () => {
    const page = readFileSync(fileURLToPath(new URL("../../docs/metrics.md", import.meta.url)), "utf8");
    const rows = [...page.matchAll(/^\| `(\w+)` \| (\w+) \| ([^|]*) \| ([^|]*) \|$/gm)];
    const told = rows.map(([, name, kind, labels = "", help]) => [name, kind, labels.match(/\w+/g) ?? [], help]);
    expect(told).toEqual(Object.entries(metrics).map(([name, one]) => [name, one.kind, one.labels, one.help]));
  });
});

describe("The socket", () => {
  let descriptor: number;
  let url: string;
  let figures: () => Promise<HostFigures | undefined>;
  let service: { close(): Promise<void> };

  beforeEach(async () => {
    figures = async () => FIGURES;
    descriptor = native().listenOn({ host: "127.0.0.1", port: 0 }, 16);
    url = `http://${native().socketName(descriptor)}`;
    service = await serveMetrics({ descriptor, figures: () => figures(), log: keptLog().log });
  });

  afterEach(async () => {
    await service.close();
    try {
      closeSync(descriptor);
    } catch {
      // The server has closed it.
    }
  });

  it("gives the text at /metrics.", async () => {
    const response = await fetch(`${url}/metrics`);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toContain("text/plain; version=0.0.4");
    expect(await response.text()).toBe((await metricsText(FIGURES)).text);
  });

  it.each([
    ["another path", "/", { method: "GET" }, 404],
    ["another method", "/metrics", { method: "POST" }, 405],
  ])("refuses %s.", async (_, path, request, status) => {
    expect((await fetch(`${url}${path}`, request)).status).toBe(status);
  });

  it("says so when the supervisor does not answer.", async () => {
    figures = async () => undefined;
    expect((await fetch(`${url}/metrics`)).status).toBe(503);
  });

  it("goes on after figures that cannot be told.", async () => {
    figures = async () => Promise.reject(new Error("broken"));
    expect((await fetch(`${url}/metrics`)).status).toBe(500);
    figures = async () => FIGURES;
    expect((await fetch(`${url}/metrics`)).status).toBe(200);
  });
});

describe("Figures", () => {
  /** A process that tells what it is told to. */
  function reporter(pid: number, told: () => Partial<ProcessFigures> | undefined) {
    return {
      ...{ role: SMTP, pid },
      report: async () => {
        const more = told();
        return more && { role: SMTP, pid, plugins: [], ...more };
      },
    };
  }

  it("of processes that have ended are kept, so that totals never shrink.", async () => {
    const figures = new Figures();
    const process = reporter(1, () => ({
      smtp: { connections: 1, accepted: 5, waiting: 0 },
      plugins: [{ plugin: "hello", functions: [called(5, 300)], handles: { Greeting: 2 } }],
    }));
    figures.watch(process);
    await figures.collect();
    figures.forget(process);
    figures.forget(process);
    expect(await figures.collect()).toEqual([]);
    expect(figures.ended).toEqual({
      plugins: [{ plugin: "hello", functions: [called(5, 300)], handles: {} }],
      ...{ accepted: 5, operations: 0, failures: 0 },
    });
    figures.close();
  });

  it("of a process that does not answer are those that it told before.", async () => {
    const figures = new Figures();
    let answers = true;
    figures.watch(reporter(1, () => (answers ? { smtp: { connections: 1, accepted: 5, waiting: 0 } } : undefined)));
    await figures.collect();
    answers = false;
    expect(await figures.collect()).toMatchObject([{ smtp: { accepted: 5 } }]);
    figures.close();
  });

  it("of several processes are summed, but for quantiles, which are those of the slowest.", () => {
    const [sum] = sumOf(FIGURES.processes.flatMap(({ plugins }) => plugins));
    expect(sum).toEqual({
      plugin: "hello",
      functions: [{ function: "greet", calls: 12, errors: 2, lost: 0, p50: 10, p99: 300 }],
      handles: { Greeting: 3 },
    });
  });
});
