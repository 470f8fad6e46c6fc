/**
 * What is learnt from a process that ended although nobody told it to: who is to blame, where, for which mail, and what
 * else was going on. It is put together from what the process itself could still write down (the crash handler's text),
 * from the marker, and from how it ended; then it is kept on disk and told in the log.
 *
 * What follows from it, for plugins and for mails, is the business of quarantine.ts.
 */

import { join } from "node:path";
import { VsmtpError } from "../../errors.ts";
import {
  type AreaLog,
  type CrashFacts,
  type CrashRecord,
  type MarkedThread,
  MarkerView,
  type PluginCall,
  type SituationFacts,
} from "../../observe/index.ts";
import { FunctionNames, type HeldPlugin } from "../../plugin/index.ts";
import { nameOfRole } from "../names.ts";
import type { Death } from "../supervisor/worker.ts";
import { storeCrash, storedCrashes } from "./crash-store.ts";
import { endText, placeText, situationText } from "./crash-words.ts";
import { isFault } from "./faults.ts";
import { tellTo } from "./state-file.ts";

export interface CrashesOptions {
  /** Where state is kept; records are in its `crashes`. */
  readonly directory: string;
  readonly log: AreaLog;
  /** Records that are kept. Default: 100. */
  readonly most?: number;
}

/** Functions that a record names as called last. */
const LAST_CALLED = 16;

export class Crashes {
  readonly #directory: string;
  readonly #log: AreaLog;
  readonly #most: number;
  readonly #recent: CrashRecord[];
  readonly #counts = new Map<string, number>();

  constructor({ directory, log, most = 100 }: CrashesOptions) {
    this.#directory = crashDirectory(directory);
    this.#log = log;
    this.#most = most;
    this.#recent = storedCrashes(this.#directory, tellTo(log)).slice(0, most);
  }

  /** Latest first, those of earlier hosts too. */
  recent(): readonly CrashRecord[] {
    return this.#recent;
  }

  /** How many there were since this host began, by plugin; "": it is not known whose they were. */
  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }

  /** Undefined, and only a line in the log: no plugin has to do with it. */
  record(death: Death): CrashRecord | undefined {
    const record = this.#withSince(recordOf(death));
    if (!isOfPlugins(record)) {
      const { process, note } = record;
      const why = note === undefined ? "" : ` (${note})`;
      this.#log.warn(linesFields(record), `${process} ended ${endText(record)}${why}; no plugin was at work in it`);
      return undefined;
    }
    this.#recent.unshift(record);
    this.#recent.splice(this.#most);
    if (isFault(record)) this.#count(record.plugin ?? "");
    this.#log.error({ ...linesFields(record), record: this.#store(record) }, sentenceOf(record));
    return record;
  }

  #count(plugin: string): void {
    this.#counts.set(plugin, (this.#counts.get(plugin) ?? 0) + 1);
  }

  #withSince(record: CrashRecord): CrashRecord {
    const { plugin, buildId, sha256, time } = record;
    if (plugin === undefined) return record;
    const isSame = (other: CrashRecord) =>
      other.plugin === plugin && other.buildId === buildId && other.sha256 === sha256;
    return { ...record, since: this.#recent.findLast(isSame)?.since ?? time };
  }

  #store(record: CrashRecord): string | undefined {
    try {
      return storeCrash(this.#directory, record, this.#most, this.#log);
    } catch (error) {
      if (!(error instanceof VsmtpError)) throw error;
      tellTo(this.#log)(error);
      return undefined;
    }
  }
}

/** In the directory of state. */
export function crashDirectory(state: string): string {
  return join(state, "crashes");
}

/** Whether plugins may have to do with it: they have, or had before an end that nobody outside brought. */
function isOfPlugins(record: CrashRecord): boolean {
  const { plugin, inFlight, lastCalled } = record;
  return plugin !== undefined || inFlight.length > 0 || (isFault(record) && lastCalled.length > 0);
}

/** Everything that can be said of an end. */
export function recordOf(death: Death): CrashRecord {
  const view = new MarkerView(death.marker);
  const facts = view.crash();
  const threads = view.threads();
  const faulted = threads.find(({ tid }) => tid === facts?.tid) ?? hungThread(death, threads);
  const inFlight = view.inFlight();
  const how = howItEnded(death, facts);
  const culprit = ofItsOwn(death, culpritOf(death, facts, faulted?.call, isFault(how) ? inFlight : []));
  const library = libraryOf(death.plugins, culprit);
  return plain({
    time: new Date().toISOString(),
    pid: death.pid,
    process: nameOfRole(death.role),
    ...how,
    address: facts?.address,
    ...culprit,
    call: faulted?.call,
    function: functionOf(culprit, library),
    file: culprit.file ?? library?.file,
    buildId: culprit.buildId ?? buildIdOf(library),
    sha256: library?.sha256,
    note: noteOf(death, facts),
    backtrace: facts?.backtrace ?? [],
    situation: situationOf(faulted),
    inFlight: inFlight.map(({ slot, ...call }) => plain(call)),
    lastCalled: view.lastCalled(LAST_CALLED),
  });
}

function howItEnded(
  { hung, signal, status }: Death,
  facts: CrashFacts | undefined,
): Pick<CrashRecord, "kind" | "signal" | "status" | "sender"> {
  if (hung) return { kind: "hung", signal };
  return signal === undefined ? { kind: "exit", status } : { kind: "signal", signal, sender: facts?.sender };
}

/** The one that did not come back: the storage's where there is one. */
function hungThread({ hung, role }: Death, threads: readonly MarkedThread[]): MarkedThread | undefined {
  const slot = role.kind === "storage" ? 1 : 0;
  return hung ? threads.find((thread) => thread.slot === slot) : undefined;
}

/** What a thread that is in no call worked for is over; of the storage's, calls are not known. */
function situationOf(thread: MarkedThread | undefined): SituationFacts | undefined {
  return thread?.call !== undefined || thread?.slot === 1 ? thread.situation : undefined;
}

type Culprit = Pick<CrashRecord, "plugin" | "function" | "offset" | "file" | "buildId" | "by">;

/**
 * The place where the thread was knows best, then what the thread was called for. A process that could not write
 * anything down leaves only what was in flight, which accuses somebody when it is one plugin.
 */
function culpritOf(
  { role, hung }: Death,
  facts: CrashFacts | undefined,
  called: PluginCall | undefined,
  inFlight: readonly PluginCall[],
): Culprit {
  if (facts?.sender !== undefined && !hung) return {};
  if (facts?.plugin) {
    const { plugin, function: name, offset, file, buildId, by } = facts;
    return { plugin, function: name, offset, file, buildId, by };
  }
  if (called) return { plugin: called.plugin, function: called.function, by: "marker" };
  const [first] = inFlight;
  const alone = inFlight.every(({ plugin }) => plugin === first?.plugin);
  if (facts === undefined && first !== undefined && alone) {
    return { plugin: first.plugin, function: inFlight.length === 1 ? first.function : undefined, by: "marker" };
  }
  // Nobody else's code runs there.
  return role.kind === "isolated" && inFlight.length > 0 ? { plugin: role.plugin, by: "marker" } : {};
}

/** Only its own plugin and what comes with that can be at fault in an isolated process, whatever that has left behind. */
function ofItsOwn({ role, plugins }: Death, culprit: Culprit): Culprit {
  if (role.kind !== "isolated" || culprit.plugin === undefined) return culprit;
  const own = new Set([role.plugin]);
  for (const name of own) for (const other of dependenciesOf(plugins, name)) own.add(other);
  return own.has(culprit.plugin) ? culprit : { plugin: role.plugin, by: "marker" };
}

function dependenciesOf(plugins: readonly HeldPlugin[], plugin: string): readonly string[] {
  const verdict = plugins.find((held) => nameOf(held) === plugin)?.verdict;
  return verdict?.kind === "admitted" ? verdict.manifest.dependencies : [];
}

function libraryOf(plugins: readonly HeldPlugin[], { plugin, file }: Culprit): HeldPlugin | undefined {
  if (plugin === undefined) return undefined;
  return plugins.find((held) => (file === undefined ? nameOf(held) === plugin : held.file === file));
}

/** The handler knows exported functions only; the file mostly knows the others, too. */
function functionOf({ function: name, offset }: Culprit, library: HeldPlugin | undefined): string | undefined {
  if (name !== STATIC || offset === undefined || library?.descriptor === undefined) return name;
  return new FunctionNames().at(`/proc/self/fd/${library.descriptor}`, Number(offset)) ?? name;
}

/** How the crash handler calls a function that its file does not export. */
const STATIC = "(static)";

function nameOf({ verdict }: HeldPlugin): string | undefined {
  return verdict.kind === "admitted" ? verdict.manifest.name : undefined;
}

function buildIdOf(held: HeldPlugin | undefined): string | undefined {
  return held?.verdict.kind === "admitted" ? held.verdict.buildId : undefined;
}

function noteOf({ hung, deaf }: Death, facts: CrashFacts | undefined): string | undefined {
  if (deaf) return "its channel to the supervisor was closed or damaged, and the process was ended because of that";
  if (hung) return "the call did not come back within its deadline, and the process was ended because of that";
  return facts?.note;
}

/** Without keys that say nothing, as it comes back from its file. */
function plain<T extends object>(facts: T): T {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as T;
}

function linesFields(record: CrashRecord): Record<string, unknown> {
  const { process, pid, plugin, call, function: name, offset, file, buildId, situation, since } = record;
  const { mail, directive, stage, user } = situation ?? {};
  const place = { plugin, call: call?.function, function: name, offset, file, buildId, since };
  return { worker: process, pid, ...place, mail, directive, stage, user };
}

function sentenceOf(record: CrashRecord): string {
  const { process, plugin, situation, note } = record;
  const mail = situationText(situation ?? {});
  const sentence = `${process} ended ${placeText(record)}${mail === "" ? "" : `, ${mail}`}${note === undefined ? "" : ` (${note})`}`;
  if (plugin !== undefined)
    return `${sentence}: a fault of the plugin ${plugin}; see \`vsmtp plugin crashes ${plugin}\``;
  if (!isFault(record))
    return `${sentence}; that came from outside, while plugins were at work: see \`vsmtp plugin crashes\``;
  return `${sentence}; whose fault it is cannot be told: see \`vsmtp plugin crashes\` for the plugins that were called last`;
}
