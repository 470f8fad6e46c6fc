/**
 * The lock file of a mailbox, `<mailbox>.lock`, that only one program can create, and the order of deliveries in this
 * process. The lock of the mailbox file itself is taken before, in mbox.ts.
 *
 * The lock says who holds it and how long the mailbox was. When its holder is gone, whatever stands behind that length
 * is the half of a mail, which is cut off before the lock is taken over; the mail itself is still in the spool.
 */

import { type FileHandle, link, lstat, open, readFile, rename, stat, truncate, unlink } from "node:fs/promises";
import { reasonOf, VsmtpError } from "../errors.ts";

/** Milliseconds to wait for a lock, and between two looks. */
const PATIENCE = 30_000;
const PAUSE = 50;
/**
 * Milliseconds after which a lock counts as forgotten although a process of its number lives, which may be another:
 * ours are renewed while they are held, those of other programs may be a while.
 */
const RENEWED = 15_000;
const FORGOTTEN = { ours: 60_000, theirs: 300_000 } as const;

/** Deliveries of this process to one file follow each other without asking the file system. */
const turns = new Map<string, Promise<void>>();

/** Runs `work` when all that was to be done with the mailbox before is done. */
export function inTurn(mailbox: string, work: () => Promise<void>): Promise<void> {
  const before = turns.get(mailbox) ?? Promise.resolve();
  const mine = before.then(work);
  const settled = mine.catch(() => undefined);
  turns.set(mailbox, settled);
  void settled.then(() => {
    if (turns.get(mailbox) === settled) turns.delete(mailbox);
  });
  return mine;
}

/** Runs `work` while the lock file is there. */
export async function withDotlock(mailbox: string, work: () => Promise<void>): Promise<void> {
  const lock = `${mailbox}.lock`;
  const handle = await take(lock, mailbox);
  const renewal = setInterval(() => {
    const now = new Date();
    handle.utimes(now, now).catch(() => undefined);
  }, RENEWED);
  try {
    await handle.writeFile(`${process.pid}\nsize ${(await sizeOf(mailbox)) ?? 0}\n`);
    await handle.sync();
    await work();
  } catch (error) {
    if (error instanceof VsmtpError) throw error;
    throw new VsmtpError("STORAGE_WRITE", { file: lock, reason: reasonOf(error) }, { cause: error });
  } finally {
    clearInterval(renewal);
    await handle.close();
    await unlink(lock).catch(() => undefined);
  }
}

async function take(lock: string, mailbox: string): Promise<FileHandle> {
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    try {
      return await open(lock, "wx", 0o600);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") {
        throw new VsmtpError("STORAGE_WRITE", { file: lock, reason: reasonOf(error) }, { cause: error });
      }
    }
    if (Date.now() > deadline) throw new VsmtpError("MBOX_LOCKED", { file: mailbox, lock });
    if (await clearStale(lock, mailbox)) continue;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}

/** Removes the lock of a process that is gone; whether it is worth trying again at once. */
async function clearStale(lock: string, mailbox: string): Promise<boolean> {
  const found = await look(lock);
  if (found === undefined) return true;
  if (!found.stale) return false;
  // Another may clear it too, and somebody take it meanwhile: what is moved must be what was looked at.
  const aside = `${lock}.${process.pid}`;
  const moved = await rename(lock, aside).then(
    () => true,
    () => false,
  );
  if (!moved) return false;
  const same = (await lstat(aside)).ino === found.inode;
  if (!same) await link(aside, lock).catch(() => undefined);
  else if (found.size !== undefined && ((await sizeOf(mailbox)) ?? 0) > found.size) await truncate(mailbox, found.size);
  await unlink(aside);
  return true;
}

interface Found {
  readonly inode: number;
  readonly stale: boolean;
  /** Of the mailbox when it was locked; undefined when another program locked it. */
  readonly size: number | undefined;
}

/** Undefined: there is no lock any more. */
async function look(lock: string): Promise<Found | undefined> {
  const file = await lstat(lock).catch(() => undefined);
  if (!file) return undefined;
  // Others may keep what is in their locks to themselves; how old they are can be seen.
  const content = await readFile(lock, "latin1").catch(() => "");
  const [, pid, told] = /^(\d+)\n(?:size (\d+)\n)?/.exec(content) ?? [];
  // Where anybody can make files, anybody could have mails cut off.
  const size = file.uid === process.geteuid?.() ? told : undefined;
  const old = Date.now() - file.mtimeMs > (size === undefined ? FORGOTTEN.theirs : FORGOTTEN.ours);
  const stale = old || (pid !== undefined && !isAlive(Number(pid)));
  return { inode: file.ino, stale, size: size === undefined ? undefined : Number(size) };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

async function sizeOf(file: string): Promise<number | undefined> {
  return stat(file).then(
    ({ size }) => size,
    () => undefined,
  );
}
