/**
 * The `mbox` transport: final delivery at the end of the mailbox file of a local user (RFC 4155, quoted as "mboxrd").
 *
 * The file is locked while it grows (mbox-lock.ts). A delivery that failed half-way is undone, and one that is tried
 * again after a crash looks first whether the mail is there already, so that it is there once.
 */

import { constants } from "node:fs";
import { type FileHandle, mkdir, open } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Config } from "../config/index.ts";
import { reasonOf, VsmtpError } from "../errors.ts";
import { traces } from "../observe/index.ts";
import { envelopeHeaders, type Letter, showMailbox } from "./letter.ts";
import { type LocalUser, localUser } from "./local-user.ts";
import { pathPart } from "./location.ts";
import { contains, endOf, mboxEntry } from "./mbox-format.ts";
import { withLock } from "./mbox-lock.ts";
import type { Transport } from "./transport.ts";

type Settings = Config["app"]["mbox"] & Pick<Config["server"]["system"], "group_local">;

export function mboxTransport(settings: Settings): Transport {
  return async (letter, { address }) => {
    const name = address.localPart.toLowerCase();
    const owner = settings.users === "system" ? await localUser(name, settings.group_local) : undefined;
    const recipient = showMailbox(address);
    const file = join(settings.directory, pathPart(name));
    const headers = envelopeHeaders(letter.sender, recipient) + letter.received;
    await mkdir(settings.directory, { recursive: true, mode: 0o770 }).catch((error: unknown) => {
      throw new VsmtpError("STORAGE_WRITE", { file: settings.directory, reason: reasonOf(error) }, { cause: error });
    });
    await withLock(file, (size) => append(file, mboxEntry(letter, headers), headers, letter, owner, size));
    if (traces.delivered.hasSubscribers) traces.delivered.publish({ mail: letter.id, recipient, file });
  };
}

/** `size` is what the file had when it was locked. */
async function append(
  file: string,
  entry: Buffer,
  headers: string,
  { again }: Letter,
  owner: LocalUser | undefined,
  size: number | undefined,
): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await openMailbox(file);
    if (again && (await contains(handle, headers))) return;
    if (owner && size === undefined) await own(handle, owner);
    const separator = await endOf(handle);
    await handle.appendFile(Buffer.concat([Buffer.from(separator), entry]));
    await handle.sync();
    if (size === undefined) await syncDirectory(dirname(file));
  } catch (error) {
    await handle?.truncate(size ?? 0).catch(() => undefined);
    if (error instanceof VsmtpError) throw error;
    throw new VsmtpError("STORAGE_WRITE", { file, reason: reasonOf(error) }, { cause: error });
  } finally {
    await handle?.close();
  }
}

/** Directories of mailboxes may be writable for others: a link there is not followed, whichever kind it is. */
async function openMailbox(file: string): Promise<FileHandle> {
  const { O_RDWR, O_APPEND, O_CREAT, O_NOFOLLOW } = constants;
  const handle = await open(file, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW, 0o600);
  const stat = await handle.stat();
  if (stat.isFile() && stat.nlink === 1) return handle;
  await handle.close();
  throw new VsmtpError("STORAGE_WRITE", { file, reason: "it is no plain file, or it has another name too" });
}

/** Only root may give files away; anyone else writes into mailboxes that are there, or makes ones of his own. */
async function own(handle: FileHandle, { uid, gid, shared }: LocalUser): Promise<void> {
  if (process.getuid?.() !== 0) return;
  await handle.chown(uid, gid);
  if (shared) await handle.chmod(0o660);
}

async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
