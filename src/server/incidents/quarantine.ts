/**
 * Which plugins are out of service because they crash, or do not come back from calls, and until when: until the file
 * is another one, or an admin releases it. What is counted and decided is on disk before anybody acts on it, so that a
 * host that is started again neither forgets a quarantine nor begins to count anew.
 */

import { join } from "node:path";
import * as z from "zod";
import { type Config, milliseconds } from "../../config/index.ts";
import type { AreaLog, CrashRecord } from "../../observe/index.ts";
import type { ServiceState } from "../../plugin/index.ts";
import { placeText } from "./crash-words.ts";
import { isFault } from "./faults.ts";
import { SuspectMails } from "./held-mails.ts";
import { readState, StateFile, type TellProblem, tellTo } from "./state-file.ts";

export type QuarantinePolicy = Config["app"]["plugins"]["quarantine"];

export interface QuarantineOptions {
  /** Where state is kept. */
  readonly directory: string;
  readonly policy: QuarantinePolicy;
  readonly log: AreaLog;
  /** Is told when what is remembered cannot be read or written. Default: the log. */
  readonly tell?: TellProblem;
}

const QuarantineEntry = z.object({
  /** ISO 8601. */
  since: z.string(),
  reason: z.string(),
  file: z.string().optional(),
  buildId: z.string().optional(),
  sha256: z.string().optional(),
});

export type QuarantineEntry = z.output<typeof QuarantineEntry>;

/** One plugin's, of one build. */
const Counted = z.object({
  /** The build-id of the file that crashed, or its sha256; empty: not known. */
  build: z.string(),
  crashes: z.array(z.string()),
  quarantined: QuarantineEntry.optional(),
});

const Plugins = z.object({ version: z.literal(1), plugins: z.record(z.string(), Counted) });

export interface Verdict {
  readonly name: string;
  /** Completes "the plugin is quarantined:". */
  readonly reason: string;
}

const FILE = "plugins.json";

/** What has to be done after a crash. */
export interface Aftermath {
  /** Take it out of service, in all processes. */
  readonly plugin?: Verdict | undefined;
  /** Hold mails with these fingerprints. */
  readonly held: readonly string[];
}

export interface Release {
  /** It was quarantined, and is not any more. */
  readonly plugin: boolean;
  /** Of mails that are held no longer. */
  readonly fingerprints: readonly string[];
  /** Mails that are still held because of the plugin. */
  readonly held: number;
}

export class Quarantine {
  readonly #file: StateFile<z.output<typeof Plugins>>;
  readonly #log: AreaLog;
  readonly #mails: SuspectMails;
  #policy: QuarantinePolicy;
  #states: readonly ServiceState[] = [];
  /** Calls that did not come back, by plugin: their threads are gone with the processes of this generation only. */
  readonly #losses = new Map<string, number>();

  private constructor({ directory, policy, log, tell = tellTo(log) }: QuarantineOptions) {
    this.#policy = policy;
    this.#log = log;
    this.#mails = new SuspectMails({ directory, log, tell, most: policy.mail_crashes });
    const empty = { version: 1 as const, plugins: {} };
    this.#file = new StateFile(join(directory, FILE), { shape: Plugins, empty, tell });
  }

  static open(options: QuarantineOptions): Quarantine {
    return new Quarantine(options);
  }

  /** Those that are out of service, by name. */
  get entries(): ReadonlyMap<string, QuarantineEntry> {
    return entriesOf(this.#file.value);
  }

  /** Fingerprints of the mails that are held. */
  get heldMails(): ReadonlySet<string> {
    return this.#mails.fingerprints;
  }

  /** From now on this is the policy: the configuration was read again. */
  follow(policy: QuarantinePolicy): void {
    this.#policy = policy;
    this.#mails.most = policy.mail_crashes;
  }

  /** Counts a crash. A plugin that is out of service already is not said again. */
  after(record: CrashRecord): Aftermath {
    const held = this.#mails.after(record);
    return { plugin: isFault(record) ? this.#count(record) : undefined, held };
  }

  /** Counts a call that did not come back. Threads of `fn`'s process are fewer by one from now on. */
  lost(plugin: string, fn: string): Verdict | undefined {
    const losses = (this.#losses.get(plugin) ?? 0) + 1;
    this.#losses.set(plugin, losses);
    if (losses < this.#policy.losses) return undefined;
    const state = this.#stateOf(plugin);
    const reason = `${countText(losses, "call")} did not come back in time, the last to ${fn}`;
    return this.#quarantine(plugin, { ...state, since: new Date().toISOString(), reason });
  }

  /**
   * Puts a plugin back into service, and forgets its crashes; with `mails`, also the mails that are held because of
   * them.
   */
  release(plugin: string, mails: boolean): Release {
    const { plugins } = this.#file.value;
    const counted = countedOf(plugins, plugin);
    const quarantined = counted?.quarantined !== undefined;
    this.#losses.delete(plugin);
    if (counted !== undefined) {
      delete plugins[plugin];
      this.#file.save();
    }
    const fingerprints = mails ? this.#mails.release(plugin) : [];
    if (quarantined) this.#log.info({ plugin }, "the plugin was released from its quarantine");
    if (fingerprints.length > 0) this.#log.info({ plugin, mails: fingerprints.length }, "held mails were released");
    return { plugin: quarantined, fingerprints, held: this.#mails.countOf(plugin) };
  }

  /** For a generation that is to begin with these files: who of them stays out of service, and why. Changes nothing. */
  forPlugins(states: readonly ServiceState[]): ReadonlyMap<string, string> {
    const replaced = new Set(this.#replacedIn(states).map(({ name }) => name));
    const staying = [...this.entries].filter(([name]) => !replaced.has(name));
    return new Map(staying.map(([name, { reason }]) => [name, reason]));
  }

  /** These are the files now that are in service. Forgets what it knows of a plugin whose file is another one. */
  settle(states: readonly ServiceState[]): void {
    const { plugins } = this.#file.value;
    const replaced = this.#replacedIn(states);
    this.#states = states;
    this.#losses.clear();
    for (const { name, file } of replaced) {
      if (countedOf(plugins, name)?.quarantined) {
        this.#log.info({ plugin: name, file }, "the file of the plugin has changed: its quarantine ends");
      }
      delete plugins[name];
    }
    if (replaced.length > 0) this.#file.save();
  }

  #replacedIn(states: readonly ServiceState[]): ServiceState[] {
    const { plugins } = this.#file.value;
    return states.filter((state) => isOther(countedOf(plugins, state.name)?.build, buildOf(state)));
  }

  #count(record: CrashRecord): Verdict | undefined {
    const { plugin, time } = record;
    if (plugin === undefined) return undefined;
    const { plugins } = this.#file.value;
    const own = filesOf(record);
    const facts = buildOf(own) === "" ? { ...this.#stateOf(plugin), ...own } : own;
    const build = buildOf(facts);
    const known = countedOf(plugins, plugin);
    const counted = known === undefined || isOther(known.build, build) ? { build, crashes: [] } : known;
    plugins[plugin] = counted;
    const { crashes, within } = this.#policy;
    const after = Date.parse(time) - milliseconds(within);
    counted.crashes = [...counted.crashes.filter((earlier) => Date.parse(earlier) > after), time];
    if (counted.crashes.length < crashes) {
      this.#file.save();
      return undefined;
    }
    const times = `${countText(counted.crashes.length, "crash")} within ${within}`;
    return this.#quarantine(plugin, { ...facts, since: time, reason: `${times}, the last ${placeText(record)}` });
  }

  #quarantine(plugin: string, entry: QuarantineEntry): Verdict | undefined {
    const { plugins } = this.#file.value;
    const counted = countedOf(plugins, plugin) ?? { build: buildOf(entry), crashes: [] };
    plugins[plugin] = counted;
    const already = counted.quarantined !== undefined;
    counted.quarantined ??= entry;
    this.#file.save();
    if (already) return undefined;
    const { reason, file, buildId } = entry;
    this.#log.error(
      { plugin, file, buildId, reason },
      `the plugin ${plugin} is quarantined: ${reason}; replace its file and run \`vsmtp reload\`, ` +
        `or run \`vsmtp plugin release ${plugin}\``,
    );
    return { name: plugin, reason };
  }

  #stateOf(plugin: string): Pick<QuarantineEntry, "file" | "buildId" | "sha256"> {
    const state = this.#states.find(({ name }) => name === plugin);
    return state ? filesOf(state) : {};
  }
}

/** What a host has written down of those that are out of service. Changes nothing. @throws VsmtpError STATE_READ */
export function storedEntries(directory: string): ReadonlyMap<string, QuarantineEntry> {
  const stored = readState(join(directory, FILE), Plugins);
  return stored ? entriesOf(stored) : new Map();
}

function entriesOf({ plugins }: z.output<typeof Plugins>): ReadonlyMap<string, QuarantineEntry> {
  const all = Object.entries(plugins);
  return new Map(all.flatMap(([name, { quarantined }]) => (quarantined ? [[name, quarantined] as const] : [])));
}

/** Objects have more names than those that were put there: `constructor`. */
function countedOf(plugins: z.output<typeof Plugins>["plugins"], name: string): z.output<typeof Counted> | undefined {
  return Object.hasOwn(plugins, name) ? plugins[name] : undefined;
}

type Files = Pick<QuarantineEntry, "file" | "buildId" | "sha256">;

/** Only what is known, so that it can be laid over what is known from elsewhere. */
function filesOf({ file, buildId, sha256 }: { [key in keyof Files]?: Files[key] | undefined }): Files {
  return {
    ...(file !== undefined && { file }),
    ...(buildId !== undefined && { buildId }),
    ...(sha256 !== undefined && { sha256 }),
  };
}

/** What tells one build of a plugin from another. */
function buildOf({
  buildId,
  sha256,
}: {
  readonly buildId?: string | undefined;
  readonly sha256?: string | undefined;
}): string {
  return buildId ?? sha256 ?? "";
}

function isOther(known: string | undefined, now: string): boolean {
  return known !== undefined && known !== "" && now !== "" && known !== now;
}

function countText(count: number, what: "call" | "crash"): string {
  if (count === 1) return `1 ${what}`;
  return `${count} ${what === "crash" ? "crashes" : "calls"}`;
}
