/**
 * What configuration scripts may ask the machine: `env`, `hostname` and `user_exist`. The rule engine offers the same
 * three functions to rules.
 */

import { execFile, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import * as os from "node:os";

/** Of the process, with what `-e` added; undefined when it is not set. */
export function env(name: string): string | undefined {
  return process.env[name];
}

/**
 * How programs of the system are run: found where the system has them, never where the environment says, and speaking
 * the language that is understood here.
 */
export const SYSTEM_PROGRAMS = {
  env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin:/run/current-system/sw/bin", LC_ALL: "C" },
} as const;

export function hostname(): string {
  return os.hostname();
}

/** Asks /etc/passwd first, then the other sources of nsswitch.conf through getent(1). Blocks: it is for start. */
export function userExists(name: string): boolean {
  return isListed("passwd", name);
}

/** As {@link userExists}, of groups. */
export function groupExists(name: string): boolean {
  return isListed("group", name);
}

/** As {@link userExists}, for rules: nothing waits for the other sources but the rule that asks. */
export async function findUser(name: string): Promise<boolean> {
  if (isInFile("passwd", name)) return true;
  if (!isName(name)) return false;
  return new Promise((resolve) => {
    execFile("getent", ["passwd", "--", name], SYSTEM_PROGRAMS, (error) => resolve(error === null));
  });
}

function isListed(database: "passwd" | "group", name: string): boolean {
  if (isInFile(database, name)) return true;
  return (
    isName(name) && spawnSync("getent", [database, "--", name], { ...SYSTEM_PROGRAMS, stdio: "ignore" }).status === 0
  );
}

function isInFile(database: "passwd" | "group", name: string): boolean {
  if (!/^[^:\n]+$/.test(name)) return false;
  const lines = readFileSync(`/etc/${database}`, "utf8").split("\n");
  return lines.some((line) => line.startsWith(`${name}:`));
}

/** getent takes a number for an id, which is not what was asked, and no program takes a NUL. */
function isName(name: string): boolean {
  return /^[^:\n\0]+$/.test(name) && !/^\d+$/.test(name);
}
