/**
 * The domains that this host takes care of: each directory of `app.vsl.domain_dir` is one, by its name, and may bring
 * a `config.vsl` whose `on_domain_config` says what differs for it. Links are followed, plain files do not count.
 */

import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { reasonOf, VsmtpError } from "../errors.ts";
import { isHostName } from "./host-name.ts";
import { Places } from "./places.ts";
import { configProblems } from "./problems.ts";
import type { Settings } from "./schema.ts";
import { pathIn } from "./schema-parts.ts";
import { type VirtualDomain, virtualDomain } from "./schema-tls.ts";
import { runConfigScript } from "./script.ts";

export interface Domains {
  /** `server.virtual` with an entry for each directory. */
  readonly virtual: Readonly<Record<string, VirtualDomain>>;
  /** Each domain, in lower case, with the directory of its scripts; undefined: it has none. */
  readonly directories: ReadonlyMap<string, string | undefined>;
}

/** `directory` is that of vsmtp.vsl. */
export async function loadDomains(settings: Settings, directory: string): Promise<Domains | VsmtpError[]> {
  const virtual: Record<string, VirtualDomain> = {};
  const directories = new Map<string, string | undefined>();
  for (const [name, domain] of Object.entries(settings.server.virtual)) {
    virtual[name.toLowerCase()] = domain;
    directories.set(name.toLowerCase(), undefined);
  }
  const problems: VsmtpError[] = [];
  const found = directoriesOf(settings.app.vsl.domain_dir);
  for (const { name, path } of Array.isArray(found) ? found : []) {
    const domain = name.toLowerCase();
    if (!isHostName(domain)) {
      problems.push(new VsmtpError("CONFIG_DOMAIN_NAME", { directory: path, name }));
      continue;
    }
    const configured = await configure(domain, path, directory, virtual[domain]);
    if (Array.isArray(configured)) problems.push(...configured);
    else virtual[domain] = configured;
    directories.set(domain, path);
  }
  if (found instanceof VsmtpError) return [found];
  return problems.length > 0 ? problems : { virtual, directories };
}

/** What holds for one domain after its script was asked, which is given what is known of it so far. */
async function configure(
  domain: string,
  path: string,
  directory: string,
  before: VirtualDomain | undefined,
): Promise<VirtualDomain | VsmtpError[]> {
  const schema = virtualDomain(pathIn(directory));
  const defaults = before ?? schema.parse({});
  const file = join(path, "config.vsl");
  if (!existsSync(file)) return defaults;
  const value = await runConfigScript({ file, directory, function: "on_domain_config" }, defaults);
  if (Array.isArray(value)) return value;
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  const section = ["server", "virtual", domain];
  return configProblems({ file, value, defaults, section, places: new Places(file, directory) }, error);
}

/** Sub-directories, by name; hidden ones belong to somebody's tools. */
function directoriesOf(domainDir: string | null): { name: string; path: string }[] | VsmtpError {
  if (domainDir === null) return [];
  try {
    return readdirSync(domainDir)
      .filter((name) => !name.startsWith("."))
      .map((name) => ({ name, path: join(domainDir, name) }))
      .filter(({ path }) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    return new VsmtpError("CONFIG_DOMAIN_DIR", { directory: domainDir, reason: reasonOf(error) }, { cause: error });
  }
}
