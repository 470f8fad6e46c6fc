/**
 * Makes a {@link Manifest} of a plugin's notes, and says what in them cannot be used.
 *
 * Strict on what it needs; keys and kinds that it does not know are from a later version and skipped. Whether the file
 * keeps what its manifest promises (symbols, versions, libraries) is left to `admit.ts`.
 */

import type { VsmtpError } from "../errors.ts";
import type { FunctionRecord, Manifest, ObjectRecord } from "./manifest-types.ts";
import { isPluginName } from "./name.ts";
import { KIND, type NoteRecord } from "./notes.ts";
import { problem } from "./problem.ts";
import { parsePrototype } from "./prototype.ts";
import { argumentsOf } from "./signature.ts";

export interface ManifestReading {
  /** As much as could be understood; undefined without a usable plugin record. */
  readonly manifest: Manifest | undefined;
  readonly problems: readonly VsmtpError[];
}

/** Names that scripts can write, and C can link. */
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Types of the language itself; a plugin's type of the same name could not be told from them. */
const LANGUAGE_TYPES: ReadonlySet<string> = new Set(
  "any array blob bool char f64 float Fn i64 int map range string timestamp".split(" "),
);

/** Functions, objects and dependencies of one plugin together. The whole C library has half as many functions. */
const MAX_RECORDS = 4096;

export function readManifest(file: string, records: readonly NoteRecord[]): ManifestReading {
  if (records.length <= MAX_RECORDS) return new Reader(file).read(records);
  const facts = { record: "the plugin", reason: `it has ${records.length} records, more than ${MAX_RECORDS}` };
  return { manifest: undefined, problems: [problem("PLUGIN_MANIFEST", { file, ...facts })] };
}

class Reader {
  readonly #file: string;
  readonly #problems: VsmtpError[] = [];

  constructor(file: string) {
    this.#file = file;
  }

  read(records: readonly NoteRecord[]): ManifestReading {
    const of = (kind: number) => records.filter((record) => record.kind === kind);
    const plugins = of(KIND.plugin);
    if (plugins.length > 1) this.#refuse("the plugin", "VSMTP_PLUGIN is used more than once");
    const objects = of(KIND.object).flatMap((record) => this.#object(record));
    this.#unique(objects.map(({ name }) => `the object type ${name}`));
    this.#unique(objects.map(({ cType }) => `the C type ${cType}`));
    const types = new Map(objects.map(({ cType, name }) => [cType, name]));
    const cTypes = new Set(types.keys());
    const functions = of(KIND.function).flatMap((record) => this.#function(record, types, cTypes));
    this.#unique(functions.map(called));
    this.#unique(functions.map(({ symbol }) => `the C function ${symbol}`));
    const plugin = plugins[0];
    if (!plugin) this.#refuse("the plugin", "it has notes of vSMTP, but none says what plugin it is");
    const named = plugin && this.#plugin(plugin);
    const dependencies = of(KIND.dependency).flatMap((record) => this.#dependency(record, named?.name));
    const manifest = named && {
      ...named,
      functions: functions.sort((a, b) => compare(called(a), called(b))),
      objects: objects.sort((a, b) => compare(a.name, b.name)),
      dependencies: [...new Set(dependencies)].sort(),
    };
    return { manifest, problems: this.#problems };
  }

  #plugin(record: NoteRecord): Omit<Manifest, "functions" | "objects" | "dependencies"> | undefined {
    const what = "the plugin";
    const name = this.#need(record, what, "name");
    const vsmtp = this.#need(record, what, "vsmtp");
    const module = this.#one(record, what, "module");
    if (name !== undefined && !isPluginName(name)) {
      this.#refuse(what, `"${name}" is no plugin name: use lower-case words and numbers joined by "-"`);
      return undefined;
    }
    if (module !== undefined && !IDENTIFIER.test(module)) this.#refuse(what, `"${module}" is no module name`);
    if (name === undefined || vsmtp === undefined) return undefined;
    return {
      name,
      vsmtp,
      scripted: true,
      storage: undefined,
      release: this.#one(record, what, "release") ?? "",
      description: this.#one(record, what, "description") ?? "",
      module,
      threadsafe: this.#one(record, what, "threadsafe") === "yes",
    };
  }

  #object(record: NoteRecord): ObjectRecord[] {
    const what = `the object type ${record.fields.get("name")?.[0] ?? "without a name"}`;
    const cType = this.#need(record, what, "ctype", IDENTIFIER);
    const name = this.#need(record, what, "name", IDENTIFIER);
    const destroy = this.#need(record, what, "destroy", IDENTIFIER);
    if (name !== undefined && LANGUAGE_TYPES.has(name)) this.#refuse(what, "vSL has a type of that name");
    if (cType === undefined || name === undefined || destroy === undefined) return [];
    return [{ cType, name, destroy, doc: documentation(record) }];
  }

  /** @param types vSL names of the declared objects, by C type */
  #function(record: NoteRecord, types: ReadonlyMap<string, string>, cTypes: ReadonlySet<string>): FunctionRecord[] {
    const what = `the function ${record.fields.get("symbol")?.[0] ?? "without a symbol"}`;
    const symbol = this.#need(record, what, "symbol", IDENTIFIER);
    if (symbol === undefined) return [];
    const prototype = this.#need(record, what, "prototype");
    const name = this.#one(record, what, "name") ?? symbol;
    const method = this.#one(record, what, "method");
    const call = this.#one(record, what, "call") ?? "blocking";
    const given = this.#one(record, what, "result") === "given";
    if (!IDENTIFIER.test(name)) this.#refuse(what, `"${name}" is no name that a script could call`);
    if (call !== "quick" && call !== "blocking") {
      this.#refuse(what, `"${call}" is no way of calling it: quick and blocking are`);
      return [];
    }
    if (prototype === undefined) return [];
    const signature = parsePrototype(prototype, cTypes, { given });
    if ("reason" in signature) {
      const facts = { file: this.#file, function: name, prototype, reason: signature.reason };
      this.#problems.push(problem("PLUGIN_SIGNATURE", facts));
      return [];
    }
    const read = { symbol, prototype, signature, name, method, call, doc: documentation(record) } as const;
    this.#checkMethod(what, read, types);
    return [read];
  }

  #checkMethod(what: string, { method, signature }: FunctionRecord, types: ReadonlyMap<string, string>): void {
    if (method === undefined) return;
    const self = argumentsOf(signature)[0]?.passing;
    if (self?.kind === "object" && types.get(self.cType) === method) return;
    const [type] = [...types].find(([, name]) => name === method) ?? [];
    this.#refuse(
      what,
      type === undefined
        ? `it is a method of "${method}", but no VSMTP_OBJECT has that name`
        : `it is a method of "${method}", so its first parameter must be ${type} *`,
    );
  }

  #dependency(record: NoteRecord, own: string | undefined): string[] {
    const plugin = this.#need(record, "a dependency", "plugin");
    if (plugin === undefined) return [];
    if (!isPluginName(plugin)) this.#refuse("a dependency", `"${plugin}" is no plugin name`);
    else if (plugin === own) this.#refuse("a dependency", "the plugin depends on itself");
    return [plugin];
  }

  #need(record: NoteRecord, what: string, key: string, form?: RegExp): string | undefined {
    if (record.damage !== undefined) {
      this.#refuse(what, record.damage);
      return undefined;
    }
    const value = this.#one(record, what, key);
    if (value === undefined || value === "") this.#refuse(what, `it has no ${key}`);
    else if (form && !form.test(value)) this.#refuse(what, `its ${key}, "${value}", is no identifier`);
    else return value;
    return undefined;
  }

  #one(record: NoteRecord, what: string, key: string): string | undefined {
    const values = record.fields.get(key) ?? [];
    if (values.length > 1) this.#refuse(what, `it says more than once what its ${key} is`);
    return values[0];
  }

  #unique(names: readonly string[]): void {
    const seen = new Set<string>();
    for (const name of names) {
      if (seen.has(name)) this.#refuse(name, "it is there twice");
      seen.add(name);
    }
  }

  #refuse(record: string, reason: string): void {
    const known = this.#problems.some(({ facts }) => facts.record === record && facts.reason === reason);
    if (!known) this.#problems.push(problem("PLUGIN_MANIFEST", { file: this.#file, record, reason }));
  }
}

/** What tells functions apart in scripts: name, number of arguments, and whose method it is. */
function called({ name, method, signature }: FunctionRecord): string {
  const count = argumentsOf(signature).length;
  const arguments_ = `${count} argument${count === 1 ? "" : "s"}`;
  return `the function ${method === undefined ? "" : `${method}.`}${name} with ${arguments_}`;
}

function documentation(record: NoteRecord): string {
  return (record.fields.get("doc") ?? []).join("\n");
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
