/**
 * Loads all rule scripts of a program together: what they import is run once for all of them, and which code may
 * have to wait is decided over the whole program.
 */

import { VsmtpError } from "../errors.ts";
import type { Log } from "../observe/index.ts";
import { Engine, type Script, ScriptProblems, scriptsOnDisk } from "../vsl/index.ts";
import { type Directives, directivesOf } from "./directives.ts";
import type { Domains, Route } from "./domains.ts";
import type { RulesOptions } from "./rules.ts";
import { domainRoles, type RuleScript, type ScriptRole, scriptsOf } from "./scripts.ts";
import type { RuleStage } from "./stage.ts";
import { surroundings } from "./surroundings.ts";

export interface LoadedScript {
  readonly script: Script;
  readonly directives: Directives;
}

export class LoadedScripts {
  readonly #scripts: ReadonlyMap<string, LoadedScript>;

  constructor(scripts: ReadonlyMap<string, LoadedScript>) {
    this.#scripts = scripts;
  }

  /** Whether any of them has directives for a stage. */
  have(stage: RuleStage): boolean {
    return [...this.#scripts.values()].some(({ directives }) => (directives.get(stage)?.length ?? 0) > 0);
  }

  /** Undefined: there is no file of that role. */
  of(route: Route): LoadedScript | undefined {
    return this.#scripts.get(keyOf(route.role, route.role === "root" ? undefined : route.domain));
  }
}

/** Throws a VsmtpError, ScriptProblems when several things are wrong. */
export async function loadScripts(options: RulesOptions, domains: Domains): Promise<LoadedScripts> {
  const { config, plugins, log, scripts: texts = scriptsOnDisk, tellMissing = true } = options;
  const files = scriptsOf(config, texts);
  if (tellMissing) tellWhatIsMissing(files, domains, log);
  if (files.length === 0) return new LoadedScripts(new Map());
  const print = (line: string) => log("app").info({}, line);
  const engine = new Engine({ ...surroundings(config, plugins, "run"), files: texts, print });
  const scripts = await engine.load(files.map(({ file }) => file));
  for (const { message, fix, place } of engine.failures) {
    log("rules").error({ file: place?.file, line: place?.line, fix }, message);
  }
  return new LoadedScripts(withDirectives(files, scripts));
}

function withDirectives(files: readonly RuleScript[], scripts: readonly Script[]): Map<string, LoadedScript> {
  const loaded = new Map<string, LoadedScript>();
  const problems: VsmtpError[] = [];
  for (const [i, { role, domain }] of files.entries()) {
    const script = scripts[i] as Script;
    try {
      loaded.set(keyOf(role, domain), { script, directives: directivesOf(script) });
    } catch (error) {
      if (!(error instanceof VsmtpError)) throw error;
      problems.push(error);
    }
  }
  if (problems.length > 0) throw new ScriptProblems(problems);
  return loaded;
}

function keyOf(role: ScriptRole, domain: string | undefined): string {
  return `${role} ${domain ?? ""}`;
}

/** A missing script is no error, but whoever forgot one wants to know what that means. */
function tellWhatIsMissing(files: readonly RuleScript[], domains: Domains, log: Log): void {
  const there = new Set(files.map(({ role, domain }) => keyOf(role, domain)));
  if (!there.has(keyOf("root", undefined))) log("rules").warn("there is no filter.vsl, so every client is refused");
  for (const domain of domains.names) {
    for (const role of domainRoles) {
      if (there.has(keyOf(role, domain))) continue;
      log("rules").warn({ domain }, `the domain has no ${role}.vsl${CONSEQUENCE[role]}`);
    }
  }
}

const CONSEQUENCE = {
  incoming: ", so mails to it are refused",
  outgoing: ", so mails from it are refused",
  internal: "",
} as const;
