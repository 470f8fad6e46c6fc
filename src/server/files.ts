/** Where the queue keeps its files, and what the native core does with files, for parts that do not know of C. */

import { join } from "node:path";
import type { Config } from "../config/index.ts";
import { native } from "../native/index.ts";
import type { SpoolFiles, SpoolPlaces } from "../queue/index.ts";

export function spoolPlaces({ app, server }: Config): SpoolPlaces {
  return { directory: server.queues.dirpath, quarantine: join(app.dirpath, "quarantine") };
}

/** @throws VsmtpError NATIVE_NOT_LOADED */
export function nativeFiles(): SpoolFiles {
  const core = native();
  return {
    write: (directory, name, parts) => core.writeSpool(directory, name, parts),
    remove: (path) => core.removeFile(path),
  };
}

/** @throws VsmtpError NATIVE_NOT_LOADED */
export function lockFile(descriptor: number): Promise<boolean> {
  return native().lockFile(descriptor);
}
