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

/** @throws VsmtpError USERS_UID */
export async function openDeliveries(config: Config, storage: Storage, rules: Pick<Rules, "ask">): Promise<Deliveries> {
  const users = await userDatabase(config, (name, argument) => rules.ask(name, argument));
  return {
    transports: transportTable({ config, storage, users, lock: lockFile }),
    mailboxes: new LocalRecipients(users, config),
  };
}
