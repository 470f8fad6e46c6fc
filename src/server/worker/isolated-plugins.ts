/** The isolated plugins of an smtp process: their modules, whose functions run in other processes. */

import type { Config } from "../../config/index.ts";
import type { VsmtpError } from "../../errors.ts";
import { type Admitted, type Elsewhere, IsolatedPlugin, type Plugins } from "../../plugin/index.ts";
import type { NativeModule } from "../../vsl/index.ts";
import { isIsolated, isolatedSocket, isolationProblem } from "../isolation.ts";
import type { FromWorker } from "../messages.ts";

/** Milliseconds that the plugins' processes have to greet, before rules are loaded that may need them. */
const GREETING = 3_000;

export interface IsolatedPluginsOptions {
  readonly config: Config;
  readonly send: (message: FromWorker) => void;
}

export class IsolatedPlugins implements Elsewhere {
  readonly #options: IsolatedPluginsOptions;
  readonly #plugins = new Map<string, IsolatedPlugin>();
  /** Why a plugin cannot be called, as its process told when this one started. */
  readonly #problems = new Map<string, VsmtpError>();
  #renewing = false;

  constructor(options: IsolatedPluginsOptions) {
    this.#options = options;
  }

  /**
   * Looks for the processes of all isolated plugins, and waits for what they say. One that does not come in time, or
   * is replaced later, is found by the call that needs it.
   */
  async open(plugins: Plugins): Promise<void> {
    const isolated = plugins.verdicts.filter((verdict) => verdict.kind === "admitted").filter((one) => this.has(one));
    await Promise.all(
      isolated.map(async (verdict) => {
        const problem = await this.#plugin(verdict)?.open(GREETING);
        if (problem) this.#problems.set(verdict.manifest.name, problem);
      }),
    );
  }

  has(verdict: Admitted): boolean {
    return isIsolated(this.#options.config, verdict);
  }

  bind(verdict: Admitted): NativeModule | VsmtpError {
    const mistake = isolationProblem(this.#options.config, verdict);
    return mistake ?? this.#problems.get(verdict.manifest.name) ?? this.#plugin(verdict).module;
  }

  /** For the end of the process: calls that are under way fail. */
  close(): void {
    for (const plugin of this.#plugins.values()) plugin.close();
  }

  #plugin({ manifest, file, sha256 }: Admitted): IsolatedPlugin {
    const { name } = manifest;
    let plugin = this.#plugins.get(name);
    if (plugin === undefined) {
      const socket = isolatedSocket(this.#options.config, name);
      plugin = new IsolatedPlugin({ manifest, file, sha256, socket, onObjectsLost: () => this.#renew(name) });
      this.#plugins.set(name, plugin);
    }
    return plugin;
  }

  /** Services are built once a process: only a fresh one gets new objects for them. */
  #renew(plugin: string): void {
    if (this.#renewing) return;
    this.#renewing = true;
    const reason = `objects of the isolated plugin ${plugin} are gone with the process that made them`;
    this.#options.send({ kind: "renew", reason });
  }
}
