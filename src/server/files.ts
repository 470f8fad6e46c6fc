/** Hands the native core's durable files to the queue, which does not know of C. */

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
