/**
 * A process of root that appends mails to the mbox files of users of the system, for smtp processes that have no right
 * to. It loads no plugin, runs no rules and reads nothing from the network.
 */

import { MBOX_OPERATIONS, mboxService, mboxTransport } from "../../delivery/index.ts";
import { RequestServer } from "../../storage/index.ts";
import { lockFile } from "../files.ts";
import type { Worker, WorkerContext } from "./worker-context.ts";

export async function startWorker({ assignment: { service }, config, log }: WorkerContext): Promise<Worker> {
  if (service === undefined) throw new Error("an mbox process without a socket");
  const server = new RequestServer({
    descriptor: service,
    operations: MBOX_OPERATIONS,
    carryOut: mboxService(mboxTransport(config, lockFile)),
    log: log("delivery"),
  });
  return {
    serve: () => server.serve(),
    retire: (patience) => server.close(patience),
    figures: () => ({ storage: server.figures() }),
  };
}
