/**
 * What plugins mean to each other: no two of one name, no two with one global module, none without those that it
 * depends on, and what storage plugins owe each other (registry-storage.ts). What breaks a rule is refused; the rest is
 * not touched by it.
 */

import type { ErrorCode, Facts } from "../errors.ts";
import type { Admitted } from "./admit.ts";
import { enumerate, problem } from "./problem.ts";
import { type Judged, nameOf, type Origin } from "./registry-judge.ts";
import { storageRules } from "./registry-storage.ts";

/** An admitted file that the rules may still refuse. */
export interface Standing extends Judged {
  readonly verdict: Admitted;
}

export function judgeTogether(all: readonly Judged[], reserved: ReadonlySet<string>): Judged[] {
  const chosen = withoutReplaced(all);
  const named = refuseEach(chosen, twins);
  const global = refuseEach(named, (one, others) => takenModule(one, others, reserved));
  let judged = refuseEach(global, circle);
  // One that is refused for its dependency may be the dependency of the next.
  for (;;) {
    const next = [lackingDependency, strangeNeighbour, ...storageRules].reduce(refuseEach, judged);
    if (next.every((one, index) => one === judged[index])) return next;
    judged = next;
  }
}

/**
 * A plugin that somebody named by its path takes the place of one in the directory, and that one of one that came
 * with the host, even when it turns out to be refused.
 */
function withoutReplaced(all: readonly Judged[]): Judged[] {
  return all.filter(({ origin, verdict }) => {
    const name = nameOf(verdict);
    return (
      name === undefined || !all.some((other) => nameOf(other.verdict) === name && goesBefore(other.origin, origin))
    );
  });
}

const PRECEDENCE: readonly Origin[] = ["given", "directory", "shipped"];

function goesBefore(one: Origin, other: Origin): boolean {
  return PRECEDENCE.indexOf(one) < PRECEDENCE.indexOf(other);
}

/** Which rule a plugin breaks among all that stand. */
export type Rule = (one: Standing, company: Company) => { code: ErrorCode; facts: Facts } | undefined;

/** The admitted plugins, by what they may not share. */
export class Company {
  readonly all: readonly Standing[];
  readonly #byName = new Map<string, Standing[]>();
  readonly #byModule = new Map<string, Standing[]>();
  readonly #byRealFile = new Map<string, Standing[]>();

  constructor(standing: readonly Standing[]) {
    this.all = standing;
    for (const one of standing) {
      const { name, module } = one.verdict.manifest;
      push(this.#byName, name, one);
      push(this.#byRealFile, one.verdict.realFile, one);
      if (module !== undefined) push(this.#byModule, module, one);
    }
  }

  named(name: string): readonly Standing[] {
    return this.#byName.get(name) ?? [];
  }

  at(realFile: string): readonly Standing[] {
    return this.#byRealFile.get(realFile) ?? [];
  }

  offering(module: string): readonly Standing[] {
    return this.#byModule.get(module) ?? [];
  }
}

function refuseEach(all: readonly Judged[], rule: Rule): Judged[] {
  const company = new Company(all.filter(isStanding));
  return all.map((one) => {
    const broken = isStanding(one) ? rule(one, company) : undefined;
    if (!broken) return one;
    const { file } = one.verdict;
    const problems = [problem(broken.code, { file, ...broken.facts })];
    return { ...one, verdict: { kind: "refused", file, name: nameOf(one.verdict) ?? "", problems } };
  });
}

function twins(one: Standing, company: Company): ReturnType<Rule> {
  const { name } = one.verdict.manifest;
  const others = company.named(name).filter((other) => other !== one);
  if (others.length === 0) return undefined;
  return { code: "PLUGIN_NAME_TWICE", facts: { name, other: enumerate(others.map(({ verdict }) => verdict.file)) } };
}

function takenModule(one: Standing, company: Company, reserved: ReadonlySet<string>): ReturnType<Rule> {
  const { module } = one.verdict.manifest;
  if (module === undefined) return undefined;
  const taken = (owner: string) => ({ code: "PLUGIN_MODULE_TAKEN", facts: { module, owner } }) as const;
  if (reserved.has(module)) return taken("vSMTP itself");
  const others = company.offering(module).filter((other) => other !== one);
  // One that came with the host was there first; between two others nothing could tell.
  const shipped = others.find(({ origin }) => origin === "shipped");
  const owner = one.origin === "shipped" ? undefined : (shipped ?? others[0]);
  return owner && taken(`the plugin ${owner.verdict.manifest.name} (${owner.verdict.file})`);
}

function lackingDependency(one: Standing, company: Company): ReturnType<Rule> {
  const dependency = one.verdict.manifest.dependencies.find((name) => company.named(name).length === 0);
  if (dependency === undefined) return undefined;
  return { code: "PLUGIN_DEPENDENCY", facts: { dependency, reason: "that one is not there, or is refused" } };
}

/**
 * One that is linked with another plugin gets the copy of that which is in memory already, if that has the name as its
 * SONAME; else the loader would look for the file, and load it as a second plugin that nobody knows of.
 */
function strangeNeighbour(one: Standing, company: Company): ReturnType<Rule> {
  const { neighbours, manifest } = one.verdict;
  for (const { name: library, path } of neighbours) {
    const others = path === undefined ? manifest.dependencies.flatMap((name) => company.named(name)) : company.at(path);
    const isKnown = ({ verdict }: Standing) =>
      verdict.soname === library && manifest.dependencies.includes(verdict.manifest.name);
    const [other] = others;
    if (other && !others.some(isKnown)) {
      return { code: "PLUGIN_NEIGHBOUR", facts: { library, plugin: other.verdict.manifest.name } };
    }
  }
  return undefined;
}

/** Plugins are loaded after those that they depend on, so a circle could not begin. */
function circle(one: Standing, company: Company): ReturnType<Rule> {
  const { name, dependencies } = one.verdict.manifest;
  for (const dependency of dependencies) {
    const reached = new Set([dependency]);
    for (const next of reached) {
      const further = company.named(next).flatMap(({ verdict }) => verdict.manifest.dependencies);
      for (const other of further) reached.add(other);
    }
    if (reached.has(name)) {
      return { code: "PLUGIN_DEPENDENCY", facts: { dependency, reason: `that one depends on ${name}, in a circle` } };
    }
  }
  return undefined;
}

function isStanding(one: Judged): one is Standing {
  return one.verdict.kind === "admitted";
}

function push(map: Map<string, Standing[]>, key: string, one: Standing): void {
  const there = map.get(key);
  if (there) there.push(one);
  else map.set(key, [one]);
}
