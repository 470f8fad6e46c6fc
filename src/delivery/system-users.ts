/**
 * Users of the system, as nsswitch.conf has them (/etc/passwd, LDAP …).
 *
 * Who is found is remembered for a while, because the same people get mail again and again and each question is a
 * process; who is not found is asked for every time, so that a new user has a mailbox at once.
 */

import { execFile } from "node:child_process";
import { SYSTEM_PROGRAMS } from "../config/index.ts";
import { VsmtpError } from "../errors.ts";

export interface SystemUser {
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
}

/** Milliseconds, and how many users at most. */
const REMEMBERED = 30_000;
const MOST_REMEMBERED = 10_000;

interface Memory {
  readonly user: Promise<SystemUser | undefined>;
  readonly until: number;
}

const remembered = new Map<string, Memory>();

/** Undefined: there is no such user. @throws VsmtpError USERS_SYSTEM: that is not known */
export function systemUser(name: string): Promise<SystemUser | undefined> {
  const known = remembered.get(name);
  if (known && known.until > Date.now()) return known.user;
  const user = passwdEntry(name);
  if (remembered.size >= MOST_REMEMBERED) remembered.clear();
  const memory = { user, until: Date.now() + REMEMBERED };
  remembered.set(name, memory);
  const forget = () => {
    if (remembered.get(name) === memory) remembered.delete(name);
  };
  user.then((found) => found ?? forget(), forget);
  return user;
}

/** By name or by number. Undefined: there is none. @throws VsmtpError USERS_SYSTEM */
export async function accountOf(user: string | number): Promise<Pick<SystemUser, "uid" | "gid"> | undefined> {
  const found = typeof user === "number" ? userOf(await entry("passwd", String(user))) : await passwdEntry(user);
  return found && { uid: found.uid, gid: found.gid };
}

/** @throws VsmtpError USERS_SYSTEM */
export async function groupId(name: string): Promise<number | undefined> {
  const [, , gid] = isName(name) ? await entry("group", name) : [];
  return gid === undefined ? undefined : Number(gid);
}

async function passwdEntry(name: string): Promise<SystemUser | undefined> {
  return isName(name) ? userOf(await entry("passwd", name)) : undefined;
}

/** getent takes a number for an id, which is not what was asked, and no program takes a NUL. */
function isName(name: string): boolean {
  return /^[^\s:\0]+$/.test(name) && !/^\d+$/.test(name);
}

function userOf([, , uid, gid, , home]: readonly string[]): SystemUser | undefined {
  if (uid === undefined || gid === undefined || home === undefined) return undefined;
  return { uid: Number(uid), gid: Number(gid), home };
}

/** How getent says that it has found nobody. */
const NOBODY = 2;

/** The fields of an entry; none when there is no such name. */
function entry(database: "passwd" | "group", key: string): Promise<string[]> {
  return new Promise((resolve, reject) => {
    execFile("getent", [database, "--", key], SYSTEM_PROGRAMS, (error, stdout) => {
      if (error === null) return resolve(stdout.replace(/\n$/, "").split(":"));
      if (error.code === NOBODY) return resolve([]);
      reject(new VsmtpError("USERS_SYSTEM", { database, key, reason: error.message.trim() }, { cause: error }));
    });
  });
}
