/**
 * The `mbox` transport: final delivery at the end of the mailbox file of a local user (RFC 4155, quoted as "mboxrd").
 *
 * The file is locked while it grows, in the order that Debian's policy has for all mail programs: first the file itself
 * (fcntl), then a file beside it (mbox-lock.ts). A delivery that failed half-way is undone, and one that is tried again
 * after a crash looks first whether the mail is there already, so that it is there once.
 */

import { constants } from "node:fs";
import { type FileHandle, mkdir, open, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Config } from "../config/index.ts";
import { reasonOf, VsmtpError } from "../errors.ts";
import { traces } from "../observe/index.ts";
import { envelopeHeaders, type Letter, showMailbox } from "./letter.ts";
import { type LocalUser, localUser } from "./local-user.ts";
import { pathPart } from "./location.ts";
import { contains, endOf, mboxEntry } from "./mbox-format.ts";
import { inTurn, withDotlock } from "./mbox-lock.ts";
import type { Transport } from "./transport.ts";

/** Locks an open file against other processes, without waiting; false: somebody has it. */
export type LockFile = (descriptor: number) => Promise<boolean>;

export function mboxTransport({ app, server }: Pick<Config, "app" | "server">, lock: LockFile): Transport {
  const settings = { ...app.mbox, group_local: server.system.group_local };
  return async (letter, { address }) => {
    const name = address.localPart.toLowerCase();
    const owner = settings.users === "system" ? await localUser(name, settings.group_local) : undefined;
    const recipient = showMailbox(address);
    const file = join(settings.directory, pathPart(name));
    const headers = envelopeHeaders(letter.sender, recipient) + letter.received;
    await mkdir(settings.directory, { recursive: true, mode: 0o770 }).catch((error: unknown) => {
      throw new VsmtpError("STORAGE_WRITE", { file: settings.directory, reason: reasonOf(error) }, { cause: error });
    });
    const entry = mboxEntry(letter, headers);
    await inTurn(file, () =>
      withMailbox(file, lock, async (mailbox) => {
        await own(mailbox, owner);
        await withDotlock(file, () => append(mailbox, entry, headers, letter));
      }),
    );
    if (traces.delivered.hasSubscribers) traces.delivered.publish({ mail: letter.id, recipient, file });
  };
}

/** The open file of a mailbox. */
interface OpenMailbox {
  readonly file: string;
  readonly handle: FileHandle;
}

/** Milliseconds to wait for the lock of a file, and between two looks. */
const PATIENCE = 30_000;
const PAUSE = 50;

/** Opens the mailbox, makes it when it is missing, and locks the file itself. */
async function withMailbox(file: string, lock: LockFile, work: (mailbox: OpenMailbox) => Promise<void>): Promise<void> {
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    const handle = await openMailbox(file);
    try {
      if (!(await locked(file, handle, lock, deadline))) continue;
      return await work({ file, handle });
    } finally {
      await handle.close();
    }
  }
}

/** False: another file has this name now, as when somebody has rewritten the mailbox. */
async function locked(file: string, handle: FileHandle, lock: LockFile, deadline: number): Promise<boolean> {
  try {
    while (!(await lock(handle.fd))) {
      if (Date.now() > deadline) throw new VsmtpError("MBOX_LOCKED", { file, lock: file });
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
    const [mine, there] = [await handle.stat(), await stat(file).catch(() => undefined)];
    return mine.ino === there?.ino && mine.dev === there.dev;
  } catch (error) {
    if (error instanceof VsmtpError) throw error;
    throw new VsmtpError("STORAGE_WRITE", { file, reason: reasonOf(error) }, { cause: error });
  }
}

/** Under both locks. */
async function append({ file, handle }: OpenMailbox, entry: Buffer, headers: string, { again }: Letter): Promise<void> {
  let size: number | undefined;
  try {
    if (again && (await contains(handle, headers))) return;
    size = (await handle.stat()).size;
    const separator = await endOf(handle);
    await handle.appendFile(Buffer.concat([Buffer.from(separator), entry]));
    await handle.sync();
    if (size === 0) await syncDirectory(dirname(file));
  } catch (error) {
    if (size !== undefined) await handle.truncate(size).catch(() => undefined);
    if (error instanceof VsmtpError) throw error;
    throw new VsmtpError("STORAGE_WRITE", { file, reason: reasonOf(error) }, { cause: error });
  }
}

/** Directories of mailboxes may be writable for others: a link there is not followed, whichever kind it is. */
async function openMailbox(file: string): Promise<FileHandle> {
  const { O_RDWR, O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants;
  const refuse = (reason: string, cause?: unknown) => new VsmtpError("STORAGE_WRITE", { file, reason }, { cause });
  // Without O_NONBLOCK a named pipe would keep the thread.
  const handle = await open(file, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600).catch(
    (error: unknown) => {
      throw refuse(reasonOf(error), error);
    },
  );
  const found = await handle.stat();
  // No name: it was replaced this moment, which locking finds out.
  if (found.isFile() && found.nlink <= 1) return handle;
  await handle.close();
  throw refuse("it is no plain file, or it has another name too");
}

/**
 * An empty file becomes the user's, if this process may give files away (root's may). What somebody else has put
 * there is not written to: who owns a file can read it.
 */
async function own({ file, handle }: OpenMailbox, owner: LocalUser | undefined): Promise<void> {
  if (owner === undefined) return;
  const { uid, size } = await handle.stat();
  const self = process.geteuid?.();
  if (uid !== owner.uid && uid !== self) throw new VsmtpError("MBOX_OWNER", { file, uid, user: owner.name });
  if (self !== 0 || size > 0) return;
  await handle.chown(owner.uid, owner.gid);
  if (owner.shared) await handle.chmod(0o660);
}

async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
