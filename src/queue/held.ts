/**
 * Mails that are held because processes crashed while they were under way: the side of those who carry them. They lie
 * in a quarantine of their own, under their names, and are put back into the spool once their fingerprints are free.
 *
 * Which fingerprints these are is decided elsewhere, by whoever sees processes end.
 */

import { existsSync, readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { reasonOf, VsmtpError } from "../errors.ts";
import type { AreaLog } from "../observe/index.ts";
import { type Claim, isClaimed } from "./claim.ts";
import { decodeEntry, type Entry, encodeEntry } from "./entry.ts";
import { isEntryName } from "./names.ts";
import type { SpoolFiles } from "./spool.ts";

/** The name of their quarantine. */
export const HELD = "held";

export const HELD_BECAUSE =
  "this mail is held, neither delivered nor refused: processes crashed while it was under way; " +
  "see `vsmtp plugin crashes`, and put it back by `vsmtp plugin release NAME --mails`";

export interface HeldMailsOptions {
  readonly files: HeldFiles;
  readonly log: AreaLog;
  /** A mail of that name is in the spool again. */
  readonly goOn: (name: string) => void;
}

/** Which mails a process holds, and the way back of those that it has to carry. */
export class HeldMails {
  readonly #options: HeldMailsOptions;
  readonly #fingerprints = new Set<string>();
  readonly #claims: Claim[] = [OWN];
  /** Names of mails that are on their way here. */
  readonly #entering = new Set<string>();
  /** One at a time: no mail is put back twice. */
  #puttingBack: Promise<void> = Promise.resolve();

  constructor(options: HeldMailsOptions) {
    this.#options = options;
  }

  has(fingerprint: string | undefined): boolean {
    return fingerprint !== undefined && this.#fingerprints.has(fingerprint);
  }

  hold(fingerprints: Iterable<string>): void {
    for (const fingerprint of fingerprints) this.#fingerprints.add(fingerprint);
  }

  free(fingerprints: Iterable<string>): void {
    for (const fingerprint of fingerprints) this.#fingerprints.delete(fingerprint);
    this.#putBack();
  }

  /** Mails that another process held are this one's to put back, also those that were set free meanwhile. */
  adopt(claims: readonly Claim[]): void {
    this.#claims.push(...claims);
    this.#putBack();
  }

  /**
   * Does `work`, which puts those of these mails here that are held. None is put back before that is done: what takes
   * an entry out of the spool would take the one that is back.
   */
  async entering(entries: readonly Entry[], work: () => Promise<void>): Promise<void> {
    for (const { name } of entries) this.#entering.add(name);
    try {
      await work();
    } finally {
      for (const { name } of entries) this.#entering.delete(name);
    }
    // One may have been set free meanwhile.
    if (entries.some(({ held, transaction }) => held && !this.has(transaction.fingerprint))) this.#putBack();
  }

  /** Where a mail goes that is to be held; undefined: it goes its way. */
  stop(entry: Entry): { readonly kind: "quarantine"; readonly name: string } | undefined {
    if (!this.has(entry.transaction.fingerprint)) return undefined;
    entry.held = true;
    return { kind: "quarantine", name: HELD };
  }

  #putBack(): void {
    this.#puttingBack = this.#puttingBack.then(async () => {
      const mine = this.#options.files
        .names()
        .filter((name) => isClaimed(name, this.#claims) && !this.#entering.has(name));
      for (const name of mine) await this.#putBackOne(name);
    });
  }

  async #putBackOne(name: string): Promise<void> {
    const { files, log, goOn } = this.#options;
    try {
      if (!(await files.putBack(name, (fingerprint) => this.has(fingerprint)))) return;
      log.info({ entry: name }, "a mail that was held goes its way again");
      goOn(name);
    } catch (error) {
      const { code, fix } = error as VsmtpError;
      log.error({ entry: name, code, fix }, reasonOf(error));
    }
  }
}

export interface HeldFilesOptions {
  /** Where they lie. */
  readonly directory: string;
  /** Where mails on their way lie. */
  readonly mails: string;
  readonly files: SpoolFiles;
}

/** The files of held mails. */
export class HeldFiles {
  readonly #options: HeldFilesOptions;

  constructor(options: HeldFilesOptions) {
    this.#options = options;
  }

  /** Names of entries, oldest first. Those that rules have put into a quarantine of this name are among them. */
  names(): string[] {
    const { directory } = this.#options;
    return existsSync(directory) ? readdirSync(directory).filter(isEntryName).sort() : [];
  }

  /**
   * Puts a mail back into the spool, unless `isStill` says of its fingerprint that it is held. Whether it did. A crash
   * in between leaves it in both places, and it is put back again then.
   * @throws VsmtpError MAIL_HELD: it is where it was
   */
  async putBack(name: string, isStill: (fingerprint: string | undefined) => boolean): Promise<boolean> {
    const { directory, mails, files } = this.#options;
    const file = join(directory, name);
    try {
      const entry = decodeEntry(name, await readFile(file));
      if (!entry.held || isStill(entry.transaction.fingerprint)) return false;
      entry.held = false;
      await files.write(mails, name, encodeEntry(entry));
      await files.remove(file);
      return true;
    } catch (error) {
      throw new VsmtpError("MAIL_HELD", { file, reason: reasonOf(error) }, { cause: error });
    }
  }
}

/** The names that this process makes. */
const OWN: Claim = { pid: process.pid, from: Math.floor(performance.timeOrigin * 1000), until: undefined };
