/**
 * What configuration scripts may ask the machine: `env`, `hostname` and `user_exist`. The rule engine offers the same
 * three functions to rules.
 */

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import * as os from "node:os";

/** Of the process, with what `-e` added; undefined when it is not set. */
export function env(name: string): string | undefined {
  return process.env[name];
}

export function hostname(): string {
  return os.hostname();
}

/** Asks /etc/passwd first, then the other sources of nsswitch.conf through getent(1). Blocks: it is for start. */
export function userExists(name: string): boolean {
  if (name === "" || /[:\n]/.test(name)) return false;
  if (
    readFileSync("/etc/passwd", "utf8")
      .split("\n")
      .some((line) => line.startsWith(`${name}:`))
  )
    return true;
  // getent takes a number for a uid, which is not what was asked.
  if (/^\d+$/.test(name)) return false;
  return spawnSync("getent", ["passwd", "--", name], { stdio: "ignore" }).status === 0;
}
