/**
 * Takes mails from clients into the spool and from there to their recipients.
 *
 * A mail is accepted once its entry is on stable storage, and its entry goes once all its recipients are done; what
 * happens in between can be repeated after a crash at any point. Some mails are carried at a time, the others wait
 * their turn, in memory while they are few and as nothing but a name in the spool when they are many.
 * A mail that fails is tried again, later each time.
 */

import { hostname } from "node:os";
import type { Transports } from "../delivery/index.ts";
import { reasonOf, type VsmtpError } from "../errors.ts";
import type { AreaLog, Log } from "../observe/index.ts";
import { type Rules, showAddress, type Transaction } from "../rules/index.ts";
import type { Claim } from "./claim.ts";
import { deliverDirectly, type First, type Passage } from "./direct.ts";
import type { Entry, Step } from "./entry.ts";
import { HELD_BECAUSE, HeldMails } from "./held.ts";
import { carry, type JourneyTools, type Outcome, unserved } from "./journey.ts";
import type { Spool } from "./spool.ts";

/** A mail that a client handed over completely. */
export interface Mail {
  readonly transaction: Transaction;
  /** SMTP or ESMTP. */
  readonly protocol: string;
  /** What its rules left to do. */
  readonly step: Step;
  /** The quarantine that it is to stay in; undefined: it goes its way. */
  readonly quarantine?: string | undefined;
  /** It stays there because its fingerprint is held. */
  readonly held?: boolean;
}

export interface QueueOptions {
  readonly spool: Spool;
  readonly rules: Pick<Rules, "run">;
  readonly transports: Transports;
  readonly log: Log;
  /** Bytes of waiting mails that are kept in memory; those beyond are read again when their turn comes. */
  readonly heldBytes?: number;
}

const HELD_BYTES = 64 * 1024 * 1024;
/** Mails carried at a time, and recipients of one of them. */
const CARRIED = 16;
const PARALLEL_RECIPIENTS = 4;
/** Milliseconds before the first retry and at most between two; each wait is twice as long as the one before. */
const FIRST_RETRY = 1_000;
const LONGEST_RETRY = 300_000;

/** One mail that waits or is being carried. */
interface Work {
  readonly name: string;
  /** Undefined: to be read from the spool. */
  readonly held: { readonly entry: Entry; readonly bytes: number } | undefined;
  readonly again: boolean;
  readonly tries: number;
}

export class Queue {
  readonly #spool: Spool;
  readonly #log: AreaLog;
  readonly #tools: JourneyTools;
  readonly #mostHeld: number;
  readonly #host = maildirHost(hostname());
  readonly #waiting = new Set<Work>();
  readonly #retries = new Set<NodeJS.Timeout>();
  readonly #suspects: HeldMails;
  #held = 0;
  #carried = 0;
  /** Draining: what waits is carried, but nothing is tried again. */
  #state: "running" | "draining" | "stopped" = "running";
  #drained: (() => void) | undefined;
  /** Mails that clients handed over since the process began. */
  accepted = 0;

  constructor({ spool, rules, transports, log, heldBytes = HELD_BYTES }: QueueOptions) {
    this.#spool = spool;
    this.#log = log("queue");
    this.#tools = { rules, transports, log: log("delivery"), parallel: PARALLEL_RECIPIENTS };
    this.#mostHeld = heldBytes;
    this.#suspects = new HeldMails({ files: spool.held, log: this.#log, goOn: (name) => this.#takeUp(name) });
  }

  /** Takes up what other processes, which are gone, left in the spool. */
  adopt(claims: readonly Claim[]): void {
    if (claims.length === 0) return;
    const { entries, strangers } = this.#spool.takeUp(claims);
    for (const file of strangers) this.#log.warn({ file }, "this file in the spool is no mail of this program");
    if (entries.length > 0) this.#log.info({ mails: entries.length }, "taking up mails from the spool");
    for (const name of entries) this.#waiting.add({ name, held: undefined, again: true, tries: 0 });
    this.#advance();
    this.#suspects.adopt(claims);
  }

  /** Mails with these fingerprints are held from now on: those in the spool too, when their turn comes. */
  hold(fingerprints: Iterable<string>): void {
    this.#suspects.hold(fingerprints);
  }

  /** Whether a mail is to be held. */
  holds(fingerprint: string | undefined): boolean {
    return this.#suspects.has(fingerprint);
  }

  /** They are held no longer, and those that are held already go their way again. */
  free(fingerprints: Iterable<string>): void {
    this.#suspects.free(fingerprints);
  }

  /** A mail that is in the spool, now or again. */
  #takeUp(name: string): void {
    if (this.#state !== "running") return;
    this.#waiting.add({ name, held: undefined, again: true, tries: 0 });
    this.#advance();
  }

  /** Mails that are not done: carried now, waiting for their turn or for another try. */
  get waiting(): number {
    return this.#waiting.size + this.#carried + this.#retries.size;
  }

  /**
   * Resolves once the mails are on stable storage, which is when their client may read 250. All of them are accepted
   * or none: one that hands over a mail for several of them at once knows of one reply only.
   * @throws VsmtpError SPOOL_FULL or SPOOL_WRITE: they are not accepted.
   */
  async accept(...mails: readonly Mail[]): Promise<void> {
    const entries = mails.map((mail) => this.#entry(mail));
    await this.#suspects.entering(entries, () => this.#store(mails, entries));
    for (const [i, entry] of entries.entries()) {
      const { quarantine } = mails[i] as Mail;
      if (quarantine === undefined) this.#enqueue(entry);
      else this.#tellQuarantined(entry, quarantine);
    }
    this.#advance();
  }

  /**
   * Delivers a mail now and without the spool; nobody but the caller knows of it until the promise resolves. It never
   * rejects for a reason that is the mail's.
   */
  async deliver(mail: Mail, first: First): Promise<Passage> {
    const entry = this.#entry(mail);
    const passage = this.#suspects.stop(entry) ?? (await deliverDirectly(entry, first, this.#tools));
    const { id, recipients, message } = mail.transaction;
    const fields = { mail: id, recipients: recipients.length, bytes: message.bytes.length };
    if (passage.kind === "served" && passage.failures.size === 0) this.#log.info(fields, "mail delivered");
    if (passage.kind === "refused") this.#log.info({ ...fields, reason: passage.reason }, "mail refused");
    if (passage.kind === "quarantine") {
      await this.#suspects.entering([entry], () => this.#quarantine(passage.name, entry));
    }
    return passage;
  }

  async #quarantine(quarantine: string, entry: Entry): Promise<void> {
    await this.#spool.quarantine(quarantine, entry);
    this.#tellQuarantined(entry, quarantine);
  }

  #tellQuarantined({ transaction, held }: Entry, quarantine: string): void {
    const { id: mail, fingerprint } = transaction;
    if (!held) this.#log.info({ mail, quarantine }, "mail quarantined");
    else this.#log.warn({ mail, quarantine, fingerprint }, HELD_BECAUSE);
  }

  async #store(mails: readonly Mail[], entries: readonly Entry[]): Promise<void> {
    const written = await Promise.allSettled(
      entries.map((entry, i) => {
        const quarantine = mails[i]?.quarantine;
        return quarantine === undefined ? this.#spool.add(entry) : this.#spool.quarantine(quarantine, entry);
      }),
    );
    const failed = written.find((result) => result.status === "rejected");
    if (failed === undefined) return;
    for (const result of written) if (result.status === "fulfilled") await this.#takeBack(result.value);
    throw failed.reason;
  }

  async #takeBack(file: string): Promise<void> {
    try {
      await this.#spool.takeBack(file);
    } catch (error) {
      this.#log.error({ file }, `part of a mail that was not accepted is still there: ${reasonOf(error)}`);
    }
  }

  #enqueue(entry: Entry): void {
    const { id, recipients, message } = entry.transaction;
    const bytes = message.bytes.length;
    this.#log.info({ mail: id, recipients: recipients.length, bytes }, "mail accepted");
    const held = this.#held + bytes > this.#mostHeld ? undefined : { entry, bytes };
    if (held) this.#held += bytes;
    this.#waiting.add({ name: entry.name, held, again: false, tries: 0 });
  }

  /** Carries what waits for up to `grace` milliseconds. What is not done then is still in the spool. */
  async stop(grace: number): Promise<void> {
    this.#state = "draining";
    for (const timer of this.#retries) clearTimeout(timer);
    if (this.#carried > 0) await this.#drain(grace);
    this.#state = "stopped";
    const mails = this.#waiting.size + this.#carried;
    if (mails > 0) this.#log.warn({ mails }, "stopping: these mails stay in the spool");
  }

  #drain(grace: number): Promise<void> {
    return new Promise((resolve) => {
      const deadline = setTimeout(resolve, grace);
      this.#drained = () => {
        clearTimeout(deadline);
        resolve();
      };
    });
  }

  #entry({ transaction, protocol, step, held = false }: Mail): Entry {
    const name = this.#spool.names.next();
    return { name, host: this.#host, protocol, transaction, step, done: new Set(), failed: new Map(), held };
  }

  #advance(): void {
    for (const work of this.#waiting) {
      if (this.#carried >= CARRIED || this.#state === "stopped") return;
      this.#waiting.delete(work);
      this.#carried += 1;
      void this.#carry(work).then(() => {
        this.#carried -= 1;
        this.#advance();
        if (this.#carried === 0) this.#drained?.();
      });
    }
  }

  /** Never rejects: whatever goes wrong, the mail is still in the spool. */
  async #carry(work: Work): Promise<void> {
    const { name, held, again } = work;
    if (held) this.#held -= held.bytes;
    try {
      const entry = held?.entry ?? (await this.#spool.read(name));
      await this.#conclude(work, entry, this.#suspects.stop(entry) ?? (await carry(entry, again, this.#tools)));
    } catch (error) {
      await this.#fail(work, error);
    }
  }

  async #conclude(work: Work, entry: Entry, outcome: Outcome): Promise<void> {
    const { name, transaction } = entry;
    const mail = transaction.id;
    switch (outcome.kind) {
      case "delivered":
        this.#log.info({ mail }, "mail delivered");
        return this.#spool.remove(name);
      case "quarantine":
        return this.#suspects.entering([entry], async () => {
          await this.#quarantine(outcome.name, entry);
          await this.#spool.remove(name);
        });
      case "refused": {
        const { reason } = outcome;
        for (const { address } of unserved(entry)) entry.failed.set(showAddress(address), reason);
        const file = await this.#spool.bury(entry);
        return this.#log.warn({ mail, reason, file }, "an accepted mail is dead");
      }
      case "waiting": {
        const { transports, changed } = outcome;
        this.#log.warn({ mail, transports }, "the mail waits in the spool: no such transport on this host");
        return changed ? this.#spool.replace(entry) : undefined;
      }
      case "retry":
        if (outcome.changed) await this.#spool.replace(entry);
        return this.#retry(work);
    }
  }

  async #fail(work: Work, error: unknown): Promise<void> {
    const { name } = work;
    const { code } = error as VsmtpError;
    this.#log.error({ entry: name, code }, reasonOf(error));
    // Somebody has taken it out of the spool: there is nothing left to do.
    if (code === "SPOOL_READ" && isMissing(error as VsmtpError)) return;
    if (code !== "SPOOL_DAMAGED") return this.#retry(work);
    const moved = await this.#spool.setAside(name).catch(reasonOf);
    this.#log.error({ entry: name, file: moved }, "the damaged entry was set aside");
  }

  #retry({ name, tries }: Work): void {
    if (this.#state !== "running") return;
    const wait = Math.min(FIRST_RETRY * 2 ** tries, LONGEST_RETRY);
    const timer = setTimeout(() => {
      this.#retries.delete(timer);
      this.#waiting.add({ name, held: undefined, again: true, tries: tries + 1 });
      this.#advance();
    }, wait);
    this.#retries.add(timer);
  }
}

/** The machine's name as it may stand in a Maildir file name. */
function maildirHost(name: string): string {
  return name.replace(/\//g, "\\057").replace(/:/g, "\\072").replace(/,/g, "\\054");
}

function isMissing({ cause }: VsmtpError): boolean {
  return (cause as NodeJS.ErrnoException | undefined)?.code === "ENOENT";
}
