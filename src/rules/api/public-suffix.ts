/**
 * Which part of a domain somebody registered: the public suffix (`com`, `co.uk`) and one label before it.
 *
 * The rules are those of publicsuffix.org. The list that distributions install (Debian: package `publicsuffix`) is read
 * on first use; without it a table of the larger countries' rules holds, and `*` for everything else.
 */

import { readFileSync } from "node:fs";
import { domainToASCII } from "node:url";
import { builtinRules } from "./public-suffix-table.ts";

const INSTALLED = "/usr/share/publicsuffix/public_suffix_list.dat";

let rules: ReadonlySet<string> | undefined;

/** The domain itself when it is a public suffix. Lower case, as it was written otherwise. */
export function registrableDomain(domain: string, list: ReadonlySet<string> = installed()): string {
  const labels = domain.replace(/\.$/, "").toLowerCase().split(".");
  return labels.slice(-(suffixLength(labels, list) + 1)).join(".");
}

/** The rules in the lines of a list: `com`, `*.ck`, `!www.ck`; in ASCII. */
export function readRules(lines: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const line of lines) {
    const [rule = ""] = line.trim().split(/\s/);
    if (rule === "" || rule.startsWith("//")) continue;
    const [, sign = "", name = ""] = /^(!|\*\.)?(.*)$/.exec(rule) ?? [];
    found.add(`${sign}${ascii(name)}`);
  }
  return found;
}

/** How many labels the public suffix has: of the longest rule that fits, and one where none does. */
function suffixLength(labels: readonly string[], list: ReadonlySet<string>): number {
  for (let from = 0; from < labels.length; from++) {
    const name = ascii(labels.slice(from).join("."));
    const above = ascii(labels.slice(from + 1).join("."));
    if (list.has(`!${name}`)) return labels.length - from - 1;
    if (list.has(name) || list.has(`*.${above}`)) return labels.length - from;
  }
  return 1;
}

function installed(): ReadonlySet<string> {
  rules ??= readRules(installedLines() ?? builtinRules());
  return rules;
}

function installedLines(): string[] | undefined {
  try {
    return readFileSync(INSTALLED, "utf8").split("\n");
  } catch {
    return undefined;
  }
}

function ascii(name: string): string {
  return /^[\x21-\x7e]*$/.test(name) ? name : domainToASCII(name) || name;
}
