/**
 * `version_requirement`: which versions a configuration is written for, as Cargo writes them: `">=2.2.1, <3.0.0"`,
 * `"^2.1"`, `"~2.1.3"`, `"2.*"`, a bare version meaning `^`.
 *
 * Configurations of the original name its versions. This host reads the language of {@link LANGUAGE_VERSION}, so a
 * requirement is met when either that or the host's own version fulfils it.
 */

import { readFileSync } from "node:fs";

/** The version of vSMTP 2.x whose configuration this host reads. */
export const LANGUAGE_VERSION = "2.2.1";

/** This host's. */
export const ownVersion: string = (
  JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as { version: string }
).version;

type Numbers = readonly [number, number, number];

interface Comparator {
  readonly operator: string;
  /** As many as are written; `*` ends them. */
  readonly parts: readonly number[];
  readonly prerelease: string | undefined;
}

const COMPARATOR = /^(=|>=|>|<=|<|~|\^)?\s*(\d+|\*)(?:\.(\d+|\*))?(?:\.(\d+|\*))?(?:-([0-9A-Za-z.-]+))?(?:\+[\w.-]+)?$/;

export function isVersionRequirement(text: string): boolean {
  return parse(text) !== undefined;
}

/** Whether this host may run a configuration with that requirement. */
export function isFulfilled(
  requirement: string,
  versions: readonly string[] = [ownVersion, LANGUAGE_VERSION],
): boolean {
  const comparators = parse(requirement);
  return comparators !== undefined && versions.some((version) => comparators.every((one) => admits(one, version)));
}

function parse(text: string): Comparator[] | undefined {
  const comparators = text.split(",").map((part) => comparatorOf(part.trim()));
  return comparators.some((one) => one === undefined) ? undefined : (comparators as Comparator[]);
}

function comparatorOf(text: string): Comparator | undefined {
  const match = COMPARATOR.exec(text);
  if (!match) return undefined;
  const [, operator, major, minor, patch, prerelease] = match;
  const written = [major, minor, patch].filter((part) => part !== undefined);
  const star = written.indexOf("*");
  const parts = (star === -1 ? written : written.slice(0, star)).map(Number);
  return { operator: operator ?? (star === -1 ? "^" : "="), parts, prerelease };
}

/** A comparator leaves a range: from its version (or the end of what it wrote) up to another. */
function admits({ operator, parts, prerelease }: Comparator, version: string): boolean {
  const numbers = numbersOf(version);
  const low: Numbers = [parts[0] ?? 0, parts[1] ?? 0, parts[2] ?? 0];
  const order = compare(numbers, low);
  const whole = parts.length === 3;
  switch (operator) {
    case ">":
      return whole ? order > 0 || (order === 0 && prerelease !== undefined) : compare(numbers, after(parts)) >= 0;
    case ">=":
      return order >= 0;
    case "<":
      return order < 0;
    case "<=":
      return whole ? order <= 0 : compare(numbers, after(parts)) < 0;
    case "=":
      return whole ? order === 0 && prerelease === undefined : order >= 0 && compare(numbers, after(parts)) < 0;
    case "~":
      return order >= 0 && compare(numbers, after(parts.slice(0, 2))) < 0;
    default:
      return order >= 0 && compare(numbers, after(parts.slice(0, significant(parts)))) < 0;
  }
}

/** `^` keeps everything up to the first number that is not zero. */
function significant(parts: readonly number[]): number {
  const first = parts.findIndex((part) => part !== 0);
  return first === -1 ? parts.length : first + 1;
}

/** The first version that no longer begins with these parts. */
function after(parts: readonly number[]): Numbers {
  if (parts.length === 0) return [Number.POSITIVE_INFINITY, 0, 0];
  const next = parts.map((part, i) => (i === parts.length - 1 ? part + 1 : part));
  return [next[0] ?? 0, next[1] ?? 0, next[2] ?? 0];
}

function numbersOf(version: string): Numbers {
  const [major = 0, minor = 0, patch = 0] = version.split(/[-+]/, 1)[0]?.split(".").map(Number) ?? [];
  return [major, minor, patch];
}

function compare(one: Numbers, other: Numbers): number {
  return one[0] - other[0] || one[1] - other[1] || one[2] - other[2];
}
