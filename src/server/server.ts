/**
 * The host as one process: builds every part in order, each from the ones before it, and stops them in reverse.
 *
 * The ports come before the spool is taken up: who has them is the only host on this spool. Plugins that are refused
 * never stop the start; everything else that is wrong does, and is told in full.
 */

import { join } from "node:path";
import { type Config, loadConfig, type SocketAddress, showListenAddress } from "../config/index.ts";
import type { VsmtpError } from "../errors.ts";
import { type Log, openLog, parseLevels } from "../observe/index.ts";
import { finishPlugins } from "../plugin/index.ts";
import { Queue, Spool } from "../queue/index.ts";
import { Rules } from "../rules/index.ts";
import { SmtpService } from "../smtp/index.ts";
import type { Storage } from "../storage/index.ts";
import { openDeliveries } from "./deliveries.ts";
import { nativeFiles } from "./files.ts";
import { openMailboxes } from "./mailboxes.ts";
import { findPlugins, logPlugins } from "./plugins.ts";
import { problemsOf } from "./problems.ts";

export interface ServerOptions {
  /** The path of vsmtp.vsl. */
  readonly config: string;
  /** Log to stdout too when the configuration names a file. */
  readonly stdout?: boolean;
}

/** Resolves once clients are served, or with everything that is in the way; nothing is left running then. */
export async function startServer({ config: file, stdout = false }: ServerOptions): Promise<Server | VsmtpError[]> {
  const config = await loadConfig(file);
  if (Array.isArray(config)) return config;
  let log: Log | undefined;
  try {
    const { filename, level } = config.server.logs;
    const app = config.app.logs.filename ?? undefined;
    log = openLog({ levels: parseLevels(level), filename: filename ?? undefined, stdout, app });
    return await build(config, log);
  } catch (error) {
    log?.close();
    return problemsOf(error);
  }
}

async function build(config: Config, log: Log): Promise<Server> {
  const plugins = findPlugins(config);
  logPlugins(plugins, log);
  const rules = await Rules.open({ config, plugins, log });
  const spool = new Spool({
    directory: config.server.queues.dirpath,
    quarantine: join(config.app.dirpath, "quarantine"),
    files: nativeFiles(),
  });
  const storage = openMailboxes({ config, plugins, rules, log });
  try {
    const { transports, mailboxes } = await openDeliveries(config, storage, rules);
    const queue = new Queue({ spool, rules, transports, log });
    const smtp = await SmtpService.open({ config, rules, queue, mailboxes, log });
    queue.start();
    log("server").info({ addresses: smtp.addresses.map(showListenAddress), pid: process.pid }, "serving");
    return new Server(smtp, queue, storage, log);
  } catch (error) {
    await storage.close();
    throw error;
  }
}

/**
 * Milliseconds that clients have to end their mails when the server stops, then the queue to empty itself, then the
 * storage to end what it is doing.
 */
const SESSIONS_GRACE = 10_000;
const QUEUE_GRACE = 10_000;
const STORAGE_GRACE = 10_000;

export class Server {
  /** Where clients reach it. */
  readonly addresses: readonly SocketAddress[];
  readonly #smtp: SmtpService;
  readonly #queue: Queue;
  readonly #storage: Storage;
  readonly #log: Log;
  #stopping: Promise<void> | undefined;

  constructor(smtp: SmtpService, queue: Queue, storage: Storage, log: Log) {
    this.addresses = smtp.addresses;
    this.#smtp = smtp;
    this.#queue = queue;
    this.#storage = storage;
    this.#log = log;
  }

  /**
   * Takes no new connections, lets mails under way end and delivers what is accepted; what takes too long stays in
   * the spool.
   */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    const log = this.#log("server");
    log.info("stopping");
    await this.#smtp.stop(SESSIONS_GRACE);
    await this.#queue.stop(QUEUE_GRACE);
    if (!(await inTime(this.#storage.close(), STORAGE_GRACE))) log.error("the storage does not end: a plugin hangs");
    finishPlugins();
    log.info("stopped");
    this.#log.close();
  }
}

/** Whether it is done before so many milliseconds have passed. */
function inTime(done: Promise<void>, milliseconds: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds, false);
    void done.then(() => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}
