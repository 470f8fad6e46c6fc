/**
 * The host: opens what all its processes share (lock, sockets, log), has a crew of them work, and puts a fresh crew in
 * the place of the one that works when it is told to. It reads nothing from the network and loads no plugin.
 */

import type { Config } from "../../config/index.ts";
import { VsmtpError } from "../../errors.ts";
import type { Privileges } from "../../native/index.ts";
import { hostVersion, type ServiceState, writeLock } from "../../plugin/index.ts";
import { afterEntries } from "../../queue/index.ts";
import { openControl } from "../control/control.ts";
import { controlSocket } from "../control/control-protocol.ts";
import { spoolPlaces } from "../files.ts";
import { Incidents } from "../incidents/incidents.ts";
import { stateDirectory } from "../incidents/state-file.ts";
import { type ChangingLog, openLogs } from "../logs.ts";
import type { HostFigures, Released, ToWorker } from "../messages.ts";
import { logVerdicts } from "../plugins.ts";
import { problemsOf } from "../problems.ts";
import { type Beginning, begin } from "./beginning.ts";
import { ClientCounts } from "./client-counts.ts";
import { controlAnswers } from "./control-answers.ts";
import { makeDirectories, makeLogFiles } from "./directories.ts";
import { type Generation, readGeneration, unchangeable } from "./generation.ts";
import { closeLock } from "./host-lock.ts";
import type { Manager } from "./manager.ts";
import { type Post, Posts } from "./posts.ts";
import { serviceStates, statusText } from "./service-states.ts";
import { closeSockets, type OpenSocket, openSockets } from "./sockets.ts";
import { SpoolClaims } from "./spool-claims.ts";

export interface HostOptions {
  /** The path of vsmtp.vsl. */
  readonly config: string;
  /** Log to stdout too when the configuration names a file. */
  readonly stdout?: boolean;
  /** Aborted: a start that goes on is given up; then stop the host. */
  readonly signal?: AbortSignal;
}

export class Supervisor {
  readonly #options: HostOptions;
  readonly #owner: Privileges | undefined;
  readonly #log: ChangingLog;
  readonly #lock: number;
  readonly #manager: Manager;
  readonly #clients = new ClientCounts();
  readonly #incidents: Incidents;
  readonly #posts: Posts;
  #control: { close(): void } | undefined;
  #sockets: readonly OpenSocket[] = [];
  #generation: Generation;
  #numberOfGenerations = 1;
  #since = new Date();
  /** What is put in the place of another is so one at a time. */
  #changing: Promise<unknown> = Promise.resolve();
  #stopping: Promise<void> | undefined;

  private constructor(options: HostOptions, { generation, owner, log, lock, manager }: Beginning) {
    const { config } = generation;
    this.#options = options;
    this.#generation = generation;
    this.#owner = owner;
    this.#log = log;
    this.#lock = lock;
    this.#manager = manager;
    const tell = (message: ToWorker) => {
      this.#posts.tell(message);
      if (message.kind === "quarantine") this.#manager.status(this.#statusText());
    };
    this.#incidents = new Incidents({ config, log: log.area("plugin"), tell });
    const namesAfter = afterEntries(spoolPlaces(config));
    this.#posts = new Posts({
      stdout: options.stdout ?? false,
      keepOpen: [lock],
      clients: this.#clients,
      log: log.area("server"),
      claims: new SpoolClaims(spoolPlaces(config), { pid: undefined, from: 0, until: namesAfter }),
      incidents: this.#incidents,
      namesAfter,
      figures: () => this.figures(),
    });
  }

  /** Resolves once clients are served, or with everything that is in the way; nothing is left running then. */
  static async start(options: HostOptions): Promise<Supervisor | VsmtpError[]> {
    const generation = await readGeneration(options.config, false);
    if (Array.isArray(generation)) return generation;
    const supervisor = await begin(generation, options.stdout ?? false).then(
      (beginning) => new Supervisor(options, beginning),
      problemsOf,
    );
    if (Array.isArray(supervisor)) return supervisor;
    const problems = await supervisor.#start().catch(problemsOf);
    if (problems.length === 0) return supervisor;
    await supervisor.#posts.end();
    supervisor.#end();
    return problems;
  }

  /** Where clients reach it: `127.0.0.1:25`, `unix:/path`. */
  get addresses(): readonly string[] {
    return this.#sockets.filter(({ protocol }) => protocol !== "metrics").map(({ name }) => name);
  }

  get config(): Config {
    return this.#generation.config;
  }

  /**
   * Reads everything anew and has fresh processes take over. What is wrong is in the way, and nothing has changed then.
   * @returns what is wrong
   */
  reload(): Promise<VsmtpError[]> {
    return this.#change(async () => {
      this.#manager.reloading();
      const problems = await this.#reload().catch(problemsOf);
      this.#tellManager();
      const log = this.#log.area("server");
      for (const { code, message, fix } of problems) log.error({ code, fix }, `the reload has failed: ${message}`);
      return problems;
    });
  }

  /**
   * Takes a plugin out of its quarantine, which fresh processes of the same generation begin with; with `mails`, those
   * that are held because of it go their way.
   */
  async release(plugin: string, mails: boolean): Promise<Released | VsmtpError[]> {
    const released = this.#incidents.release(plugin, mails);
    if (!released.plugin) return released;
    const problems = await this.#change(() => this.#takeOver(this.#generation, this.#sockets).catch(problemsOf));
    return problems.length > 0 ? problems : released;
  }

  /** Every process opens its logs anew. What goes wrong is in the log, which then goes on where it was, and returned. */
  reopenLogs(): VsmtpError[] {
    try {
      // Processes that may not make files there find them.
      makeLogFiles(this.config, this.#owner);
      this.#log.reopen();
      this.#posts.tell({ kind: "reopen-logs" });
      return [];
    } catch (error) {
      const problems = problemsOf(error);
      for (const { code, message, fix } of problems) this.#log.area("server").error({ code, fix }, message);
      return problems;
    }
  }

  async figures(): Promise<HostFigures> {
    return {
      ...(await this.#incidents.figures()),
      version: hostVersion(),
      generation: this.#numberOfGenerations,
      since: this.#since.toISOString(),
      plugins: this.#states(),
    };
  }

  /**
   * Takes no new connections, lets mails under way end and delivers what is accepted; what takes too long stays in
   * the spool.
   */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #start(): Promise<VsmtpError[]> {
    this.#incidents.settle(this.config, this.#generation.plugins.states());
    this.#sockets = await openSockets(this.config);
    this.#control = await openControl(controlSocket(this.config), controlAnswers(this));
    this.#options.signal?.addEventListener("abort", () => this.#posts.giveUp(), { once: true });
    const post = await this.#posts.prepare(this.#generation, this.#sockets, false);
    if (Array.isArray(post)) return this.#options.signal?.aborted ? [] : post;
    await this.#putToWork(post);
    if (this.#options.signal?.aborted) return [];
    this.#log.area("server").info({ addresses: this.addresses, pid: process.pid }, "serving");
    this.#tellManager();
    this.#manager.watch(() => true);
    return [];
  }

  #tellManager(): void {
    this.#manager.ready(this.#statusText());
  }

  #statusText(): string {
    return statusText(this.addresses, this.#numberOfGenerations, this.#states());
  }

  async #reload(): Promise<VsmtpError[]> {
    if (this.#stopping) return [new VsmtpError("RELOAD_STOPPING")];
    const generation = await readGeneration(this.#options.config, true);
    if (Array.isArray(generation)) return generation;
    const problems = unchangeable(this.config, generation.config);
    const taken = problems.length > 0 ? problems : await this.#takeIn(generation).catch(problemsOf);
    if (taken.length > 0) generation.plugins.letGo();
    return taken;
  }

  /** Puts a new generation in the place of the one that works. */
  async #takeIn(generation: Generation): Promise<VsmtpError[]> {
    const { config } = generation;
    makeDirectories(config, this.#owner);
    makeLogFiles(config, this.#owner);
    // What can fail comes before anybody is replaced.
    const log = openLogs(config, this.#options.stdout ?? false);
    const problems = await this.#exchange(generation).catch(problemsOf);
    if (problems.length > 0) {
      log.close();
      return problems;
    }
    this.#log.become(log);
    logVerdicts(generation.plugins, this.#log.area("plugin"));
    this.#log.area("server").info({ addresses: this.addresses, generation: this.#numberOfGenerations }, "reloaded");
    return [];
  }

  async #exchange(generation: Generation): Promise<VsmtpError[]> {
    const { config, plugins } = generation;
    const sockets = await openSockets(config, this.#sockets);
    const problems = await this.#takeOver(generation, sockets).catch(problemsOf);
    if (problems.length > 0) {
      closeSockets(without(sockets, this.#sockets));
      return problems;
    }
    closeSockets(without(this.#sockets, sockets));
    this.#sockets = sockets;
    this.#generation = generation;
    this.#incidents.settle(config, plugins.states());
    this.#numberOfGenerations += 1;
    this.#since = new Date();
    return [];
  }

  /** Has a fresh crew take over from the one that works. */
  async #takeOver(generation: Generation, sockets: readonly OpenSocket[]): Promise<VsmtpError[]> {
    if (this.#stopping) return [new VsmtpError("RELOAD_STOPPING")];
    const post = await this.#posts.prepare(generation, sockets, true);
    if (Array.isArray(post)) return post;
    await this.#putToWork(post);
    return [];
  }

  async #putToWork(post: Post): Promise<void> {
    await this.#posts.work(post);
    const { config, plugins } = post.generation;
    const problem = writeLock(stateDirectory(config), plugins);
    if (problem instanceof VsmtpError) {
      this.#log.area("plugin").warn({ code: problem.code, fix: problem.fix }, problem.message);
    }
  }

  /** What became of the plugins of the generation that works. */
  #states(): ServiceState[] {
    const found = this.#generation.plugins.states();
    return serviceStates(found, this.#posts.states, this.#incidents.quarantined(found));
  }

  #change<T>(change: () => Promise<T>): Promise<T> {
    const changed = this.#changing.then(change);
    this.#changing = changed.catch(() => {});
    return changed;
  }

  async #stop(): Promise<void> {
    const log = this.#log.area("server");
    log.info("stopping");
    this.#manager.stopping();
    this.#control?.close();
    this.#posts.giveUp();
    await this.#changing;
    closeSockets(this.#sockets);
    this.#sockets = [];
    await this.#posts.retire();
    log.info("stopped");
    this.#end();
  }

  /** Gives back what it opened, once no process is left. */
  #end(): void {
    closeSockets(this.#sockets);
    this.#control?.close();
    this.#incidents.close();
    this.#manager.close();
    this.#log.close();
    this.#clients.close();
    closeLock(this.#lock);
  }
}

function without(those: readonly OpenSocket[], others: readonly OpenSocket[]): OpenSocket[] {
  return those.filter(({ descriptor }) => !others.some((other) => other.descriptor === descriptor));
}
