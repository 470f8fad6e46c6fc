/**
 * All plugins of a host: found, judged together, looked up by the names that imports use, and loaded when a script
 * first needs them.
 *
 * What one file is worth on its own is decided in `admit.ts`, what files mean to each other in `registry-rules.ts`. A
 * refused plugin never stops the others.
 */

import { basename, resolve } from "node:path";
import { VsmtpError } from "../errors.ts";
import type { NativeModule } from "../vsl/index.ts";
import type { Admitted, Verdict } from "./admit.ts";
import { bindModule } from "./bind.ts";
import { listDirectory } from "./discover.ts";
import { type HostFacts, hostFacts } from "./host-facts.ts";
import { loadPlugin } from "./load.ts";
import { importedName, isLibraryName, nearNames, readFileName, withoutSuffix } from "./name.ts";
import { isUnchanged } from "./open.ts";
import { problem } from "./problem.ts";
import { type Judged, judgeFiles, nameOf, unopened } from "./registry-judge.ts";
import { judgeTogether } from "./registry-rules.ts";

export interface FindOptions {
  /** The directory `plugins` beside vsmtp.vsl. It may be missing. */
  readonly directory: string;
  /** Files of plugins that come with the host. One in `directory` with the same name takes the place of such a one. */
  readonly shipped: readonly string[];
  /** Names of modules that every script has without plugins; no plugin can take one of them. */
  readonly reserved?: ReadonlySet<string>;
  /** What to judge by; left out: this process and this machine. */
  readonly facts?: HostFacts;
}

export class Plugins {
  /** In the order of file names, those that come with the host last. */
  readonly verdicts: readonly Verdict[];
  /** Names of entries in the directory that are no `*.so`; nobody opened them. */
  readonly ignored: readonly string[];
  readonly #directory: string;
  readonly #judged: ReadonlyMap<Verdict, Judged>;
  readonly #described = new Map<Verdict, NativeModule>();
  readonly #loaded = new Map<Verdict, NativeModule | VsmtpError>();

  constructor(directory: string, judged: readonly Judged[], ignored: readonly string[]) {
    this.#directory = directory;
    this.#judged = new Map(judged.map((one) => [one.verdict, one]));
    this.verdicts = judged.map(({ verdict }) => verdict);
    this.ignored = ignored;
  }

  /** Looks into the directory and judges every file there. Loads nothing, throws nothing. */
  static find(options: FindOptions): Plugins {
    const directory = resolve(options.directory);
    const { files, ignored, problem } = listDirectory(directory);
    const facts = options.facts ?? hostFacts();
    try {
      const shipped = options.shipped.map((file) => resolve(file));
      const judged = [...judgeFiles(files, false, facts), ...judgeFiles(shipped, true, facts)];
      const together = judgeTogether(judged, options.reserved ?? new Set());
      return new Plugins(directory, problem ? [unopened(directory, problem), ...together] : together, ignored);
    } finally {
      if (!options.facts) facts.libraries.close();
    }
  }

  /** Whether a plugin came with the host. */
  isShipped(verdict: Verdict): boolean {
    return this.#judged.get(verdict)?.shipped ?? false;
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
      module = bindModule(verdict.manifest, undefined);
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
    for (const dependency of verdict.manifest.dependencies) {
      const other = this.#byName(dependency);
      const loaded = other && this.load(other);
      if (loaded instanceof VsmtpError) return loaded;
    }
    const stamp = this.#judged.get(verdict)?.stamp;
    if (!stamp || !isUnchanged(verdict.realFile, stamp)) return problem("PLUGIN_CHANGED", { file: verdict.realFile });
    const loaded = loadPlugin(verdict);
    return loaded instanceof VsmtpError ? loaded : bindModule(verdict.manifest, loaded);
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

/** The error for a script that needs a plugin which was not admitted. */
function whyNot(verdict: Exclude<Verdict, Admitted>): VsmtpError {
  if (verdict.kind === "not-a-plugin") {
    return problem("PLUGIN_NOT_ADMITTED", { file: verdict.file, reason: verdict.reason });
  }
  const [first] = verdict.problems;
  if (first) return first;
  throw new Error(`${verdict.file} is refused without a reason`);
}
