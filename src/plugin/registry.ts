/**
 * All plugins of a host: found, judged together, looked up by the names that imports use, and loaded when a script
 * first needs them.
 *
 * What one file is worth on its own is decided in `admit.ts`, what files mean to each other in `registry-rules.ts`. A
 * refused plugin never stops the others.
 */

import { basename, resolve } from "node:path";
import { VsmtpError } from "../errors.ts";
import { NativeModule } from "../vsl/index.ts";
import type { Admitted, Verdict } from "./admit.ts";
import { bindModule } from "./bind.ts";
import { type Directory, listDirectory } from "./discover.ts";
import type { HeldPlugin, ServiceState } from "./figures.ts";
import { holdOne, takeHeld } from "./held.ts";
import { type HostFacts, hostFacts } from "./host-facts.ts";
import { type LoadedPlugin, loadPlugin } from "./load.ts";
import { loadStoragePlugin, type StoragePlugin } from "./load-storage.ts";
import { importedName, isLibraryName, loadOrder, nearNames, readFileName, withoutSuffix } from "./name.ts";
import { problem } from "./problem.ts";
import { type Judged, judgeFiles, nameOf, unopened } from "./registry-judge.ts";
import { judgeTogether } from "./registry-rules.ts";
import { letGoCopy } from "./seal.ts";
import { type Elsewhere, stateOf } from "./service.ts";
import { chooseStorage, type StorageChoice } from "./storage-choice.ts";

export interface FindOptions {
  /** The directory `plugins` beside vsmtp.vsl. It may be missing; undefined: there is none. */
  readonly directory: string | undefined;
  /** Further files that somebody named. They take the place of plugins of the same names in `directory`. */
  readonly files?: readonly string[];
  /** Files of plugins that come with the host. One in `directory` with the same name takes the place of such a one. */
  readonly shipped: readonly string[];
  /** Names of modules that every script has without plugins; no plugin can take one of them. */
  readonly reserved?: ReadonlySet<string>;
  /** What to judge by; left out: this process and this machine. */
  readonly facts?: HostFacts;
  /** What another process found and judged. Then nothing is looked for, and `directory` is only what imports name. */
  readonly held?: readonly HeldPlugin[];
  /** Plugins that are not loaded though they could be, by name, and why. Scripts are checked against them all the same. */
  readonly quarantined?: ReadonlyMap<string, string>;
  /** Those that are not loaded into this process. */
  readonly elsewhere?: Elsewhere;
}

type ServiceOptions = Pick<FindOptions, "quarantined" | "elsewhere">;

export interface LoadedStorage {
  /** In the order in which they begin. */
  readonly plugins: readonly StoragePlugin[];
  readonly problems: readonly VsmtpError[];
}

const NOTHING: Directory = { files: [], ignored: [], problem: undefined };

export class Plugins {
  /** Those that somebody named, then those of the directory by file name, those that come with the host last. */
  readonly verdicts: readonly Verdict[];
  /** Names of entries in the directory that are no `*.so`; nobody opened them. */
  readonly ignored: readonly string[];
  /** What could be done to those that are admitted, one for each file or directory. */
  readonly warnings: readonly VsmtpError[];
  readonly #directory: string;
  readonly #judged: ReadonlyMap<Verdict, Judged>;
  readonly #described = new Map<Verdict, NativeModule>();
  readonly #loaded = new Map<Verdict, NativeModule | VsmtpError>();
  readonly #opened = new Map<Verdict, StoragePlugin | VsmtpError>();
  readonly #quarantined: ReadonlyMap<string, string>;
  readonly #elsewhere: Elsewhere | undefined;

  constructor(
    directory: string,
    judged: readonly Judged[],
    ignored: readonly string[],
    { quarantined = new Map(), elsewhere }: ServiceOptions = {},
  ) {
    this.#directory = directory;
    this.#judged = new Map(judged.map((one) => [one.verdict, one]));
    this.verdicts = judged.map(({ verdict }) => verdict);
    this.ignored = ignored;
    this.warnings = eachPathOnce(judged.flatMap(({ warnings }) => warnings));
    this.#quarantined = quarantined;
    this.#elsewhere = elsewhere;
  }

  /** Looks into the directory and judges every file there. Loads nothing, throws nothing. */
  static find(options: FindOptions): Plugins {
    const directory = options.directory === undefined ? "" : resolve(options.directory);
    if (options.held) return new Plugins(directory, options.held.map(takeHeld), [], options);
    const { files, ignored, problem } = directory === "" ? NOTHING : listDirectory(directory);
    const facts = options.facts ?? hostFacts();
    try {
      const given = (options.files ?? []).map((file) => resolve(file));
      const shipped = options.shipped.map((file) => resolve(file));
      const judged = [
        ...judgeFiles(given, "given", facts),
        ...judgeFiles(files, "directory", facts),
        ...judgeFiles(shipped, "shipped", facts),
      ];
      const together = judgeTogether(judged, options.reserved ?? new Set());
      const all = problem ? [unopened(directory, problem), ...together] : together;
      return new Plugins(directory, all, ignored, options);
    } finally {
      if (!options.facts) facts.libraries.close();
    }
  }

  /**
   * Makes private copies of the admitted plugins, for processes that this one starts, which take them as `held`. Once.
   * The descriptors stay open until {@link letGo}.
   */
  hold(): HeldPlugin[] {
    return [...this.#judged.values()].map(holdOne);
  }

  /** Closes the copies that {@link hold} made: no process will be started with them any more. */
  letGo(): void {
    for (const verdict of this.verdicts) if (verdict.kind === "admitted") letGoCopy(verdict);
  }

  /** Of those that are admitted: whether they are in service here. */
  states(): ServiceState[] {
    return this.verdicts.flatMap((verdict) => {
      if (verdict.kind !== "admitted") return [];
      const loaded = [this.#loaded.get(verdict), this.#opened.get(verdict)].filter((one) => one !== undefined);
      const elsewhere = this.#elsewhere?.has(verdict) ?? false;
      return stateOf(verdict, { quarantined: this.#quarantined.get(verdict.manifest.name), elsewhere, loaded });
    });
  }

  /** Whether a plugin came with the host. */
  isShipped(verdict: Verdict): boolean {
    return this.#judged.get(verdict)?.origin === "shipped";
  }

  /** Other names of the same file in the directory. */
  aliasesOf(verdict: Verdict): readonly string[] {
    return this.#judged.get(verdict)?.aliases ?? [];
  }

  /**
   * What `import "plugins/…"` means: a file by its own name, or a plugin by any spelling of its name, with or without
   * `lib`, version and `.so`. Undefined: there is no such file; `near` knows what may have been meant.
   */
  lookup(specifier: string): Verdict | undefined {
    const name = importedName(specifier, this.#directory);
    if (name === undefined || name === "") return undefined;
    return this.#byFile(name) ?? this.#byName(name);
  }

  /** Imports that work and are spelled much like this one. */
  near(specifier: string): string[] {
    const wanted = basename(withoutSuffix(specifier));
    const wantedName = readFileName(wanted)?.name ?? wanted;
    const names = this.verdicts.flatMap((verdict) => nameOf(verdict) ?? []);
    return nearNames(wantedName, names).map((name) => `plugins/vsmtp-plugin-${name}`);
  }

  /** The plugin's module with its signatures, for checking scripts. Its functions cannot be called. */
  describe(verdict: Admitted): NativeModule {
    let module = this.#described.get(verdict);
    if (!module) {
      const { manifest } = verdict;
      const elsewhere = this.#elsewhere?.has(verdict) ? this.#elsewhere.bind(verdict, "describe") : undefined;
      module = elsewhere instanceof NativeModule ? elsewhere : bindModule(manifest, undefined);
      this.#described.set(verdict, module);
    }
    return module;
  }

  /** The plugin's module, loaded on first use, after the plugins that it depends on. An error stays the answer. */
  load(verdict: Verdict): NativeModule | VsmtpError {
    let module = this.#loaded.get(verdict);
    if (!module) {
      module = this.#load(verdict);
      this.#loaded.set(verdict, module);
    }
    return module;
  }

  /** Takes a plugin for scripts into this process, after those that it depends on; no module is made of it. */
  loadLibrary(verdict: Admitted): LoadedPlugin | VsmtpError {
    const { dependencies, storage } = verdict.manifest;
    const opened = storage && this.openStorage(verdict);
    if (opened instanceof VsmtpError) return opened;
    for (const dependency of dependencies) {
      const other = this.#byName(dependency);
      if (other?.kind === "admitted" && this.#elsewhere?.has(other)) {
        const reason = "that one runs in a process of its own: isolate both or neither";
        return problem("PLUGIN_DEPENDENCY", { file: verdict.file, dependency, reason });
      }
      const isScripted = other?.kind !== "admitted" || other.manifest.scripted;
      const loaded = other && isScripted ? this.load(other) : undefined;
      if (loaded instanceof VsmtpError) return loaded;
    }
    return loadPlugin(verdict);
  }

  /** The storage plugins of these names, each after those that it depends on; null: all that are admitted. */
  storage(names: readonly string[] | null = null): StorageChoice {
    return chooseStorage(this.#storage(), names, (name) => this.#byName(name));
  }

  /** The same, opened. What cannot be is among the problems, and whoever stores mails should not do so without it. */
  loadStorage(names: readonly string[] | null = null): LoadedStorage {
    const choice = this.storage(names);
    const plugins: StoragePlugin[] = [];
    const problems = [...choice.problems];
    for (const verdict of choice.plugins) {
      const outcome = this.openStorage(verdict);
      if (outcome instanceof VsmtpError) problems.push(outcome);
      else plugins.push(outcome);
    }
    return { plugins, problems };
  }

  /** Opens a storage plugin on first use, after those that it depends on. Nothing of it is called. */
  openStorage(verdict: Admitted): StoragePlugin | VsmtpError {
    let plugin = this.#opened.get(verdict);
    if (!plugin) {
      plugin = this.#open(verdict);
      this.#opened.set(verdict, plugin);
    }
    return plugin;
  }

  /** The plugins whose modules every script has without an import, by module name. */
  globals(): Map<string, Admitted> {
    const globals = new Map<string, Admitted>();
    for (const verdict of this.verdicts) {
      if (verdict.kind === "admitted" && verdict.manifest.module !== undefined) {
        globals.set(verdict.manifest.module, verdict);
      }
    }
    return globals;
  }

  #load(verdict: Verdict): NativeModule | VsmtpError {
    if (verdict.kind !== "admitted") return whyNot(verdict);
    const { file, manifest } = verdict;
    if (!manifest.scripted) return problem("PLUGIN_NO_FUNCTIONS", { file });
    const quarantined = this.#quarantine(verdict);
    if (quarantined) return quarantined;
    if (this.#elsewhere?.has(verdict)) return this.#elsewhere.bind(verdict, "load");
    const loaded = this.loadLibrary(verdict);
    return loaded instanceof VsmtpError ? loaded : bindModule(manifest, loaded);
  }

  #storage(): Admitted[] {
    return this.verdicts
      .filter((verdict) => verdict.kind === "admitted")
      .filter(({ manifest }) => manifest.storage !== undefined)
      .sort((one, other) => loadOrder(basename(one.file), basename(other.file)));
  }

  #open(verdict: Admitted): StoragePlugin | VsmtpError {
    const { name, storage } = verdict.manifest;
    if (!storage) return problem("PLUGIN_NOT_STORAGE", { file: verdict.file });
    const quarantined = this.#quarantine(verdict);
    if (quarantined) return quarantined;
    const all = this.#storage();
    for (const other of all.filter(({ manifest }) => storage.dependencies.includes(manifest.name))) {
      const opened = this.openStorage(other);
      if (opened instanceof VsmtpError) return opened;
    }
    const isNeeded = all.some(({ manifest }) => manifest.storage?.dependencies.includes(name));
    return loadStoragePlugin(verdict, storage, isNeeded ? "global" : "local");
  }

  #quarantine({ manifest: { name: plugin } }: Admitted): VsmtpError | undefined {
    const reason = this.#quarantined.get(plugin);
    return reason === undefined ? undefined : problem("PLUGIN_QUARANTINED", { plugin, reason });
  }

  #byFile(name: string): Verdict | undefined {
    const file = isLibraryName(name) ? name : `${name}.so`;
    return this.verdicts.find(
      (verdict) => !this.isShipped(verdict) && [basename(verdict.file), ...this.aliasesOf(verdict)].includes(file),
    );
  }

  /** An admitted plugin of this name; else one that was refused. */
  #byName(name: string): Verdict | undefined {
    const stem = withoutSuffix(name);
    const claim = readFileName(stem) ?? { name: stem.replaceAll("_", "-"), version: undefined };
    const all = this.verdicts.filter((verdict) => nameOf(verdict) === claim.name);
    const admitted = all.find((verdict) => verdict.kind === "admitted");
    const fits = claim.version === undefined || admitted?.manifest.vsmtp === claim.version;
    return admitted ? (fits ? admitted : undefined) : all[0];
  }
}

function eachPathOnce(warnings: readonly VsmtpError[]): VsmtpError[] {
  return [...new Map(warnings.map((warning) => [warning.facts.path, warning])).values()];
}

/** The error for a script that needs a plugin which was not admitted. */
function whyNot(verdict: Exclude<Verdict, Admitted>): VsmtpError {
  if (verdict.kind === "not-a-plugin") {
    return problem("PLUGIN_NOT_ADMITTED", { file: verdict.file, reason: verdict.reason });
  }
  const [first] = verdict.problems;
  if (first) return first;
  throw new Error(`${verdict.file} is refused without a reason`);
}
