/** Where mails can go from here, and who gets any: users, transports and mailboxes as the configuration has them. */

import type { Config } from "../config/index.ts";
import { LocalRecipients, type Transports, transportTable, userDatabase } from "../delivery/index.ts";
import type { Rules } from "../rules/index.ts";
import type { Storage } from "../storage/index.ts";
import { lockFile } from "./files.ts";

export interface Deliveries {
  readonly transports: Transports;
  readonly mailboxes: LocalRecipients;
}

/** What other processes of the host can do for this one. */
export interface Elsewhere {
  /** The socket of the one that writes mbox files; undefined: this one does. */
  readonly mbox?: string | undefined;
  /** Whether those that have the mailboxes can give files to others; undefined: they are this process's own. */
  readonly root?: boolean | undefined;
}

/** @throws VsmtpError USERS_UID */
export async function openDeliveries(
  config: Config,
  storage: Storage,
  rules: Pick<Rules, "ask">,
  { mbox, root }: Elsewhere = {},
): Promise<Deliveries> {
  const users = await userDatabase(config, (name, argument) => rules.ask(name, argument), root);
  return {
    transports: transportTable({ config, storage, users, lock: lockFile, mbox }),
    mailboxes: new LocalRecipients(users, config),
  };
}
