/**
 * The durable queue: a directory of entries, one file a mail, that survive the process and the machine.
 *
 *     <dirpath>/mails/<name>      mails on their way (and mails/tmp, files that are being written)
 *     <dirpath>/dead/<name>       refused by rules after they were accepted from the client
 *     <dirpath>/damaged/<name>    files that cannot be read as entries
 *
 * What is written here goes through {@link SpoolFiles}, which syncs on threads of its own; the calls of node:fs are
 * for the start and for accidents. Who may write an entry when is the business of queue.ts.
 */

import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, rmSync } from "node:fs";
import { readFile, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { reasonOf, VsmtpError } from "../errors.ts";
import { traces } from "../observe/index.ts";
import { type Claim, isClaimed } from "./claim.ts";
import { decodeEntry, type Entry, encodeEntry } from "./entry.ts";
import { HELD, HeldFiles } from "./held.ts";
import { EntryNames, isEntryName, now, writerOf } from "./names.ts";

/** Durable files, written and removed off the event loop. The native core has one. */
export interface SpoolFiles {
  /** Puts the parts into `directory/name`, all or nothing; resolves once file and name are on stable storage. */
  write(directory: string, name: string, parts: readonly Uint8Array[]): Promise<void>;
  remove(path: string): Promise<void>;
}

export interface SpoolPlaces {
  /** `server.queues.dirpath`. */
  readonly directory: string;
  /** Where quarantines are: `<app.dirpath>/quarantine`. */
  readonly quarantine: string;
}

export interface SpoolOptions extends SpoolPlaces {
  readonly files: SpoolFiles;
}

export class Spool {
  readonly names = new EntryNames();
  readonly held: HeldFiles;
  readonly #files: SpoolFiles;
  readonly #mails: string;
  readonly #dead: string;
  readonly #damaged: string;
  readonly #quarantine: string;
  /** Directories that are known to be there and synced. */
  readonly #made = new Set<string>();

  /** Makes the directories; names of new entries will come after those that are there. @throws VsmtpError SPOOL_DIRECTORY */
  constructor({ directory, quarantine, files }: SpoolOptions) {
    this.#files = files;
    this.#mails = join(directory, "mails");
    this.#dead = join(directory, "dead");
    this.#damaged = join(directory, "damaged");
    this.#quarantine = quarantine;
    this.held = new HeldFiles({ directory: join(quarantine, HELD), mails: this.#mails, files });
    for (const path of [this.#mails, this.#dead, this.#damaged]) this.#make(path);
    for (const name of list(this.#mails)) this.names.follow(name);
  }

  /**
   * The names of the entries that are claimed, oldest first, and, where those of all writers are, the paths of files
   * that are no entries. Files that their writers had not finished are removed: nobody was told that they were safe.
   */
  takeUp(claims: readonly Claim[]): { readonly entries: readonly string[]; readonly strangers: readonly string[] } {
    const all = claims.some(({ pid }) => pid === undefined);
    const mine = (name: string) => (isEntryName(name) ? isClaimed(name, claims) : all);
    const names = list(this.#mails).filter((name) => name !== TMP && mine(name));
    const unfinished = join(this.#mails, TMP);
    for (const name of list(unfinished).filter(mine)) rmSync(join(unfinished, name), { force: true });
    return {
      entries: names.filter(isEntryName),
      strangers: names.filter((name) => !isEntryName(name)).map((name) => join(this.#mails, name)),
    };
  }

  /** Resolves once the mail is safe, with its file. @throws VsmtpError SPOOL_FULL, SPOOL_WRITE: it is not in the spool. */
  async add(entry: Entry): Promise<string> {
    const file = await this.#write(this.#mails, entry);
    if (traces.spooled.hasSubscribers) {
      const { id, message } = entry.transaction;
      traces.spooled.publish({ mail: id, file, bytes: message.bytes.length });
    }
    return file;
  }

  /** Takes back what {@link add} or {@link quarantine} wrote, for a mail that was not accepted after all. */
  async takeBack(file: string): Promise<void> {
    await this.#files.remove(file);
  }

  /** Puts a newer state of an entry in place of the one that is there. @throws VsmtpError SPOOL_FULL, SPOOL_WRITE */
  async replace(entry: Entry): Promise<void> {
    await this.#write(this.#mails, entry);
  }

  /** @throws VsmtpError SPOOL_READ, or SPOOL_DAMAGED when its bytes are no entry */
  async read(name: string): Promise<Entry> {
    const path = join(this.#mails, name);
    const bytes = await readFile(path).catch((error: unknown) => {
      throw new VsmtpError("SPOOL_READ", { file: path, reason: reasonOf(error) }, { cause: error });
    });
    try {
      return decodeEntry(name, bytes);
    } catch (error) {
      throw new VsmtpError("SPOOL_DAMAGED", { file: path, reason: reasonOf(error) }, { cause: error });
    }
  }

  /** The mail has left: its entry goes. A crash may bring it back, and the next start recognises it as delivered. */
  async remove(name: string): Promise<void> {
    await this.#files.remove(join(this.#mails, name));
  }

  /** Moves the entry, in its newest state, to the dead. Returns where it is now. @throws VsmtpError SPOOL_FULL, SPOOL_WRITE */
  async bury(entry: Entry): Promise<string> {
    await this.replace(entry);
    return this.#move(entry.name, this.#dead);
  }

  /** Returns where the entry is now. */
  async setAside(name: string): Promise<string> {
    return this.#move(name, this.#damaged);
  }

  /** Writes the mail into the quarantine of that name; resolves with its file. @throws VsmtpError SPOOL_FULL, SPOOL_WRITE */
  async quarantine(quarantine: string, entry: Entry): Promise<string> {
    const directory = join(this.#quarantine, ...quarantinePath(quarantine));
    this.#make(directory);
    return this.#write(directory, entry);
  }

  async #write(directory: string, entry: Entry): Promise<string> {
    try {
      await this.#files.write(directory, entry.name, encodeEntry(entry));
      return join(directory, entry.name);
    } catch (error) {
      const full = FULL.has(String((error as NodeJS.ErrnoException).code));
      const facts = { directory, reason: reasonOf(error) };
      throw new VsmtpError(full ? "SPOOL_FULL" : "SPOOL_WRITE", facts, { cause: error });
    }
  }

  async #move(name: string, directory: string): Promise<string> {
    const target = join(directory, name);
    await rename(join(this.#mails, name), target);
    return target;
  }

  #make(directory: string): void {
    if (this.#made.has(directory)) return;
    try {
      makeDirectory(directory);
    } catch (error) {
      throw new VsmtpError("SPOOL_DIRECTORY", { directory, reason: reasonOf(error) }, { cause: error });
    }
    this.#made.add(directory);
  }
}

/** Where files are while they are being written. */
const TMP = "tmp";

/** In the order of their names; a directory that is not there is empty. */
function list(directory: string): string[] {
  return existsSync(directory) ? readdirSync(directory).sort() : [];
}

/**
 * A time before which all names are of entries that there are now; with none, now. For whoever tells processes which
 * names are theirs; see {@link Claim}.
 */
export function afterEntries(places: SpoolPlaces): number {
  return (namesIn(places) ?? []).reduce((latest, name) => Math.max(latest, (writerOf(name)?.time ?? 0) + 1), now());
}

/** Those of these claims that are for something in the spool, or for a mail that is held and may come back. */
export function withEntries(places: SpoolPlaces, claims: readonly Claim[]): Claim[] {
  const names = namesIn(places);
  return claims.filter((claim) => names === undefined || names.some((name) => isClaimed(name, [claim])));
}

/**
 * Of entries in the spool, of files that are being written there, and of mails that are held. Undefined: these
 * directories, with which processes do as they like, cannot be read now.
 */
function namesIn({ directory, quarantine }: SpoolPlaces): string[] | undefined {
  const mails = join(directory, "mails");
  try {
    return [mails, join(mails, TMP), join(quarantine, HELD)].flatMap(list);
  } catch {
    return undefined;
  }
}

/** No room, over quota, or over the size that a file of this process may have. */
const FULL: ReadonlySet<string> = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

/**
 * A name may have levels, `john/connect`, but may not lead out of the directory of quarantines. Rules may make names
 * of what a client sent, so that too long ones are cut rather than refused by the file system.
 */
function quarantinePath(name: string): string[] {
  const levels = name.split("/").filter((level) => level !== "");
  const safe = levels.slice(0, MOST_LEVELS).map((level) =>
    level
      .slice(0, LONGEST_LEVEL)
      .replace(/[\p{Cc}\p{Cs}]/gu, "_")
      .replace(/^\.+/, (dots) => "_".repeat(dots.length)),
  );
  return safe.length === 0 ? ["unnamed"] : safe;
}

/** Characters: three bytes each at most, and a name may have 255. */
const LONGEST_LEVEL = 80;
const MOST_LEVELS = 16;

/** Like `mkdir -p`, and syncs every directory that got a new entry. */
function makeDirectory(path: string): void {
  const first = mkdirSync(path, { recursive: true, mode: 0o750 });
  if (first === undefined) return;
  for (let made = path; made.length >= first.length; made = dirname(made)) syncDirectory(dirname(made));
}

function syncDirectory(path: string): void {
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
