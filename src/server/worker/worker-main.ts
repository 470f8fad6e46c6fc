/**
 * The program of all processes but the supervisor: gives rights away, opens the marker, then loads what its role needs,
 * and does what the supervisor tells it until it is told to leave or the supervisor is gone.
 */

import { native } from "../../native/index.ts";
import { type Log, marker, useMarker } from "../../observe/index.ts";
import { finishPlugins, setCallPolicy } from "../../plugin/index.ts";
import { deadlinesOf } from "../deadlines.ts";
import { openLogs } from "../logs.ts";
import type { Assignment, Role } from "../messages.ts";
import { nameOfRole } from "../names.ts";
import { takePrivileges } from "../privileges.ts";
import { asProblem, problemsOf } from "../problems.ts";
import { heldPlugins, logPluginLines } from "./held-plugins.ts";
import { IsolatedPlugins } from "./isolated-plugins.ts";
import { WorkerChannel } from "./worker-channel.ts";
import type { StartWorker } from "./worker-context.ts";

/** How often the event loop shows that it turns, in milliseconds. */
const BEAT = 500;

/** Whoever sends these to all processes of a terminal or a service means the supervisor, which tells us. */
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP", "SIGUSR1"] as const) process.on(signal, () => {});

const channel = new WorkerChannel({
  begin: (assignment) => void begin(assignment),
  gone: () => native().exitNow(1),
});

async function begin(assignment: Assignment): Promise<void> {
  try {
    const log = becomeWorker(assignment);
    await work(assignment, log);
  } catch (error) {
    channel.send({ kind: "failed", problems: problemsOf(error).map(asProblem) });
  }
}

/** Everything that has to be so before any code of a plugin is in this process. */
function becomeWorker({ role, supervisor, privileges, marker: descriptor, config, stdout }: Assignment): Log {
  process.title = `vsmtp: ${nameOfRole(role)}`;
  // An isolated plugin may have a user of its own, who cannot open the log.
  const early = role.kind === "isolated" ? openLogs(config, stdout, role) : undefined;
  takePrivileges(privileges);
  // After the change of user, which takes this away again.
  if (!native().dieWithParent(supervisor)) native().exitNow(1);
  useMarker(native().openMarker(descriptor));
  native().watchCrashes();
  setInterval(() => marker().beat(), BEAT).unref();
  return early ?? openLogs(config, stdout, role);
}

async function work(assignment: Assignment, log: Log): Promise<void> {
  const { role, config } = assignment;
  const { send, ask } = channel;
  const onLost = (plugin: string, fn: string) => send({ kind: "lost", plugin, function: fn });
  setCallPolicy({ deadline: deadlinesOf(config), onLost });
  const isolated = role.kind === "smtp" ? new IsolatedPlugins({ config, send }) : undefined;
  const plugins = heldPlugins(assignment, isolated);
  logPluginLines(log);
  const start = await starterOf(role);
  const worker = await start({ assignment, config, log, plugins, isolated, send, ask });
  channel.serve(worker, { role, log, leave: () => leave(log) });
  send({ kind: "ready", plugins: plugins.states() });
}

/** What a plugin still runs on a thread of its own does not keep the process, and nothing else of plugins runs any more. */
async function leave(log: Log): Promise<never> {
  finishPlugins();
  // What they have logged comes by the event loop.
  for (let turns = 0; turns < 2; turns++) await new Promise((resolve) => setImmediate(resolve));
  log.close();
  return native().exitNow(0);
}

/** Each role loads its own parts and no others. */
async function starterOf(role: Role): Promise<StartWorker> {
  switch (role.kind) {
    case "smtp":
      return (await import("./smtp-worker.ts")).startWorker;
    case "storage":
      return (await import("./storage-worker.ts")).startWorker;
    case "mbox":
      return (await import("./mbox-worker.ts")).startWorker;
    case "isolated":
      return (await import("./isolated-worker.ts")).startWorker;
  }
}
