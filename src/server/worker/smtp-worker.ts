/**
 * A process that talks to clients: sessions, rules, rule plugins, and the part of the spool that it wrote or was told
 * to go on with. Mailboxes are elsewhere.
 */

import { native } from "../../native/index.ts";
import { Queue, Spool } from "../../queue/index.ts";
import { Rules } from "../../rules/index.ts";
import { type SharedCounts, SmtpService } from "../../smtp/index.ts";
import { keptScripts } from "../../vsl/index.ts";
import { openDeliveries } from "../deliveries.ts";
import { nativeFiles, spoolPlaces } from "../files.ts";
import { inTime } from "../in-time.ts";
import { connectMailboxes } from "../mailboxes.ts";
import type { Assignment } from "../messages.ts";
import type { Worker, WorkerContext } from "./worker-context.ts";

/**
 * Milliseconds that clients have to end their mails once they were told to go, then the queue to empty itself, then
 * what is under way in mailboxes to end.
 */
const SESSIONS_GRACE = 10_000;
const QUEUE_GRACE = 10_000;
const STORAGE_GRACE = 1_000;

export async function startWorker(context: WorkerContext): Promise<Worker> {
  const { assignment, config, log, plugins, isolated } = context;
  await isolated?.open(plugins);
  const { role } = assignment;
  const tellMissing = role.kind === "smtp" && role.number === 1;
  const rules = await Rules.open({ config, plugins, log, scripts: keptScripts(assignment.scripts), tellMissing });
  const spool = new Spool({ ...spoolPlaces(config), files: nativeFiles() });
  spool.names.followTime(assignment.namesAfter);
  const storage = connectMailboxes(assignment.storage, rules);
  const { transports, mailboxes } = await openDeliveries(config, storage, rules, assignment);
  const queue = new Queue({ spool, rules, transports, log });
  queue.hold(assignment.heldMails);
  const smtp = new SmtpService({ config, rules, queue, mailboxes, log, counts: countsOf(assignment) });
  let metrics: { close(): Promise<void> } | undefined;

  const serve = async (): Promise<void> => {
    await smtp.serve(assignment.listeners);
    metrics = await openMetrics(context);
  };
  const retire = async (patience: number): Promise<void> => {
    void metrics?.close();
    const left = smtp.close();
    context.send({ kind: "closed" });
    if (!(await inTime(left, patience))) await smtp.stop(SESSIONS_GRACE);
    await queue.stop(QUEUE_GRACE);
    if (!(await inTime(storage.close(), STORAGE_GRACE))) log("server").error("the mailboxes do not answer");
    isolated?.close();
  };
  return {
    serve,
    retire,
    figures: () => ({ smtp: { connections: smtp.connections, accepted: queue.accepted, waiting: queue.waiting } }),
    adopt: (claims) => queue.adopt(claims),
    hold: (fingerprints) => queue.hold(fingerprints),
    free: (fingerprints) => queue.free(fingerprints),
  };
}

/** The memory in which processes count their clients. */
function countsOf({ clients }: Assignment): SharedCounts | undefined {
  return clients && { counts: new Int32Array(native().mapMemory(clients.descriptor)), own: clients.place };
}

/** Answers whoever reads the figures of the host, if the configuration wants that. */
async function openMetrics({ assignment, ask, log }: WorkerContext): Promise<{ close(): Promise<void> } | undefined> {
  const { metrics: descriptor } = assignment;
  if (descriptor === undefined) return undefined;
  const { serveMetrics } = await import("./metrics.ts");
  return serveMetrics({ descriptor, figures: () => ask("figures"), log: log("server") });
}
