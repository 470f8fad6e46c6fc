/**
 * What plugins are judged against: this vSMTP, this machine, and the libraries that are on it.
 */

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { hostMachine, type Machine } from "./elf/machine.ts";
import { Ownership } from "./owner.ts";
import { SystemLibraries } from "./system-libraries.ts";

export interface HostFacts {
  /** The version of vSMTP that runs, whole string. */
  readonly version: string;
  readonly machine: Machine;
  readonly libraries: SystemLibraries;
  readonly owners: Ownership;
}

/** From sources and from dist/ alike, the package lies two folders up. */
const root = new URL("../../", import.meta.url);

/** Where the build puts the addon and, beside it, the libraries that it brings into memory. */
const OWN_LIBRARIES = ["build/native/libvsmtp.so.1", "build/native/libvsmtp-storage.so.1"].map((path) =>
  fileURLToPath(new URL(path, root)),
);

/** The library whose names storage plugins use. */
export const storageCoreFile = OWN_LIBRARIES[1] as string;

/** The facts of the running process. Hold them for one judgement, then close `libraries`: packages are updated. */
export function hostFacts(): HostFacts {
  const libraries = new SystemLibraries({
    executable: process.execPath,
    loaded: OWN_LIBRARIES,
    libraryPath: process.env.LD_LIBRARY_PATH,
    preload: process.env.LD_PRELOAD,
    cacheFile: "/etc/ld.so.cache",
  });
  return { version: hostVersion(), machine: hostMachine(), libraries, owners: new Ownership() };
}

/** The version of vSMTP that runs, from its package.json. */
export function hostVersion(): string {
  const content: unknown = JSON.parse(readFileSync(new URL("package.json", root), "utf8"));
  if (typeof content === "object" && content !== null && "version" in content) return String(content.version);
  throw new Error(`${fileURLToPath(root)}package.json has no version`);
}
