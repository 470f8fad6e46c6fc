/** The ways in which a recipient's copy can leave the queue, by the name that rules choose them with. */

import type { Config } from "../config/index.ts";
import type { Storage } from "../storage/index.ts";
import type { Destination, Letter } from "./letter.ts";
import { maildirTransport } from "./maildir.ts";
import { type LockFile, mboxTransport } from "./mbox.ts";
import { remoteMbox } from "./mbox-remote.ts";
import type { UserDatabase } from "./user-database.ts";

/**
 * Resolves once the copy is safe at its destination. Rejects with a VsmtpError when it may not be: the caller tries
 * again, with a letter that says so.
 */
export type Transport = (letter: Letter, destination: Destination) => Promise<void>;

export interface TransportTools {
  readonly config: Config;
  readonly storage: Storage;
  /** Who has a mailbox in the storage. */
  readonly users: UserDatabase;
  readonly lock: LockFile;
  /** The socket of the process that writes mbox files; undefined: this one does. */
  readonly mbox?: string | undefined;
}

/** By the kind of a recipient's transport; a kind that is not here waits in the spool. */
export type Transports = ReadonlyMap<string, Transport>;

export function transportTable({ config, storage, users, lock, mbox }: TransportTools): Transports {
  return new Map([
    ["maildir", maildirTransport(storage, config, users)],
    ["mbox", mbox === undefined ? mboxTransport(config, lock) : remoteMbox(mbox)],
  ]);
}
