/** Hands what the native core does with files to the queue and to deliveries, which do not know of C. */

import { native } from "../native/index.ts";
import type { SpoolFiles } from "../queue/index.ts";

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
