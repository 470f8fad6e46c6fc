/** `vsmtp check`: everything that can be known to be wrong without opening a socket or loading a plugin. */

import { type Config, loadConfig } from "../config/index.ts";
import type { VsmtpError } from "../errors.ts";
import type { Plugins } from "../plugin/index.ts";
import { check } from "../rules/index.ts";
import type { ScriptFiles } from "../vsl/index.ts";
import { isolationProblems } from "./isolation.ts";
import { findPlugins } from "./plugins.ts";

/** The problems of the configuration of `file`, of its scripts and of the plugins beside them; none: all is well. */
export async function checkServer(file: string): Promise<VsmtpError[]> {
  const config = await loadConfig(file);
  return Array.isArray(config) ? config.sort(byPlace) : problemsIn({ config, plugins: findPlugins(config) });
}

export interface Checked {
  readonly config: Config;
  readonly plugins: Plugins;
  /** Where scripts are; left out: on the disk. */
  readonly scripts?: ScriptFiles;
}

/** By file, line and column; what has no place comes before what has one in the same file. */
function byPlace(a: VsmtpError, b: VsmtpError): number {
  const [one, other] = [fileOf(a), fileOf(b)];
  if (one !== other) return one < other ? -1 : 1;
  return (a.place?.line ?? 0) - (b.place?.line ?? 0) || (a.place?.column ?? 0) - (b.place?.column ?? 0);
}

function fileOf({ place, facts }: VsmtpError): string {
  return place?.file ?? String(facts.file ?? "");
}

/** What is wrong with the scripts and plugins of a configuration. */
export function problemsIn({ config, plugins, scripts }: Checked): VsmtpError[] {
  const refused = plugins.verdicts.flatMap((verdict) => (verdict.kind === "refused" ? verdict.problems : []));
  const { problems } = plugins.storage(config.app.storage.plugins);
  const isolated = isolationProblems(config, plugins);
  const inScripts = check({ config, plugins, scripts });
  // A refusal is told once: where a script imports the plugin, if one does.
  const told = new Set(inScripts.map(({ message }) => message));
  return [...refused.filter(({ message }) => !told.has(message)), ...problems, ...isolated, ...inScripts].sort(byPlace);
}
