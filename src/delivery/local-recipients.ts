/** Which addresses have a mailbox where their transport would put a mail: for those who accept recipients. */

import type { Config } from "../config/index.ts";
import type { Mailbox } from "./letter.ts";
import { systemUser } from "./system-users.ts";
import type { UserDatabase } from "./user-database.ts";

/** The transports that end in a mailbox of this host. */
export type LocalTransport = "maildir" | "mbox";

export class LocalRecipients {
  readonly #users: UserDatabase;
  readonly #boxes: Config["app"]["mbox"]["users"];

  constructor(users: UserDatabase, { app }: Pick<Config, "app">) {
    this.#users = users;
    this.#boxes = app.mbox.users;
  }

  /** A promise only where something has to be waited for. @throws VsmtpError: it is not known for now */
  has(mailbox: Mailbox, transport: LocalTransport): boolean | Promise<boolean> {
    if (transport === "mbox" && this.#boxes === "any") return true;
    const found = transport === "mbox" ? systemUser(mailbox.localPart.toLowerCase()) : this.#users.find(mailbox);
    return found instanceof Promise ? found.then(isThere) : isThere(found);
  }
}

function isThere(found: object | undefined): boolean {
  return found !== undefined;
}
