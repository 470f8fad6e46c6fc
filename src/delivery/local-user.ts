/** Who on this system a mailbox file belongs to. */

import { VsmtpError } from "../errors.ts";
import { groupId, systemUser } from "./system-users.ts";

export interface LocalUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  /** The group is one that was asked for, and shall write too. */
  readonly shared: boolean;
}

/** @throws VsmtpError MBOX_USER: the mail waits until there is one. */
export async function localUser(name: string, group: string | null): Promise<LocalUser> {
  const user = await systemUser(name);
  if (user === undefined) throw new VsmtpError("MBOX_USER", { user: name });
  const shared = group === null ? undefined : await groupId(group);
  return { name, uid: user.uid, gid: shared ?? user.gid, shared: shared !== undefined };
}
