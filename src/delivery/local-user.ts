/** Who on this system a mailbox belongs to, as nsswitch.conf knows users and groups. */

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { VsmtpError } from "../errors.ts";

export interface LocalUser {
  readonly uid: number;
  readonly gid: number;
  /** The group is one that was asked for, and shall write too. */
  readonly shared: boolean;
}

const run = promisify(execFile);

/** @throws VsmtpError MBOX_USER: the mail waits until there is one. */
export async function localUser(name: string, group: string | null): Promise<LocalUser> {
  const [, , uid, gid] = await entry("passwd", name);
  if (uid === undefined) throw new VsmtpError("MBOX_USER", { user: name });
  const [, , shared] = group === null ? [] : await entry("group", group);
  return { uid: Number(uid), gid: Number(shared ?? gid), shared: shared !== undefined };
}

/** The fields of an entry; none when there is no such name. */
async function entry(database: "passwd" | "group", name: string): Promise<string[]> {
  // getent takes a number for an id, which is not what was asked.
  if (!/^[^\s:\d][^\s:]*$/.test(name)) return [];
  return run("getent", [database, "--", name]).then(
    ({ stdout }) => stdout.trim().split(":"),
    () => [],
  );
}
