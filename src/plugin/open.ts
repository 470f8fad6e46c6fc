/**
 * Opens one file that may be a plugin, whatever it turns out to be, and reads it: once, because what is judged has to be
 * what is loaded. A path in a plugin directory can lead to anything: nothing that is not a regular file is ever waited
 * for, and what was found is said in words.
 */

import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readlinkSync,
  readSync,
  realpathSync,
  type Stats,
  statSync,
} from "node:fs";
import { dirname, isAbsolute, resolve } from "node:path";
import { reasonOf, type VsmtpError } from "../errors.ts";
import { MAX_FILE_BYTES } from "./elf/limits.ts";
import type { Ownership } from "./owner.ts";
import { problem } from "./problem.ts";

export interface OpenedFile {
  /** As it was asked for. */
  readonly file: string;
  /** Where links lead to in the end. */
  readonly realFile: string;
  /** All of it. Nobody else has this memory, and nobody changes it. */
  readonly bytes: Buffer;
  /** The same for all names of one file. */
  readonly identity: string;
  /** Who else could have written these bytes: then they are not loaded, whatever they are. */
  readonly distrust: readonly VsmtpError[];
  readonly warnings: readonly VsmtpError[];
}

export function openFile(file: string, owners: Ownership): OpenedFile | VsmtpError {
  try {
    const refused = refuseKind(file, statSync(file));
    if (refused) return refused;
    const realFile = realpathSync.native(file);
    // What stands there may be exchanged for a FIFO at any moment: so no wait, and a second look at what was opened.
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY;
    const fd = openSync(realFile, flags);
    try {
      return readOpened(file, realFile, fd, owners);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    return refuseError(file, error);
  }
}

function readOpened(file: string, realFile: string, fd: number, owners: Ownership): OpenedFile | VsmtpError {
  const stats = fstatSync(fd);
  const exchanged = refuseKind(file, stats);
  if (exchanged) return exchanged;
  const bytes = readAll(fd, stats.size);
  if (!bytes || !isSame(fstatSync(fd), stats)) return unsteady(file);
  // Not resolve(): it would take `..` back across a link.
  const path = isAbsolute(file) ? file : `${process.cwd()}/${file}`;
  const { problems, warnings } = owners.check(path, realFile, stats);
  return { file, realFile, bytes, identity: `${stats.dev}:${stats.ino}`, distrust: problems, warnings };
}

/** Undefined: it became shorter. */
function readAll(fd: number, size: number): Buffer | undefined {
  const bytes = Buffer.allocUnsafeSlow(size);
  let done = 0;
  while (done < size) {
    const count = readSync(fd, bytes, done, size - done, done);
    if (count === 0) return undefined;
    done += count;
  }
  return bytes;
}

function isSame(now: Stats, then: Stats): boolean {
  return now.size === then.size && now.mtimeMs === then.mtimeMs && now.ctimeMs === then.ctimeMs;
}

function unsteady(file: string): VsmtpError {
  const reason = "it was written to while it was read";
  const hint = "Wait until nothing writes to the file any more, then try again; `install` exchanges a file at once";
  return problem("PLUGIN_UNREADABLE", { file, reason, hint });
}

function refuseKind(file: string, stats: Stats): VsmtpError | undefined {
  if (!stats.isFile()) return problem("PLUGIN_NOT_A_FILE", { file, kind: kindOf(stats) });
  if (stats.size > MAX_FILE_BYTES) {
    return problem("PLUGIN_TOO_LARGE", { file, size: stats.size, limit: MAX_FILE_BYTES });
  }
  return undefined;
}

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return "a directory";
  if (stats.isFIFO()) return "a FIFO";
  if (stats.isSocket()) return "a socket";
  return "a device";
}

function refuseError(file: string, error: unknown): VsmtpError {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ELOOP") return problem("PLUGIN_LINK_LOOP", { file });
  const target = code === "ENOENT" ? linkTarget(file) : undefined;
  if (target !== undefined) return problem("PLUGIN_DANGLING_LINK", { file, target });
  const hint =
    code === "EACCES" || code === "EPERM"
      ? `Let the user that runs vSMTP read it (uid ${process.geteuid?.()}): chmod a+r on the file, a+x on the directories above it`
      : "Check the path and the disk it is on";
  return problem("PLUGIN_UNREADABLE", { file, reason: reasonOf(error), hint });
}

/** Where a link leads to at first; undefined: it is none. */
function linkTarget(file: string): string | undefined {
  try {
    return resolve(dirname(file), readlinkSync(file));
  } catch {
    return undefined;
  }
}
