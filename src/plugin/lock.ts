/**
 * Which plugins were in service at the last good start, and what has changed in their files since. A record, not a
 * condition: what is not in it is loaded all the same.
 */

import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { reasonOf, VsmtpError } from "../errors.ts";
import type { Admitted, Refused } from "./admit.ts";
import { hostVersion } from "./host-facts.ts";
import type { Plugins } from "./registry.ts";

export interface Lock {
  /** Of vSMTP. */
  readonly version: string;
  /** ISO 8601. */
  readonly time: string;
  /** By name. */
  readonly plugins: readonly LockedPlugin[];
}

export interface LockedPlugin {
  readonly name: string;
  /** As it was found. */
  readonly file: string;
  readonly release: string;
  readonly sha256: string;
  /** Null: it has none. */
  readonly buildId: string | null;
}

export type LockDifference =
  | { readonly change: "added"; readonly name: string; readonly now: LockedPlugin }
  | { readonly change: "removed"; readonly name: string; readonly then: LockedPlugin }
  | { readonly change: "changed"; readonly name: string; readonly then: LockedPlugin; readonly now: LockedPlugin }
  /** It was in service then, and would be refused now. */
  | {
      readonly change: "refused";
      readonly name: string;
      readonly then: LockedPlugin;
      readonly problems: readonly VsmtpError[];
    };

const NAME = "lock.json";

/** What is admitted now. */
export function lockOf(plugins: Plugins): Lock {
  const locked = plugins.verdicts.flatMap((verdict) => (verdict.kind === "admitted" ? lockedOf(verdict) : []));
  const byName = locked.sort((one, other) => (one.name < other.name ? -1 : 1));
  return { version: hostVersion(), time: new Date().toISOString(), plugins: byName };
}

/**
 * Writes it, for {@link diffLock}; at once or not at all.
 *
 * @param directory of the host's state
 * @returns the path of the file, or why it could not be written
 */
export function writeLock(directory: string, plugins: Plugins): string | VsmtpError {
  const file = join(directory, NAME);
  const next = `${file}.${process.pid}`;
  try {
    writeFileSync(next, `${JSON.stringify(lockOf(plugins), undefined, 2)}\n`, { mode: 0o644 });
    renameSync(next, file);
    return file;
  } catch (error) {
    return new VsmtpError("PLUGIN_LOCK_UNWRITTEN", { file, reason: reasonOf(error) });
  }
}

export function readLock(directory: string): Lock | VsmtpError {
  const file = join(directory, NAME);
  try {
    const content: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (isLock(content)) return content;
    return new VsmtpError("PLUGIN_LOCK", { file, reason: "it is damaged" });
  } catch (error) {
    const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
    return new VsmtpError("PLUGIN_LOCK", { file, reason: missing ? "it is not there" : reasonOf(error) });
  }
}

/** What has changed since, by name. */
export function diffLock(lock: Lock, plugins: Plugins): LockDifference[] {
  const now = new Map(lockOf(plugins).plugins.map((plugin) => [plugin.name, plugin]));
  const then = new Map(lock.plugins.map((plugin) => [plugin.name, plugin]));
  const refused = new Map(plugins.verdicts.flatMap((one) => (one.kind === "refused" ? [[one.name, one]] : [])));
  const names = [...new Set([...then.keys(), ...now.keys()])].sort();
  return names.flatMap((name) => differenceOf(name, then.get(name), now.get(name) ?? refused.get(name)));
}

function differenceOf(
  name: string,
  then: LockedPlugin | undefined,
  now: LockedPlugin | Refused | undefined,
): LockDifference[] {
  if (!then) return now && !("kind" in now) ? [{ change: "added", name, now }] : [];
  if (!now) return [{ change: "removed", name, then }];
  if ("kind" in now) return [{ change: "refused", name, then, problems: now.problems }];
  return now.sha256 === then.sha256 && now.file === then.file ? [] : [{ change: "changed", name, then, now }];
}

function lockedOf({ file, manifest: { name, release }, sha256, buildId }: Admitted): LockedPlugin {
  return { name, file, release, sha256, buildId: buildId ?? null };
}

function isLock(content: unknown): content is Lock {
  if (typeof content !== "object" || content === null || !("plugins" in content)) return false;
  return Array.isArray(content.plugins) && content.plugins.every(isLocked);
}

function isLocked(content: unknown): content is LockedPlugin {
  if (typeof content !== "object" || content === null) return false;
  const { name, file, release, sha256 } = content as Record<string, unknown>;
  return [name, file, release, sha256].every((text) => typeof text === "string");
}
