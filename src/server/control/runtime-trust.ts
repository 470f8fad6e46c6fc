/**
 * Whether somebody else could put a file of theirs in the place of one of the host's: by writing to its directory, or to
 * one above it. Asked by the host before it opens its control socket, and by whoever is about to talk to one; and where
 * a host of root opens files.
 */

import { lstatSync, realpathSync, type Stats } from "node:fs";
import { dirname } from "node:path";
import { type ErrorCode, VsmtpError } from "../../errors.ts";

const STICKY = 0o1000;
const GROUP_WRITES = 0o020;
const OTHERS_WRITE = 0o002;

interface Fault {
  /** "belongs to the user with the number 1000" */
  readonly fault: string;
  /** What mends it. */
  readonly command: string;
}

/**
 * RUNTIME_UNSAFE when not only root and the user of this process decide what is at the absolute path `file`. It may be
 * missing, its directory not.
 */
export function trustFault(file: string): VsmtpError | undefined {
  const directory = dirname(file);
  // The kernel goes through what is named; where links lead to is what can be changed as well.
  const way = [...upwards(directory), ...upwards(realpathSync(directory))];
  return firstFault("RUNTIME_UNSAFE", file, lstatSync(file, { throwIfNoEntry: false }) ? [...way, file] : way);
}

/** DIRECTORY_UNSAFE when others could have this process, which is root's, open another file than `file`. */
export function wayFault(file: string): VsmtpError | undefined {
  const directory = dirname(file);
  return firstFault("DIRECTORY_UNSAFE", file, [...upwards(directory), ...upwards(realpathSync(directory))]);
}

/** As {@link wayFault}, for a file in a directory of the system, about whose ways up the system knows best. */
export function directoryFault(file: string): VsmtpError | undefined {
  return firstFault("DIRECTORY_UNSAFE", file, [realpathSync(dirname(file))]);
}

function firstFault(code: ErrorCode, file: string, paths: readonly string[]): VsmtpError | undefined {
  for (const path of paths) {
    const found = faultOf(path, lstatSync(path));
    if (found) return new VsmtpError(code, { path, file, ...found });
  }
  return undefined;
}

function faultOf(path: string, stats: Stats): Fault | undefined {
  const { uid, mode } = stats;
  const isLink = stats.isSymbolicLink();
  if (uid !== 0 && uid !== process.geteuid?.()) {
    const option = isLink ? "-h " : "";
    return { fault: `belongs to the user with the number ${uid}`, command: `chown ${option}root ${path}` };
  }
  // Links have no mode of their own, and in a sticky directory nobody can take away what is another's.
  const byOthers = (mode & OTHERS_WRITE) !== 0 || ((mode & GROUP_WRITES) !== 0 && !isOwnGroup(stats));
  if (isLink || (mode & STICKY) !== 0 || !byOthers) return undefined;
  return { fault: "can be written by others", command: `chmod go-w ${path}` };
}

/** Ordinary users often have a group for themselves, which may write to all that they make. */
function isOwnGroup({ gid }: Stats): boolean {
  return process.geteuid?.() !== 0 && gid === process.getegid?.();
}

function* upwards(path: string): Generator<string> {
  yield path;
  if (dirname(path) !== path) yield* upwards(dirname(path));
}
