/**
 * What happens around every call of one function: it is marked as being in flight (mark.ts) and counted. Also where a
 * call of a plugin that is out of service ends.
 *
 * Quick calls pay for this on every call, so only some of them are timed.
 */

import type { Site } from "./guard-site.ts";
import { Mark } from "./mark.ts";
import { type RunningFunction, type RunningPlugin, runningPlugin } from "./running.ts";

/** Quick calls of a function that are all timed, before only one in {@link SPARSE} is; a power of two. */
const DENSE = 64;
const SPARSE = 1024;

export class Watch {
  readonly site: Site;
  readonly mark: Mark;
  readonly figures: RunningFunction;
  readonly #plugin: RunningPlugin;
  /** Bits of the number of a call that are 0 when it is timed. */
  #mask = 0;
  #since = 0;

  constructor(site: Site) {
    this.site = site;
    this.mark = new Mark(site.plugin, site.name);
    this.#plugin = runningPlugin(site.plugin);
    this.figures = this.#plugin.function(site.name);
  }

  /** Throws a VsmtpError when the plugin is out of service. */
  admit(): void {
    const { stopped } = this.#plugin;
    if (stopped !== undefined) throw this.site.error("PLUGIN_QUARANTINED", { reason: stopped });
  }

  /** Right before a call on this thread; {@link end} follows, however it ends. Throws as {@link admit}. */
  begin(situation: number): void {
    this.admit();
    if ((this.figures.calls++ & this.#mask) === 0) this.#since = performance.now();
    this.mark.begin(situation);
  }

  end(): void {
    this.mark.end();
    if (this.#since !== 0) this.#sample();
  }

  /** The error of a call that failed because of the plugin. */
  failed(reason: string): Error {
    this.figures.errors++;
    return this.site.error("PLUGIN_CALL_FAILED", { reason });
  }

  #sample(): void {
    this.figures.times.add(performance.now() - this.#since);
    this.#since = 0;
    if (this.figures.calls >= DENSE) this.#mask = SPARSE - 1;
  }
}
