/**
 * What the process of an isolated plugin may take from the machine.
 *
 * The limits of the configuration are the plugin's: what Node.js itself has taken when the plugin is about to be loaded
 * comes on top, since the kernel counts for a whole process.
 */

import { readdirSync, readFileSync, statSync } from "node:fs";
import type { Config } from "../../config/index.ts";
import { native, type ResourceLimits } from "../../native/index.ts";

type Isolation = Config["app"]["plugins"]["defaults"]["isolate"];

/** What the event loop, the compiler and the garbage collector need while the plugin works: MiB, descriptors, threads. */
const OWN_MEMORY = 64;
const OWN_FILES = 32;
const OWN_THREADS = 32;

/** Sets them for this process; they cannot be raised again. Before the plugin is loaded. */
export function limitPlugin(isolation: Isolation): void {
  if (typeof isolation === "object") native().limitResources(limitsOf(isolation));
}

/** The limits of the kernel, as this process is now. */
export function limitsOf({ memory, files, processes, cpu }: Exclude<Isolation, boolean>): ResourceLimits {
  return {
    memory: memory === null ? undefined : writableBytes() + (OWN_MEMORY + memory) * 2 ** 20,
    files: files === null ? undefined : numbersFor(OWN_FILES + files),
    processes: processes === null ? undefined : threadsOfUser() + OWN_THREADS + processes,
    cpu: cpu === null ? undefined : Math.ceil(secondsUsed()) + cpu,
  };
}

/** Seconds of processor time that this process has used. */
export function secondsUsed(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** What RLIMIT_DATA counts. */
function writableBytes(): number {
  const [, kibibytes] = /^VmData:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
  return Number(kibibytes ?? 0) * 1024;
}

/** Below what number so many descriptors are free: the kernel limits the number of a new one. */
function numbersFor(count: number): number {
  const used = new Set(readdirSync("/proc/self/fd").map(Number));
  let number = 0;
  for (let free = 0; free < count; number++) if (!used.has(number)) free++;
  return number;
}

/** What RLIMIT_NPROC counts: threads of all processes of the user, as far as they can be seen. */
function threadsOfUser(): number {
  const user = process.getuid?.();
  const processes = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return processes.reduce((sum, name) => sum + threadsOf(`/proc/${name}`, user), 0);
}

function threadsOf(directory: string, user: number | undefined): number {
  try {
    return statSync(directory).uid === user ? readdirSync(`${directory}/task`).length : 0;
  } catch {
    // it has ended
    return 0;
  }
}
