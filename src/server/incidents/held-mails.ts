/**
 * Which mails were under way when processes crashed, and which of them are therefore held: the supervisor's side. A
 * mail is known by its fingerprint, because it comes again under another id when its client tries again.
 *
 * Where held mails lie, and how they get there and back, is the business of src/queue/held.ts.
 */

import { join } from "node:path";
import * as z from "zod";
import type { AreaLog, CrashRecord, SituationFacts } from "../../observe/index.ts";
import { isFault } from "./faults.ts";
import { StateFile, type TellProblem } from "./state-file.ts";

export interface SuspectMailsOptions {
  readonly directory: string;
  readonly log: AreaLog;
  readonly tell: TellProblem;
  /** After so many crashes a mail is held. */
  readonly most: number;
}

const Suspect = z.object({
  crashes: z.array(z.object({ time: z.string(), plugins: z.array(z.string()) })),
  /** Of the last time it came. */
  mail: z.string().optional(),
  /** Since when it is held; undefined: it is only watched. */
  held: z.string().optional(),
});

const Mails = z.object({ version: z.literal(1), mails: z.record(z.string(), Suspect) });

type Suspect = z.output<typeof Suspect>;

/** Milliseconds after which one that is not held is forgotten: no client tries a mail for longer than that. */
const FORGOTTEN = 7 * 24 * 3600 * 1000;

export class SuspectMails {
  most: number;
  readonly #file: StateFile<z.output<typeof Mails>>;
  readonly #log: AreaLog;

  constructor({ directory, log, tell, most }: SuspectMailsOptions) {
    this.most = most;
    this.#log = log;
    this.#file = new StateFile(join(directory, "mails.json"), { shape: Mails, empty: { version: 1, mails: {} }, tell });
  }

  get fingerprints(): ReadonlySet<string> {
    return new Set(
      Object.entries(this.#file.value.mails).flatMap(([key, { held }]) => (held === undefined ? [] : [key])),
    );
  }

  /** The fingerprints that are held from now on, because of this crash. */
  after(record: CrashRecord): string[] {
    const under = underWay(record);
    if (under.length === 0) return [];
    this.#forget(Date.parse(record.time));
    const plugins = suspects(record);
    const held = under.flatMap((situation) => this.#count(situation, record.time, plugins) ?? []);
    this.#file.save();
    return held;
  }

  /** Holds none of those any more that crashes of this plugin made it hold; returns their fingerprints. */
  release(plugin: string): string[] {
    const { mails } = this.#file.value;
    const freed = Object.keys(mails).filter((key) => isOf(mails[key]?.crashes ?? [], plugin));
    const held = freed.filter((key) => mails[key]?.held !== undefined);
    for (const key of freed) delete mails[key];
    if (freed.length > 0) this.#file.save();
    return held;
  }

  /** How many mails are held because of crashes of this plugin. */
  countOf(plugin: string): number {
    const all = Object.values(this.#file.value.mails);
    return all.filter(({ held, crashes }) => held !== undefined && isOf(crashes, plugin)).length;
  }

  #count({ fingerprint, mail }: Fingerprinted, time: string, plugins: string[]): string | undefined {
    const { mails } = this.#file.value;
    const known = Object.hasOwn(mails, fingerprint) ? mails[fingerprint] : undefined;
    const suspect: Suspect = known ?? { crashes: [] };
    mails[fingerprint] = suspect;
    suspect.crashes.push({ time, plugins });
    if (mail !== undefined) suspect.mail = mail;
    if (suspect.held !== undefined || suspect.crashes.length < this.most) return undefined;
    suspect.held = time;
    this.#log.error(
      { mail, fingerprint, plugins, crashes: suspect.crashes.length, since: suspect.crashes[0]?.time },
      `this mail is held: it was under way at ${countText(suspect.crashes.length)}; it is neither delivered nor refused, ` +
        `and waits in the quarantine "held" for \`vsmtp plugin release ${plugins[0] ?? "NAME"} --mails\``,
    );
    return fingerprint;
  }

  #forget(now: number): void {
    const { mails } = this.#file.value;
    for (const [key, { held, crashes }] of Object.entries(mails)) {
      const last = crashes.at(-1)?.time;
      if (held === undefined && (last === undefined || now - Date.parse(last) > FORGOTTEN)) delete mails[key];
    }
  }
}

function isOf(crashes: Suspect["crashes"], plugin: string): boolean {
  return crashes.some(({ plugins }) => plugins.includes(plugin));
}

type Fingerprinted = SituationFacts & { readonly fingerprint: string };

/** What the thread that faulted worked for; where that is not known, what any did. Each mail once. */
function underWay(record: CrashRecord): Fingerprinted[] {
  if (!isFault(record)) return [];
  const situations = record.situation
    ? [record.situation]
    : record.inFlight.flatMap(({ situation }) => situation ?? []);
  const known = situations.filter((situation): situation is Fingerprinted => situation.fingerprint !== undefined);
  return [...new Map(known.map((situation) => [situation.fingerprint, situation])).values()];
}

/** Whose fault it is or may be. */
function suspects({ plugin, inFlight, lastCalled }: CrashRecord): string[] {
  if (plugin !== undefined) return [plugin];
  const calls = inFlight.length > 0 ? inFlight : lastCalled;
  return [...new Set(calls.map((call) => call.plugin))];
}

function countText(count: number): string {
  return count === 1 ? "a crash" : `${count} crashes`;
}
