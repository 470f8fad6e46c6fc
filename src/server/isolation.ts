/** Which plugins the configuration wants in processes of their own, and where these are reached. */

import { join } from "node:path";
import type { Config } from "../config/index.ts";
import { VsmtpError } from "../errors.ts";
import type { Admitted, Plugins } from "../plugin/index.ts";
import { runtimeDirectory } from "./supervisor/directories.ts";

/** How a plugin is isolated; false: it is not. A name of its own goes before the defaults. */
export function isolationOf({ app }: Config, plugin: string): Config["app"]["plugins"]["defaults"]["isolate"] {
  const { named, defaults } = app.plugins;
  return named[plugin]?.isolate ?? defaults.isolate;
}

/**
 * Whether scripts get the plugin from a process of its own. Storage plugins have no such process: by the defaults they
 * are not meant, and one that is named is a mistake, which {@link isolationProblem} tells.
 */
export function isIsolated(config: Config, { manifest }: Admitted): boolean {
  if (!manifest.scripted || isolationOf(config, manifest.name) === false) return false;
  return manifest.storage === undefined || isNamed(config, manifest.name);
}

export function isolationProblem(config: Config, { manifest, file }: Admitted): VsmtpError | undefined {
  const { name, storage } = manifest;
  if (storage === undefined || !isNamed(config, name)) return undefined;
  return new VsmtpError("PLUGIN_ISOLATE_STORAGE", { plugin: name, file });
}

/** For `vsmtp check` and for a reload: isolation that cannot be. */
export function isolationProblems(config: Config, plugins: Plugins): VsmtpError[] {
  return plugins.verdicts
    .filter((verdict) => verdict.kind === "admitted")
    .flatMap((verdict) => isolationProblem(config, verdict) ?? []);
}

/** The plugins that get a process, in the order of their files. */
export function isolatedNames(config: Config, plugins: Plugins): string[] {
  return plugins.verdicts
    .filter((verdict) => verdict.kind === "admitted")
    .filter((verdict) => isIsolated(config, verdict) && !isolationProblem(config, verdict))
    .map(({ manifest }) => manifest.name);
}

/** The path of the socket on which a plugin's process serves the smtp processes. */
export function isolatedSocket(config: Config, plugin: string): string {
  return join(runtimeDirectory(config), `isolated-${plugin}.sock`);
}

function isNamed({ app }: Config, plugin: string): boolean {
  return (app.plugins.named[plugin]?.isolate ?? false) !== false;
}
