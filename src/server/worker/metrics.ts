/** Serves the figures of the host to Prometheus, on a socket of this machine that the supervisor opened. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { reasonOf } from "../../errors.ts";
import type { AreaLog } from "../../observe/index.ts";
import type { HostFigures } from "../messages.ts";
import { metricsText } from "./metrics-text.ts";

export interface MetricsOptions {
  /** Of the listening socket; several processes may have it. */
  readonly descriptor: number;
  /** Undefined: the supervisor does not answer in time. */
  readonly figures: () => Promise<HostFigures | undefined>;
  readonly log: AreaLog;
}

/** Milliseconds that a client has for its request. */
const PATIENCE = 5_000;

/** Resolves once it answers. */
export function serveMetrics({ descriptor, figures, log }: MetricsOptions): Promise<{ close(): Promise<void> }> {
  const server = createServer((request, response) => {
    void answer(request, response, figures).catch((error: unknown) => {
      log.error({ err: error }, `the metrics cannot be told: ${reasonOf(error)}`);
      end(response, 500, "They cannot be told now, see the log\n");
    });
  });
  server.requestTimeout = PATIENCE;
  server.headersTimeout = PATIENCE;
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ fd: descriptor }, () => {
      server.off("error", reject);
      server.on("error", (error) => log.error({ err: error }, "the socket of the metrics has failed"));
      log.info({ url: urlOf(server.address()) }, "metrics are served");
      resolve({ close: () => close(server) });
    });
  });
}

async function answer(
  { method, url = "" }: IncomingMessage,
  response: ServerResponse,
  figures: MetricsOptions["figures"],
): Promise<void> {
  if (url.split("?")[0] !== "/metrics") return end(response, 404, "The metrics are at /metrics\n");
  if (method !== "GET" && method !== "HEAD") {
    response.setHeader("Allow", "GET, HEAD");
    return end(response, 405, "The metrics can only be read\n");
  }
  const known = await figures();
  if (known === undefined) return end(response, 503, "The supervisor does not answer\n");
  const { text, type } = await metricsText(known);
  end(response, 200, text, type);
}

function end(response: ServerResponse, status: number, text: string, type = "text/plain; charset=utf-8"): void {
  // Nobody waits for anything after a scrape, and a process that leaves has not to wait for its reader.
  response.writeHead(status, { "Content-Type": type, Connection: "close" }).end(text);
}

function urlOf(address: ReturnType<Server["address"]>): string | undefined {
  if (address === null || typeof address === "string") return undefined;
  const host = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return `http://${host}:${address.port}/metrics`;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
