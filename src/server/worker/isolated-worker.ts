/**
 * The process of one isolated plugin: loads it within its limits, and lets smtp processes call it.
 *
 * It is ready even when the plugin cannot be loaded, because then that is what workers are told. It asks to be replaced
 * when too many of its threads hang in calls, or when its processor time runs out.
 */

import { createServer, type Server } from "node:net";
import { VsmtpError } from "../../errors.ts";
import type { AreaLog } from "../../observe/index.ts";
import { type Admitted, IsolatedServer, type LoadedPlugin, type Plugins } from "../../plugin/index.ts";
import { inTime } from "../in-time.ts";
import { isolationOf } from "../isolation.ts";
import type { Role } from "../messages.ts";
import { limitPlugin, secondsUsed } from "./isolated-limits.ts";
import type { Worker, WorkerContext } from "./worker-context.ts";

/** How often the processor time is looked at, in milliseconds. */
const LOOK = 1000;
/** The part of its processor time after which the process is replaced, before the kernel ends it amid a call. */
const NEARLY = 0.9;

export async function startWorker(context: WorkerContext): Promise<Worker> {
  const { assignment, config, plugins } = context;
  const verdict = pluginOf(assignment.role, plugins);
  limitPlugin(isolationOf(config, verdict.manifest.name));
  return new IsolatedWorker(context, verdict);
}

class IsolatedWorker implements Worker {
  readonly #context: WorkerContext;
  readonly #name: string;
  readonly #log: AreaLog;
  readonly #server: IsolatedServer;
  readonly #listener: Server;
  #lost = 0;
  #renewing = false;

  constructor(context: WorkerContext, verdict: Admitted) {
    const { manifest, sha256 } = verdict;
    this.#context = context;
    this.#name = manifest.name;
    this.#log = context.log("plugin");
    this.#server = new IsolatedServer({
      manifest,
      sha256,
      loaded: this.#load(verdict),
      onLost: () => this.#countLost(),
      onDamage: (reason) => this.#log.error({ plugin: this.#name }, `a connection to the plugin is ended: ${reason}`),
    });
    this.#watchProcessor();
    this.#listener = createServer((socket) => this.#server.accept(socket));
    // smtp processes need the plugin to become ready themselves, so they are served from now on
    this.#listener.listen({ fd: context.assignment.service });
  }

  serve(): void {}

  /** Those who are connected leave first; from what hangs or is used up they are cut off. */
  async retire(patience: number): Promise<void> {
    this.#listener.close();
    if (this.#renewing || !(await inTime(this.#server.alone(), patience))) this.#server.close();
  }

  figures(): ReturnType<Worker["figures"]> {
    return {};
  }

  #load(verdict: Admitted): LoadedPlugin | VsmtpError {
    const { assignment, plugins } = this.#context;
    const reason = assignment.quarantined.get(this.#name);
    if (reason !== undefined) return new VsmtpError("PLUGIN_QUARANTINED", { plugin: this.#name, reason });
    const loaded = plugins.loadLibrary(verdict);
    if (loaded instanceof VsmtpError) this.#log.error({ code: loaded.code, fix: loaded.fix }, loaded.message);
    return loaded;
  }

  #countLost(): void {
    this.#lost++;
    if (this.#lost < this.#context.config.app.plugins.quarantine.losses) return;
    this.#renew(`${this.#lost} calls of the isolated plugin ${this.#name} did not come back`);
  }

  #watchProcessor(): void {
    const isolation = isolationOf(this.#context.config, this.#name);
    if (typeof isolation === "boolean" || isolation.cpu === null) return;
    const enough = secondsUsed() + NEARLY * isolation.cpu;
    const look = (): void => {
      if (secondsUsed() >= enough) this.#renew(`the isolated plugin ${this.#name} has used up its processor time`);
    };
    setInterval(look, LOOK).unref();
  }

  #renew(reason: string): void {
    if (this.#renewing) return;
    this.#renewing = true;
    this.#context.send({ kind: "renew", reason });
  }
}

function pluginOf(role: Role, plugins: Plugins): Admitted {
  const name = role.kind === "isolated" ? role.plugin : undefined;
  for (const verdict of plugins.verdicts) {
    if (verdict.kind === "admitted" && verdict.manifest.name === name) return verdict;
  }
  throw new Error(`there is no plugin ${name} to be isolated`);
}
