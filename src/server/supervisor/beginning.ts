/** What a host has before any of its processes: whom they run as, directories, log, and a spool that is its own. */

import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { native, type Privileges } from "../../native/index.ts";
import { ChangingLog, openLogs } from "../logs.ts";
import { logVerdicts } from "../plugins.ts";
import { privilegesOf, rootWarning } from "../privileges.ts";
import { makeDirectories, makeLogFiles, runtimeDirectory } from "./directories.ts";
import type { Generation } from "./generation.ts";
import { lockSpool } from "./host-lock.ts";
import { Manager } from "./manager.ts";

export interface Beginning {
  readonly generation: Generation;
  /** As whom processes run that meet clients; undefined: as this one. */
  readonly owner: Privileges | undefined;
  readonly log: ChangingLog;
  /** To be kept open. */
  readonly lock: number;
  readonly manager: Manager;
}

/** @throws VsmtpError what is in the way; nothing is left open then */
export async function begin(generation: Generation, stdout: boolean): Promise<Beginning> {
  const { config, plugins } = generation;
  const manager = Manager.fromEnvironment();
  // It holds for threads, so all of a process have it only if that is born with it.
  native().noNewPrivileges();
  const owner = await privilegesOf(config, { kind: "smtp", number: 1 });
  makeDirectories(config, owner);
  makeLogFiles(config, owner);
  const log = openLogs(config, stdout);
  try {
    const warning = await rootWarning(config);
    if (warning) log("server").warn({ code: warning.code, fix: warning.fix }, warning.message);
    logVerdicts(plugins, log("plugin"));
    const lock = await lockSpool(config.server.queues.dirpath);
    removeForgotten(runtimeDirectory(config));
    return { generation, owner, log: new ChangingLog(log), lock, manager };
  } catch (error) {
    log.close();
    throw error;
  }
}

/** Directories for the sockets of processes that were killed. */
function removeForgotten(runtime: string): void {
  for (const name of readdirSync(runtime)) {
    if (/^\d+$/.test(name)) rmSync(join(runtime, name), { recursive: true, force: true });
  }
}
