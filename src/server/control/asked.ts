/**
 * What commands ask of the host of a configuration: of the one that runs, or, where that makes sense, of what the last
 * one has left on disk.
 */

import { closeSync } from "node:fs";
import type { Config } from "../../config/index.ts";
import { VsmtpError } from "../../errors.ts";
import { type CrashRecord, collectLog } from "../../observe/index.ts";
import { storedCrashes } from "../incidents/crash-store.ts";
import { crashDirectory } from "../incidents/crashes.ts";
import { Quarantine, type QuarantineEntry, storedEntries } from "../incidents/quarantine.ts";
import { stateDirectory } from "../incidents/state-file.ts";
import type { HostFigures, Released } from "../messages.ts";
import { asError } from "../problems.ts";
import { lockSpool } from "../supervisor/host-lock.ts";
import { askHost } from "./control-client.ts";
import type { ControlRequest } from "./control-protocol.ts";

/** Of the host that runs. */
export async function askFigures(config: Config): Promise<HostFigures | VsmtpError[]> {
  return ask<HostFigures>(config, { do: "figures" });
}

/** Latest first. */
export async function askCrashes(config: Config): Promise<{ readonly crashes: readonly CrashRecord[] } | VsmtpError[]> {
  const figures = await askFigures(config);
  if (!Array.isArray(figures)) return figures;
  if (!isNotRunning(figures)) return figures;
  const problems: VsmtpError[] = [];
  const crashes = storedCrashes(crashDirectory(stateDirectory(config)), (problem) => problems.push(problem));
  return problems.length > 0 ? problems : { crashes };
}

/** Without a host, what the next one begins with is changed; it puts the mails back. */
export async function askRelease(config: Config, plugin: string, mails: boolean): Promise<Released | VsmtpError[]> {
  const released = await ask<Released>(config, { do: "release", plugin, mails });
  return Array.isArray(released) && isNotRunning(released) ? releaseStored(config, plugin, mails) : released;
}

async function releaseStored(config: Config, plugin: string, mails: boolean): Promise<Released | VsmtpError[]> {
  try {
    // No host may begin meanwhile: it would write what it has read before.
    const lock = await lockSpool(config.server.queues.dirpath);
    try {
      return releaseLocked(config, plugin, mails);
    } finally {
      closeSync(lock);
    }
  } catch (error) {
    if (error instanceof VsmtpError) return [error];
    throw error;
  }
}

function releaseLocked(config: Config, plugin: string, mails: boolean): Released | VsmtpError[] {
  const problems: VsmtpError[] = [];
  const quarantine = Quarantine.open({
    directory: stateDirectory(config),
    policy: config.app.plugins.quarantine,
    log: collectLog("error", () => {})("crash"),
    tell: (problem) => problems.push(problem),
  });
  const { fingerprints, ...rest } = quarantine.release(plugin, mails);
  return problems.length > 0 ? problems : { ...rest, mails: fingerprints.length };
}

/** Of the running host as of the last one: what is written down, by plugin. What cannot be read counts as nothing. */
export function storedQuarantine(config: Config): ReadonlyMap<string, QuarantineEntry> {
  try {
    return storedEntries(stateDirectory(config));
  } catch (error) {
    if (error instanceof VsmtpError) return new Map();
    throw error;
  }
}

async function ask<T>(config: Config, request: ControlRequest): Promise<T | VsmtpError[]> {
  const reply = await askHost(config, request);
  if (reply instanceof VsmtpError) return [reply];
  return reply.ok ? (reply.value as T) : reply.problems.map(asError);
}

function isNotRunning([problem]: readonly VsmtpError[]): boolean {
  return problem?.code === "HOST_NOT_RUNNING";
}
