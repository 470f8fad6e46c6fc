/**
 * Opens one file that may be a plugin, whatever it turns out to be. A path in a plugin directory can lead to anything:
 * nothing that is not a regular file is ever waited for, and what was found is said in words.
 */

import {
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
  openSync,
  readlinkSync,
  realpathSync,
  type Stats,
  statSync,
} from "node:fs";
import { dirname, resolve } from "node:path";
import { reasonOf, type VsmtpError } from "../errors.ts";
import { MAX_FILE_BYTES } from "./elf/limits.ts";
import { FileSource, type Source } from "./elf/source.ts";
import { problem } from "./problem.ts";

export interface OpenedFile {
  /** As it was asked for. */
  readonly file: string;
  /** Where links lead to in the end. */
  readonly realFile: string;
  readonly source: Source;
  readonly stamp: FileStamp;
}

/** Tells whether a file is still the one that was judged. */
export interface FileStamp {
  readonly device: bigint;
  readonly inode: bigint;
  readonly size: bigint;
  /** Nanoseconds. */
  readonly modified: bigint;
  readonly changed: bigint;
}

/** The caller closes `source`. */
export function openFile(file: string): OpenedFile | VsmtpError {
  try {
    const refused = refuseKind(file, statSync(file));
    if (refused) return refused;
    // What stands there may be exchanged for a FIFO at any moment: so no wait, and a second look at what was opened.
    const fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    const opened = fstatSync(fd, { bigint: true });
    const exchanged = refuseKind(file, opened);
    if (exchanged) {
      closeSync(fd);
      return exchanged;
    }
    const source = new FileSource(file, fd, Number(opened.size));
    return { file, realFile: realpathSync.native(file), source, stamp: stampOf(opened) };
  } catch (error) {
    return refuseError(file, error);
  }
}

/** Whether the path still leads to the very bytes that were judged. */
export function isUnchanged(realFile: string, stamp: FileStamp): boolean {
  const stats = statSync(realFile, { bigint: true, throwIfNoEntry: false });
  const now = stats && stampOf(stats);
  return (
    now !== undefined &&
    now.device === stamp.device &&
    now.inode === stamp.inode &&
    now.size === stamp.size &&
    now.modified === stamp.modified &&
    now.changed === stamp.changed
  );
}

function stampOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): FileStamp {
  return { device: dev, inode: ino, size, modified: mtimeNs, changed: ctimeNs };
}

function refuseKind(file: string, stats: Stats | BigIntStats): VsmtpError | undefined {
  if (!stats.isFile()) return problem("PLUGIN_NOT_A_FILE", { file, kind: kindOf(stats) });
  if (stats.size > MAX_FILE_BYTES) {
    return problem("PLUGIN_TOO_LARGE", { file, size: `${stats.size}`, limit: MAX_FILE_BYTES });
  }
  return undefined;
}

function kindOf(stats: Stats | BigIntStats): string {
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
