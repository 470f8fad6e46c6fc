/**
 * Which rule scripts a configuration has: the root filter, and for every handled domain up to three of its own in
 * `<domain_dir>/<domain>/`. What they hold, and which of them a stage asks, is told elsewhere (directives.ts, domains.ts).
 */

import { join } from "node:path";
import type { Config } from "../config/index.ts";
import { type ScriptFiles, scriptsOnDisk } from "../vsl/index.ts";
import { normalDomain } from "./domains.ts";

/** What a script is there for; also the name of its file, but for the root filter. */
export type ScriptRole = "root" | DomainRole;

/**
 * `incoming`: mails from elsewhere to the domain; `outgoing`: mails from the domain to others; `internal`: mails
 * from the domain to itself.
 */
export type DomainRole = "incoming" | "outgoing" | "internal";

export const domainRoles: readonly DomainRole[] = ["incoming", "outgoing", "internal"];

export interface RuleScript {
  readonly role: ScriptRole;
  /** Whose rules these are, as `Domains` has it; undefined for the root filter. */
  readonly domain: string | undefined;
  /** Absolute path. */
  readonly file: string;
}

/** All rule scripts of a program, the root filter first. */
export function scriptsOf({ app, domains }: Config, files: ScriptFiles = scriptsOnDisk): RuleScript[] {
  const { filter_path } = app.vsl;
  const root: RuleScript[] = filter_path === null ? [] : [{ role: "root", domain: undefined, file: filter_path }];
  const ofDomains = [...domains].flatMap(([domain, directory]) =>
    directory === undefined ? [] : inside(directory, domain, files),
  );
  return [...root, ...ofDomains];
}

function inside(directory: string, name: string, files: ScriptFiles): RuleScript[] {
  const domain = normalDomain(name);
  const scripts = domainRoles.map((role) => ({ role, domain, file: join(directory, `${role}.vsl`) }));
  return scripts.filter(({ file }) => isThere(files.read(file)));
}

/** One that cannot be read is there: whoever loads it is told why. */
function isThere(read: string | Error): boolean {
  return typeof read === "string" || (read as NodeJS.ErrnoException).code !== "ENOENT";
}
