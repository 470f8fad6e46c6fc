/**
 * One host a spool: the lock that the supervisor takes and all its processes inherit, so that it is free only when the
 * last of them is gone. A host that was killed leaves processes that end in moments; a new one waits for them.
 */

import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { reasonOf, VsmtpError } from "../../errors.ts";
import { native } from "../../native/index.ts";

/** Milliseconds: how long a start waits, and between two looks. */
const PATIENCE = 10_000;
const PAUSE = 20;

/**
 * Its descriptor; closed when nobody has it open any more, it is free.
 * @throws VsmtpError SPOOL_DIRECTORY, or HOST_RUNNING when it stays taken
 */
export async function lockSpool(directory: string): Promise<number> {
  const file = join(directory, "lock");
  const descriptor = open(file);
  const end = performance.now() + PATIENCE;
  while (!native().lockForHost(descriptor)) {
    if (performance.now() > end) {
      closeSync(descriptor);
      throw new VsmtpError("HOST_RUNNING", { directory, pid: readFileSync(file, "utf8").trim() });
    }
    await sleep(PAUSE);
  }
  ftruncateSync(descriptor);
  writeSync(descriptor, `${process.pid}\n`, 0);
  return descriptor;
}

/** It is free once no process that inherited it is left. */
export function closeLock(descriptor: number): void {
  closeSync(descriptor);
}

function open(file: string): number {
  try {
    return openSync(file, "a+", 0o644);
  } catch (error) {
    throw new VsmtpError("SPOOL_DIRECTORY", { directory: file, reason: reasonOf(error) }, { cause: error });
  }
}
