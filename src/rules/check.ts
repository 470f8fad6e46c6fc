/** `vsmtp check` of the rules: scripts are compiled and plugins judged, but nothing is run and nothing loaded. */

import type { VsmtpError } from "../errors.ts";
import { Engine } from "../vsl/index.ts";
import type { RulesOptions } from "./rules.ts";
import { surroundings } from "./surroundings.ts";

/** Everything wrong with the rule scripts and what they import. */
export function check({ config, plugins }: Omit<RulesOptions, "log">): VsmtpError[] {
  const file = config.app.vsl.filter_path;
  return file === null ? [] : new Engine(surroundings(config, plugins, "check")).check([file]);
}
