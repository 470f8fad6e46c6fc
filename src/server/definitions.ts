/** `vsmtp check --emit-definitions`: what scripts can use, as `.d.vsl` files for editors and people. */

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Config, loadConfig } from "../config/index.ts";
import { reasonOf, VsmtpError } from "../errors.ts";
import { ruleSurroundings } from "../rules/index.ts";
import { definitions } from "../vsl/index.ts";
import { findPlugins } from "./plugins.ts";

/** The files that were written, or what is in the way. No plugin is loaded: their files say what they offer. */
export async function emitDefinitions(file: string, directory: string): Promise<(string | VsmtpError)[]> {
  const config = await loadConfig(file);
  if (Array.isArray(config)) return config;
  try {
    return write(directory, textsOf(config));
  } catch (error) {
    return [new VsmtpError("DEFINITIONS_WRITE", { directory, reason: reasonOf(error) }, { cause: error })];
  }
}

function textsOf(config: Config): ReadonlyMap<string, string> {
  const plugins = findPlugins(config);
  const { modules, globals } = ruleSurroundings(config, plugins, "check");
  const all = new Map(modules);
  for (const verdict of plugins.verdicts) {
    if (verdict.kind !== "admitted" || !verdict.manifest.scripted) continue;
    // As scripts import it.
    all.set(`plugins/vsmtp-plugin-${verdict.manifest.name}`, plugins.describe(verdict));
  }
  return definitions(all, globals);
}

function write(directory: string, texts: ReadonlyMap<string, string>): string[] {
  return [...texts].map(([name, text]) => {
    const file = join(directory, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  });
}
