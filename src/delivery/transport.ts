/** The ways in which a recipient's copy can leave the queue, by the name that rules choose them with. */

import type { Config } from "../config/index.ts";
import type { Storage } from "../storage/index.ts";
import type { Destination, Letter } from "./letter.ts";
import { maildirTransport } from "./maildir.ts";
import { mboxTransport } from "./mbox.ts";

/**
 * Resolves once the copy is safe at its destination. Rejects with a VsmtpError when it may not be: the caller tries
 * again, with a letter that says so.
 */
export type Transport = (letter: Letter, destination: Destination) => Promise<void>;

/** By the kind of a recipient's transport; a kind that is not here waits in the spool. */
export type Transports = ReadonlyMap<string, Transport>;

export function transportTable(config: Config, storage: Storage): Transports {
  const { app, server } = config;
  return new Map([
    ["maildir", maildirTransport(storage, app.storage.location)],
    ["mbox", mboxTransport({ ...app.mbox, group_local: server.system.group_local })],
  ]);
}
