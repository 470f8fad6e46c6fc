/** What a configuration comes to, and where it differs from the defaults: plain data for those who print it. */

import { type Config, defaultSettings } from "./load.ts";
import type { Settings } from "./schema.ts";

export interface Difference {
  /** `config.server.name` */
  readonly path: string;
  /** Undefined: there is no such key by default. */
  readonly default: unknown;
  readonly value: unknown;
}

/** All keys with their values. */
export function effective({ version_requirement, server, app }: Config): Settings {
  return structuredClone({ version_requirement, server, app });
}

/** Each key whose value is another than the default, in the order of the keys. Arrays are compared as wholes. */
export function difference(config: Config): Difference[] {
  return [...differences("config", defaultSettings(config.directory), effective(config))];
}

function* differences(path: string, before: unknown, value: unknown): Generator<Difference> {
  if (isMap(value) && isMap(before)) {
    for (const key of Object.keys({ ...before, ...value }))
      yield* differences(keyed(path, key), before[key], value[key]);
  } else if (JSON.stringify(before) !== JSON.stringify(value)) yield { path, default: before, value };
}

function keyed(path: string, key: string): string {
  return /^\w+$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
