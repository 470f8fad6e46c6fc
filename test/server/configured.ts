/** The configuration of a site, as the host reads it. */

import { type Config, loadConfig } from "../../src/config/index.ts";
import { Site } from "../fixtures/site.ts";

export interface Configured {
  readonly site: Site;
  readonly config: Config;
}

/** @param statements of on_config */
export async function configured(statements = ""): Promise<Configured> {
  const site = new Site({ config: statements });
  const config = await loadConfig(site.config);
  if (Array.isArray(config)) throw config[0];
  return { site, config };
}
