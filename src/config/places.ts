/**
 * Where the scripts of a configuration set a key: the assignment to it or to a section above it, and inside of that
 * the entry of the map that was assigned.
 *
 * This reads what is written, not what ran: a value that comes from elsewhere is found where it is assigned, and of
 * two assignments to one key the later one counts.
 */

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Place } from "../errors.ts";
import { type Assign, type Expression, type MapEntry, parse, Source, type Tree } from "../vsl/index.ts";

/** One `config.a.b = value`. */
interface Setting {
  readonly keys: readonly string[];
  readonly assign: Assign;
  readonly source: Source;
}

/** Of the scripts that `file` consists of; their imports start at `directory`. They have been run, so they parse. */
export class Places {
  readonly #settings: Setting[] = [];
  readonly #directory: string;
  readonly #read = new Set<string>();

  constructor(file: string, directory: string) {
    this.#directory = directory;
    this.#learn(file);
  }

  /** The place that comes closest to `path`; undefined when nothing above it is assigned either. */
  of(path: readonly PropertyKey[]): Place | undefined {
    let best: { depth: number; at: number; end: number; source: Source } | undefined;
    for (const { keys, assign, source } of this.#settings) {
      if (keys.length === 0 || !keys.every((key, i) => key === String(path[i]))) continue;
      const found = descend(assign, path.slice(keys.length));
      const depth = keys.length + found.depth;
      if (!best || depth >= best.depth) best = { ...found, depth, source };
    }
    return best?.source.place(best.at, best.end);
  }

  #learn(file: string): void {
    if (this.#read.has(file)) return;
    this.#read.add(file);
    const source = read(file);
    const tree = source && parsed(source);
    if (!tree) return;
    for (const { specifier } of tree.imports) {
      this.#learn(`${resolve(this.#directory, specifier)}${specifier.endsWith(".vsl") ? "" : ".vsl"}`);
    }
    for (const assign of assignments(tree)) {
      const keys = keysOf(assign.target);
      if (keys) this.#settings.push({ keys, assign, source });
    }
  }
}

/** Follows the rest of a path into the literal that is assigned, as far as it goes. */
function descend(assign: Assign, rest: readonly PropertyKey[]): { depth: number; at: number; end: number } {
  let found = { depth: 0, at: assign.target.at, end: assign.end };
  let value: Expression | undefined = assign.value;
  for (const [i, key] of rest.entries()) {
    let inner: { readonly at: number; readonly end: number } | undefined;
    if (value?.kind === "map") {
      const entry: MapEntry | undefined = value.entries.find((candidate) => candidate.key === String(key));
      inner = entry;
      value = entry?.value;
    } else if (value?.kind === "array") {
      value = value.items[Number(key)];
      inner = value;
    }
    if (!inner) break;
    found = { depth: i + 1, at: inner.at, end: inner.end };
  }
  return found;
}

/** `a`, `b` of `config.a["b"]`; undefined for what is no such path. */
function keysOf(target: Expression): string[] | undefined {
  if (target.kind === "variable") return target.path.length === 0 ? [] : undefined;
  if (target.kind === "property") {
    const above = keysOf(target.object);
    return above && [...above, target.name];
  }
  if (target.kind !== "index" || target.index.kind !== "literal") return undefined;
  const above = keysOf(target.object);
  return above && [...above, String(target.index.value)];
}

/** All assignments anywhere below a node. */
function* assignments(node: unknown): Generator<Assign> {
  if (typeof node !== "object" || node === null) return;
  if ((node as { kind?: unknown }).kind === "assign") yield node as Assign;
  for (const inner of Object.values(node)) yield* assignments(inner);
}

function read(file: string): Source | undefined {
  try {
    return new Source(file, readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

function parsed(source: Source): Tree | undefined {
  try {
    return parse(source);
  } catch {
    return undefined;
  }
}
