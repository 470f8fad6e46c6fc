/**
 * Everything that a file says of itself, put together: the notes of `vsmtp/plugin.h` make it a plugin for scripts,
 * exported names and the notes of `lib.h` a storage plugin, and it may be both.
 */

import type { VsmtpError } from "../errors.ts";
import type { ElfFile } from "./elf/elf-file.ts";
import { readManifest } from "./manifest.ts";
import { readStorage, type StorageReading } from "./manifest-storage.ts";
import type { Manifest } from "./manifest-types.ts";
import type { FileClaim } from "./name.ts";
import { KIND, readRecords } from "./notes.ts";

export interface PluginReading {
  /** As much as could be understood. */
  readonly manifest: Manifest | undefined;
  /** Undefined: it is no storage plugin. */
  readonly storage: StorageReading | undefined;
  /** Of the part for scripts; those of the storage plugin are its own. */
  readonly problems: readonly VsmtpError[];
}

/** Undefined: it does not claim to be a plugin of any kind. */
export function readPlugin(elf: ElfFile, claim: FileClaim | undefined): PluginReading | undefined {
  const records = readRecords(elf.notes);
  const scripted = records.some(({ kind }) => kind !== KIND.storage);
  const { manifest, problems } = scripted ? readManifest(elf.file, records) : { manifest: undefined, problems: [] };
  const storage = readStorage(elf, records, { manifest: manifest?.name, claim: claim?.name });
  if (!scripted && !storage) return undefined;
  return { manifest: storage ? withStorage(manifest, scripted, storage) : manifest, storage, problems };
}

function withStorage(manifest: Manifest | undefined, scripted: boolean, reading: StorageReading): Manifest | undefined {
  const { name, units, record: storage } = reading;
  if (manifest) {
    const dependencies = [...new Set([...manifest.dependencies, ...storage.dependencies])].sort();
    return { ...manifest, dependencies, storage };
  }
  if (scripted) return undefined;
  return {
    name,
    vsmtp: units[0] ?? "",
    release: "",
    description: "",
    module: undefined,
    threadsafe: false,
    functions: [],
    objects: [],
    dependencies: storage.dependencies,
    scripted: false,
    storage,
  };
}
