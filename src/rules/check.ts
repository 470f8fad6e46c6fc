/** `vsmtp check` of the rules: scripts are read and plugins judged, but nothing is run and nothing loaded. */

import type { Config } from "../config/index.ts";
import type { VsmtpError } from "../errors.ts";
import { Engine, type ScriptFiles, scriptsOnDisk } from "../vsl/index.ts";
import { directiveProblems } from "./check-directives.ts";
import { stagesOf } from "./check-stages.ts";
import type { RulesOptions } from "./rules.ts";
import { scriptsOf } from "./scripts.ts";
import { surroundings } from "./surroundings.ts";
import { usersProblem } from "./users-function.ts";

/** Everything wrong with the rule scripts and what they import. */
export function check({ config, plugins, scripts: texts = scriptsOnDisk }: Omit<RulesOptions, "log">): VsmtpError[] {
  const files = scriptsOf(config, texts).map(({ file }) => file);
  const { problems, scripts } = new Engine({ ...surroundings(config, plugins, "check"), files: texts }).analyze(files);
  const found = scripts.flatMap((script) => {
    const { stages, problems: ofStages } = stagesOf(script);
    return [...ofStages, ...directiveProblems(script, stages)];
  });
  const root = config.app.vsl.filter_path === null ? undefined : scripts[0];
  const ofUsers = root?.isPartial ? undefined : usersProblem(config, (name) => root?.has(name, 1) ?? false);
  return [...problems, ...found, ...(ofUsers ? [ofUsers] : [])];
}

/** Reads all rule scripts and what they import, for whoever records what is read. */
export function readScripts(config: Config, scripts: ScriptFiles): void {
  const files = scriptsOf(config, scripts).map(({ file }) => file);
  new Engine({ directory: config.directory, files: scripts }).read(files);
}
