/**
 * What storage plugins mean to each other. They are loaded one after the other in the order of their file names, and
 * the functions of one that another depends on are there for all that come after it.
 */

import { basename } from "node:path";
import { loadOrder } from "./name.ts";
import { enumerate } from "./problem.ts";
import type { Company, Rule, Standing } from "./registry-rules.ts";

export const storageRules: readonly Rule[] = [noStoragePlugin, dependsOnLater, undefinedAmongAll, clash];

function noStoragePlugin(one: Standing, company: Company): ReturnType<Rule> {
  const dependency = dependenciesOf(one).find((name) => storageNamed(name, company) === undefined);
  if (dependency === undefined) return undefined;
  return { code: "PLUGIN_DEPENDENCY", facts: { dependency, reason: "that one is no storage plugin" } };
}

function dependsOnLater(one: Standing, company: Company): ReturnType<Rule> {
  for (const dependency of dependenciesOf(one)) {
    const other = storageNamed(dependency, company);
    if (!other || isBefore(other, one)) continue;
    const [first = "", second = ""] = [other, one].map(({ verdict }) => verdict.manifest.storage?.base);
    return { code: "PLUGIN_ORDER", facts: { dependency, first, second, other: other.verdict.file } };
  }
  return undefined;
}

function undefinedAmongAll(one: Standing, company: Company): ReturnType<Rule> {
  const defined = new Set(allDependencies(one, company).flatMap(exportsOf));
  const missing = (one.verdict.linkage?.wanted ?? []).filter((name) => !defined.has(name));
  if (missing.length === 0) return undefined;
  const hint = `Neither vSMTP's storage library nor ${enumerate(dependenciesOf(one))} has them: link the plugin with the library that does (-l…), or name the plugin that defines them in its dependencies`;
  return { code: "PLUGIN_UNDEFINED", facts: { symbols: enumerate(missing.sort()), hint } };
}

/** What linkers export of every file. */
const EVERYBODYS: ReadonlySet<string> = new Set(["_init", "_fini", "_edata", "_end", "__bss_start"]);

/** The loader would take the other's function even for calls within this plugin. */
function clash(one: Standing, company: Company): ReturnType<Rule> {
  const own = new Set(exportsOf(one).filter((name) => !EVERYBODYS.has(name)));
  if (own.size === 0) return undefined;
  for (const other of company.all) {
    const both = other === one ? [] : exportsOf(other).filter((name) => own.has(name));
    if (both.length === 0 || !isBefore(other, one)) continue;
    const dependent = company.all.find((third) => dependenciesOf(third).includes(other.verdict.manifest.name));
    if (!dependent) continue;
    const facts = { other: other.verdict.file, dependent: dependent.verdict.manifest.name };
    return { code: "PLUGIN_CLASH", facts: { ...facts, symbols: enumerate(both.sort()) } };
  }
  return undefined;
}

/** The plugins that it depends on, and those that they do. */
function allDependencies(one: Standing, company: Company): Standing[] {
  const all = new Set([one]);
  for (const next of all) {
    for (const name of dependenciesOf(next)) {
      const other = storageNamed(name, company);
      if (other) all.add(other);
    }
  }
  all.delete(one);
  return [...all];
}

function storageNamed(name: string, company: Company): Standing | undefined {
  return company.named(name).find(({ verdict }) => verdict.manifest.storage !== undefined);
}

function dependenciesOf({ verdict }: Standing): readonly string[] {
  return verdict.manifest.storage?.dependencies ?? [];
}

function exportsOf({ verdict }: Standing): readonly string[] {
  return verdict.linkage?.exports ?? [];
}

function isBefore(one: Standing, other: Standing): boolean {
  return loadOrder(basename(one.verdict.file), basename(other.verdict.file)) < 0;
}
