/**
 * What a file says about itself as a storage plugin: by the names that it exports, which are those of Dovecot's
 * plugins, and by the notes that our `lib.h` puts into every unit that was compiled with it.
 *
 * Whether it may be loaded is judged in `admit-storage.ts`.
 */

import type { VsmtpError } from "../errors.ts";
import { readCharacters, readPointedText, readPointedTexts } from "./elf/data.ts";
import type { ElfFile } from "./elf/elf-file.ts";
import { SymbolName } from "./elf/hash.ts";
import type { DynamicSymbol } from "./elf/symbols.ts";
import type { StorageRecord } from "./manifest-types.ts";
import { baseName, isPluginName, storageName } from "./name.ts";
import { KIND, type NoteRecord } from "./notes.ts";
import { problem } from "./problem.ts";

export interface StorageReading {
  readonly name: string;
  readonly record: StorageRecord;
  /** The versions of vSMTP for which its units were compiled, each once. Empty: none was, with our headers. */
  readonly units: readonly string[];
  /** What `<base>_version` points to; undefined: there is no such variable, or it is no text. */
  readonly version: string | undefined;
  readonly problems: readonly VsmtpError[];
}

/** Plugins whose part the host itself plays, so that everybody may depend on them. */
export const BUILT_IN: ReadonlySet<string> = new Set(["notify"]);

/**
 * Undefined: the file is no storage plugin.
 *
 * @param names what the plugin is called: by its manifest, which decides, or by the name of its file
 */
export function readStorage(
  elf: ElfFile,
  records: readonly NoteRecord[],
  names: { readonly manifest: string | undefined; readonly claim: string | undefined },
): StorageReading | undefined {
  const units = records.filter(({ kind }) => kind === KIND.storage);
  const base = findBase(elf, units.length > 0, names);
  return base === undefined ? undefined : new Reader(elf, base).read(units);
}

/**
 * The file says which functions to look for; but where a unit has our note it is meant to be a storage plugin, and
 * then the functions say what it is, if only one plugin's are there.
 */
function findBase(
  elf: ElfFile,
  noted: boolean,
  { manifest, claim }: { readonly manifest: string | undefined; readonly claim: string | undefined },
): string | undefined {
  const expected = [manifest, claim].filter((name) => name !== undefined).map(baseName);
  const begins = (base: string) => elf.find(new SymbolName(`${base}_init`)) !== undefined;
  const ends = (base: string) => elf.find(new SymbolName(`${base}_deinit`)) !== undefined;
  if (!noted) return expected.find((base) => begins(base) && ends(base));
  const there = expected.find((base) => begins(base) || ends(base));
  if (there !== undefined || manifest !== undefined) return there ?? expected[0];
  const exported = elf.exported("").flatMap((name) => /^(.+_plugin)_(?:de)?init$/.exec(name)?.[1] ?? []);
  const [only, ...others] = new Set(exported);
  return only !== undefined && others.length === 0 ? only : expected[0];
}

class Reader {
  readonly #elf: ElfFile;
  readonly #base: string;
  readonly #problems: VsmtpError[] = [];

  constructor(elf: ElfFile, base: string) {
    this.#elf = elf;
    this.#base = base;
  }

  read(units: readonly NoteRecord[]): StorageReading {
    const name = storageName(this.#base);
    if (!isPluginName(name)) this.#refuseRecord(`"${name}" is no plugin name: use lower-case words joined by "_"`);
    this.#function("init", "(struct module *module)", true);
    this.#function("deinit", "(void)", true);
    const preinit = this.#function("preinit", "(void)", false);
    const dependencies = this.#dependencies();
    return {
      name,
      record: { base: this.#base, preinit, dependencies, binaries: this.#binaries() },
      units: this.#versions(units),
      version: this.#text("version", "const char *", "", readPointedText),
      problems: this.#problems,
    };
  }

  #versions(units: readonly NoteRecord[]): string[] {
    const found = units.map(({ fields, damage }) => {
      const version = damage === undefined ? fields.get("vsmtp")?.[0] : undefined;
      if (version === undefined) this.#refuseRecord(damage ?? "it does not say for which vSMTP it was compiled");
      return version;
    });
    return [...new Set(found.filter((version) => version !== undefined))];
  }

  /** Whether it is there. */
  #function(suffix: string, parameters: string, required: boolean): boolean {
    const symbol = this.#find(suffix);
    if (symbol && this.#elf.symbols.callable(symbol)) return true;
    if (symbol || required) {
      const reason = symbol ? "is data, where a function has to be" : "is missing";
      this.#refuse(suffix, reason, `void ${this.#base}_${suffix}${parameters}`);
    }
    return symbol !== undefined;
  }

  #dependencies(): string[] {
    const names = this.#read("dependencies", "const char *", "[]", readPointedTexts) ?? [];
    const plugins = names.map(storageName).filter((name) => !BUILT_IN.has(name));
    for (const name of plugins) {
      if (!isPluginName(name)) this.#refuse("dependencies", `names "${name}", which is no plugin name`);
      else if (name === storageName(this.#base)) this.#refuse("dependencies", "names the plugin itself");
    }
    return [...new Set(plugins)].sort();
  }

  #binaries(): string[] | undefined {
    const text = this.#text("binary_dependency", "const char ", "[]", readCharacters);
    return text?.split(" ").filter((name) => name !== "");
  }

  /** Authors write a text as an array and as a pointer; both can be read. */
  #text(suffix: string, type: string, array: string, first: typeof readCharacters): string | undefined {
    const read = (elf: ElfFile, symbol: DynamicSymbol) =>
      first(elf, symbol) ?? readCharacters(elf, symbol) ?? readPointedText(elf, symbol);
    return this.#read(suffix, type, array, read);
  }

  #read<T>(
    suffix: string,
    type: string,
    array: string,
    read: (elf: ElfFile, symbol: DynamicSymbol) => T | undefined,
  ): T | undefined {
    const symbol = this.#find(suffix);
    const value = symbol && read(this.#elf, symbol);
    if (symbol && value === undefined) {
      this.#refuse(suffix, "is something else than it should be", `${type}${this.#base}_${suffix}${array}`);
    }
    return value;
  }

  #find(suffix: string): DynamicSymbol | undefined {
    return this.#elf.find(new SymbolName(`${this.#base}_${suffix}`));
  }

  #refuse(suffix: string, reason: string, declaration = `const char *${this.#base}_${suffix}[]`): void {
    const facts = { file: this.#elf.file, symbol: `${this.#base}_${suffix}`, reason, declaration };
    this.#problems.push(problem("PLUGIN_STORAGE_SYMBOL", facts));
  }

  #refuseRecord(reason: string): void {
    this.#problems.push(problem("PLUGIN_MANIFEST", { file: this.#elf.file, record: "the storage plugin", reason }));
  }
}
