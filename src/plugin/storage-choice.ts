/** Which storage plugins take part, of those that there are: all, or the ones that the configuration names. */

import type { VsmtpError } from "../errors.ts";
import type { Admitted, Verdict } from "./admit.ts";
import { BUILT_IN } from "./manifest-storage.ts";
import { nearNames, storageName } from "./name.ts";
import { problem } from "./problem.ts";

export interface StorageChoice {
  /** In the order in which they are loaded. */
  readonly plugins: readonly Admitted[];
  /** Names that mean no storage plugin, and plugins without those that they depend on. */
  readonly problems: readonly VsmtpError[];
}

/**
 * @param all every storage plugin, in the order in which they are loaded
 * @param names null: all of them. In any spelling: `mail-log`, or `mail_log` as Dovecot's settings have it
 * @param lookup what became of a plugin of that name
 */
export function chooseStorage(
  all: readonly Admitted[],
  names: readonly string[] | null,
  lookup: (name: string) => Verdict | undefined,
): StorageChoice {
  if (names === null) return { plugins: all, problems: [] };
  const wanted = new Set(names.map(storageName).filter((name) => !BUILT_IN.has(name)));
  const plugins = all.filter(({ manifest }) => wanted.has(manifest.name));
  const found = new Set(plugins.map(({ manifest }) => manifest.name));
  const missing = [...wanted].filter((name) => !found.has(name)).map((name) => absent(name, lookup(name), all));
  return { plugins, problems: [...missing, ...plugins.flatMap((plugin) => lacking(plugin, found))] };
}

function absent(name: string, verdict: Verdict | undefined, all: readonly Admitted[]): VsmtpError {
  const [near] = nearNames(
    name,
    all.map(({ manifest }) => manifest.name),
  );
  const refused = verdict?.kind === "refused";
  const reason = refused ? `${verdict.file} is refused` : verdict ? `${verdict.file} is none` : "none has that name";
  const look = refused ? "`vsmtp plugin list` shows why" : "`vsmtp plugin list` shows what there is";
  const hint = verdict || near === undefined ? look : `Did you mean ${near}? ${look}`;
  return problem("STORAGE_PLUGIN", { name, reason, hint });
}

function lacking({ manifest: { name, storage } }: Admitted, chosen: ReadonlySet<string>): VsmtpError[] {
  const missing = storage?.dependencies.filter((dependency) => !chosen.has(dependency)) ?? [];
  return missing.map((dependency) => problem("STORAGE_PLUGIN_DEPENDENCY", { name, dependency }));
}
