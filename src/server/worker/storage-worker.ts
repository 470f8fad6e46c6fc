/**
 * A process that holds mailboxes: storage plugins are loaded here and nowhere else, and smtp processes have done here
 * what they want done with the mails of their share of the users.
 *
 * A plugin that does not come back holds up all of them. After app.storage.deadline the process ends itself, by a signal
 * to the thread that hangs, so that a record says where; the supervisor replaces it, and the mails wait in the spool.
 */

import { constants } from "node:os";
import { type Config, milliseconds } from "../../config/index.ts";
import { VsmtpError } from "../../errors.ts";
import { native } from "../../native/index.ts";
import { type AreaLog, MarkerView, marker, type SituationFacts } from "../../observe/index.ts";
import { pluginOf } from "../../plugin/index.ts";
import { type StorageLogLine, serveStorage } from "../../storage/index.ts";
import { inTime } from "../in-time.ts";
import type { FromWorker } from "../messages.ts";
import type { Worker, WorkerContext } from "./worker-context.ts";

/** Milliseconds for the storage thread to end what it does when everybody has left: they have waited for it before. */
const STORAGE_GRACE = 5_000;
/** Milliseconds for the supervisor to hear of it, and for the record to be written. */
const TOLD = 20;
const RECORDED = 2_000;

export async function startWorker({ assignment, config, log, plugins, send }: WorkerContext): Promise<Worker> {
  const area = log("storage");
  const { role, service } = assignment;
  if (service === undefined) throw new Error("a storage process without a socket");
  const { plugins: loaded, problems } = plugins.loadStorage(config.app.storage.plugins);
  // All storage processes have the same; it is told once.
  const told = role.kind === "storage" && role.number > 1 ? area.debug : area.error;
  for (const { code, message, fix } of problems) told.call(area, { code, fix }, message);
  const server = serveStorage({
    descriptor: service,
    plugins: loaded,
    problems,
    debug: area.isLevelEnabled("debug"),
    log: (line) => logLine(area, line),
    clients: area,
    deadline: milliseconds(config.app.storage.deadline),
    onHung: (situation) => endHung(situation, { area, config, send }),
  });
  const problem = await server.ready();
  if (problem !== undefined && problems.length === 0)
    told.call(area, { code: problem.code, fix: problem.fix }, problem.message);
  const names = new Set(loaded.map(({ name }) => name));
  return {
    serve: () => server.serve(),
    retire: async (patience) => {
      const over = server.close(patience);
      if (!(await inTime(over, patience + STORAGE_GRACE))) area.error("the storage does not end: a plugin hangs");
    },
    figures: () => ({ storage: server.figures() }),
    quarantine: (plugin, reason) => {
      if (names.has(plugin)) server.refuse(new VsmtpError("PLUGIN_QUARANTINED", { plugin, reason }));
    },
  };
}

/** With the plugin that logged it, and the mail and the user for whom the thread works. */
function logLine(area: AreaLog, { level, text, file, situation }: StorageLogLine): void {
  area[level]({ plugin: pluginOf(file), mail: situation?.mail, user: situation?.user }, text);
}

interface Hanging {
  readonly area: AreaLog;
  readonly config: Config;
  readonly send: (message: FromWorker) => void;
}

/** Ends this process so that the record of it names the function in which the storage thread is. */
function endHung(situation: SituationFacts, { area, config, send }: Hanging): void {
  const { stage = "an operation", mail, user } = situation;
  const { deadline } = config.app.storage;
  area.error(
    { mail, user, stage },
    `${stage} has held the mailboxes for longer than ${deadline}, app.storage.deadline: this process ends and is replaced`,
  );
  send({ kind: "hung", what: `${stage} in the storage` });
  setTimeout(abortStorageThread, TOLD);
  // Whatever is in the way of that signal, the mailboxes are not held any longer.
  setTimeout(() => process.kill(process.pid, "SIGKILL"), TOLD + RECORDED);
}

/** The slot of the storage thread in the marker. */
const STORAGE_SLOT = 1;

function abortStorageThread(): void {
  const threads = new MarkerView(marker().cells.buffer as ArrayBuffer).threads();
  const thread = threads.find(({ slot }) => slot === STORAGE_SLOT);
  if (thread !== undefined) native().signalThread(process.pid, thread.tid, constants.signals.SIGABRT);
}
