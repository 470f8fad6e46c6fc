/**
 * What goes wrong in processes, and what follows: a record is kept, plugins and mails are taken out of service, and all
 * processes are told. It also counts, for `vsmtp plugin list` and the metrics.
 */

import { type Config, milliseconds } from "../../config/index.ts";
import type { AreaLog } from "../../observe/index.ts";
import type { ServiceState } from "../../plugin/index.ts";
import { deadlinesOf } from "../deadlines.ts";
import type { HostFigures, Released, ToWorker } from "../messages.ts";
import type { Death, WorkerProcess } from "../supervisor/worker.ts";
import { Crashes } from "./crashes.ts";
import { Figures } from "./figures.ts";
import { Quarantine } from "./quarantine.ts";
import { Stalls } from "./stalls.ts";
import { stateDirectory } from "./state-file.ts";

export interface IncidentsOptions {
  readonly config: Config;
  readonly log: AreaLog;
  /** Tells all processes, of all generations. */
  tell(message: ToWorker): void;
}

export class Incidents {
  readonly #tell: IncidentsOptions["tell"];
  readonly #crashes: Crashes;
  readonly #quarantine: Quarantine;
  readonly #figures = new Figures();
  readonly #restarts = new Map<string, number>();
  readonly #log: AreaLog;
  readonly #watched = new Set<WorkerProcess>();
  #stalls: Stalls<WorkerProcess> | undefined;
  /** Of watchers that are over. */
  readonly #stalled = new Map<string, number>();

  constructor({ config, log, tell }: IncidentsOptions) {
    const directory = stateDirectory(config);
    this.#log = log;
    this.#tell = tell;
    this.#crashes = new Crashes({ directory, log });
    this.#quarantine = Quarantine.open({ directory, policy: config.app.plugins.quarantine, log });
  }

  /** Fingerprints of mails that are held. */
  get heldMails(): readonly string[] {
    return [...this.#quarantine.heldMails];
  }

  /** Which of these plugins are out of service, by name, and why. */
  quarantined(states: readonly ServiceState[]): ReadonlyMap<string, string> {
    return this.#quarantine.forPlugins(states);
  }

  /** From now on a generation with this configuration and these plugins works. */
  settle(config: Config, states: readonly ServiceState[]): void {
    this.#quarantine.follow(config.app.plugins.quarantine);
    this.#quarantine.settle(states);
    this.#endStalls();
    this.#stalls = new Stalls({
      limit: milliseconds(config.app.plugins.stall),
      deadlineOf: deadlinesOf(config),
      log: this.#log,
      onHung: (process, { tid }) => process.endHung(tid),
    });
    for (const process of this.#watched) this.#stalls.watch(process);
  }

  watch(process: WorkerProcess): void {
    this.#watched.add(process);
    this.#figures.watch(process);
    this.#stalls?.watch(process);
  }

  /** It is gone: nobody is told of its end who is not there any more, so call it once it is out of all lists. */
  gone(process: WorkerProcess, death: Death): void {
    this.#watched.delete(process);
    this.#figures.forget(process);
    this.#stalls?.forget(process);
    if (death.expected) return;
    const { kind } = death.role;
    this.#restarts.set(kind, (this.#restarts.get(kind) ?? 0) + 1);
    const record = this.#crashes.record(death);
    if (!record) return;
    const { plugin, held } = this.#quarantine.after(record);
    if (plugin) this.#tell({ kind: "quarantine", plugin: plugin.name, reason: plugin.reason });
    if (held.length > 0) this.#tell({ kind: "hold", fingerprints: held });
  }

  /** A call of a plugin did not come back in time. */
  lost(plugin: string, fn: string): void {
    const verdict = this.#quarantine.lost(plugin, fn);
    if (verdict) this.#tell({ kind: "quarantine", plugin: verdict.name, reason: verdict.reason });
  }

  /** Takes a plugin back into service with the next generation, and with `mails` those that are held because of it. */
  release(plugin: string, mails: boolean): Released {
    const released = this.#quarantine.release(plugin, mails);
    if (released.fingerprints.length > 0) this.#tell({ kind: "free", fingerprints: released.fingerprints });
    return { plugin: released.plugin, mails: released.fingerprints.length, held: released.held };
  }

  async figures(): Promise<Omit<HostFigures, "version" | "generation" | "since" | "plugins">> {
    return {
      processes: await this.#figures.collect(),
      crashes: this.#crashes.recent(),
      restarts: Object.fromEntries(this.#restarts),
      ended: this.#figures.ended,
      crashCounts: this.#crashes.counts,
      stalls: this.#stallCounts(),
      heldMails: this.heldMails.length,
    };
  }

  close(): void {
    this.#figures.close();
    this.#stalls?.close();
  }

  #endStalls(): void {
    for (const [plugin, count] of Object.entries(this.#stallCounts())) this.#stalled.set(plugin, count);
    this.#stalls?.close();
    this.#stalls = undefined;
  }

  #stallCounts(): Record<string, number> {
    const counts = new Map(this.#stalled);
    for (const [plugin, count] of Object.entries(this.#stalls?.counts ?? {})) {
      counts.set(plugin, (counts.get(plugin) ?? 0) + count);
    }
    return Object.fromEntries(counts);
  }
}
