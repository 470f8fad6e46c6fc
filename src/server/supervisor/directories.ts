/**
 * The directories of a host: those that its processes work in belong to the user whom they run as; the others, in which
 * the supervisor itself opens files and sockets, stay its own, so that no process can put a link in its way.
 *
 * What is there already keeps its owner and mode; what processes then could not use is told before they start.
 */

import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  mkdirSync,
  openSync,
  type Stats,
  statSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { Config } from "../../config/index.ts";
import { reasonOf, VsmtpError } from "../../errors.ts";
import type { Privileges } from "../../native/index.ts";
import { directoryFault, trustFault, wayFault } from "../control/runtime-trust.ts";

/** The sockets of a running host. */
export function runtimeDirectory({ server }: Config): string {
  return server.runtime.dirpath ?? join(server.queues.dirpath, "run");
}

/**
 * Makes all that is missing. `owner`: as whom the processes run that meet clients; undefined: as this one.
 * @throws VsmtpError SPOOL_DIRECTORY, DIRECTORY_OWNER, DIRECTORY_UNSAFE, RUNTIME_UNSAFE
 */
export function makeDirectories(config: Config, owner: Privileges | undefined): void {
  const { server, app } = config;
  const spool = server.queues.dirpath;
  make(spool, { mode: 0o750, group: owner });
  // Without another user there is nobody whom the supervisor has to mind.
  if (owner) refuse(wayFault(join(spool, "lock")));
  for (const queue of ["mails", "dead", "damaged"]) makeOwn(join(spool, queue), owner);
  make(join(spool, "state"), { mode: 0o700 });
  const runtime = runtimeDirectory(config);
  make(runtime, { mode: 0o750, group: owner });
  refuse(trustFault(join(runtime, "control.sock")));
  makeOwn(app.dirpath, owner);
  for (const file of [server.logs.filename, app.logs.filename]) {
    if (file !== null && file !== undefined) make(dirname(file), { mode: 0o750, group: owner });
  }
}

/**
 * Makes the log files that are missing, so that processes which may not make files there can write to them. Also
 * before logs are opened anew. A file that root made is given to `owner`.
 *
 * @throws VsmtpError LOG_FILE, DIRECTORY_UNSAFE
 */
export function makeLogFiles({ server, app }: Config, owner: Privileges | undefined): void {
  if (!owner) return;
  for (const file of [server.logs.filename, app.logs.filename]) {
    if (file === null || file === undefined) continue;
    refuse(directoryFault(file));
    makeLogFile(file, owner);
  }
}

function refuse(fault: VsmtpError | undefined): void {
  if (fault) throw fault;
}

function makeLogFile(file: string, { uid, gid }: Privileges): void {
  const { O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK, O_WRONLY } = constants;
  try {
    const descriptor = openSync(file, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o640);
    try {
      const stats = fstatSync(descriptor);
      // Another name of it may be a file that is no log.
      if (!stats.isFile() || stats.nlink !== 1 || stats.uid !== process.geteuid?.()) return;
      fchownSync(descriptor, uid, gid);
      fchmodSync(descriptor, 0o660);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw new VsmtpError("LOG_FILE", { file, reason: reasonOf(error) }, { cause: error });
  }
}

function makeOwn(directory: string, owner: Privileges | undefined): void {
  make(directory, { mode: 0o750, group: owner, user: owner });
  if (owner && !mayWrite(statSync(directory), owner)) {
    const { uid, gid } = owner;
    const facts = { directory, uid: statSync(directory).uid, user: `${uid}:${gid}` };
    throw new VsmtpError("DIRECTORY_OWNER", { ...facts, command: `chown -R ${uid}:${gid} ${directory}` });
  }
}

interface Made {
  readonly mode: number;
  /** Whose user and group it gets. Undefined: that of this process. */
  readonly user?: Privileges | undefined;
  readonly group?: Privileges | undefined;
}

/** With the directories above it, which anybody may pass. */
function make(directory: string, { mode, user, group }: Made): void {
  try {
    if (statSync(directory, { throwIfNoEntry: false })?.isDirectory()) return;
    mkdirSync(dirname(directory), { recursive: true, mode: 0o755 });
    mkdirSync(directory, { mode });
    // Nobody else can have exchanged it: what is above belongs to this process, or it is no business of root's.
    const { O_DIRECTORY, O_NOFOLLOW, O_RDONLY } = constants;
    const descriptor = openSync(directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    try {
      const { uid, gid } = fstatSync(descriptor);
      if (user || group) fchownSync(descriptor, user?.uid ?? uid, group?.gid ?? gid);
      fchmodSync(descriptor, mode);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw new VsmtpError("SPOOL_DIRECTORY", { directory, reason: reasonOf(error) }, { cause: error });
  }
}

const OWNER_ALL = 0o700;
const GROUP_ALL = 0o070;
const OTHERS_ALL = 0o007;

/** As the kernel decides it for a user without capabilities. */
function mayWrite({ uid, gid, mode }: Stats, owner: Privileges): boolean {
  if (uid === owner.uid) return (mode & OWNER_ALL) === OWNER_ALL;
  if (gid === owner.gid || owner.groups.includes(gid)) return (mode & GROUP_ALL) === GROUP_ALL;
  return (mode & OTHERS_ALL) === OTHERS_ALL;
}
