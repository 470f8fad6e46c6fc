/** `vsmtp plugin lock` and `vsmtp plugin diff`: what has changed in the plugins since the last good start. */

import { mkdirSync } from "node:fs";
import type { Command } from "commander";
import { VsmtpError } from "../errors.ts";
import {
  diffLock,
  type Lock,
  type LockDifference,
  type LockedPlugin,
  lockOf,
  printable,
  readLock,
  writeLock,
} from "../plugin/index.ts";
import { findPlugins, stateDirectory } from "../server/index.ts";
import { command, exits } from "./command.ts";
import { type Configured, configured, readConfig } from "./configured.ts";
import { manual } from "./manual.ts";
import { problemText } from "./plugin-verdict.ts";
import { printJson, printProblems } from "./print.ts";

interface LockOptions extends Configured {
  readonly dryRun?: boolean;
}

export function lockCommand(): Command {
  const made = configured(command("lock", "record the plugins that are there now, to compare with later"));
  made.option("-n, --dry-run", "print the record, and write nothing").option("--json", "print the record as JSON");
  return manual(made, {
    about: [
      "Writes name, file, release, build-id and hash of every admitted plugin into lock.json in the directory `state` of the queues. The server does the same after each good start and reload; `vsmtp plugin diff` compares with it. Nothing depends on the record: it is no list of what may be loaded.",
    ],
    exit: { 0: "it was written, or printed", 1: "the configuration is wrong, or the file cannot be written" },
    examples: [["vsmtp plugin lock", "after plugins were looked at and found good"]],
  }).action(exits(lock));
}

export function diffCommand(): Command {
  const made = configured(command("diff", "tell what has changed in the plugins since the last good start"));
  made.option("--json", "print the differences as JSON");
  return manual(made, {
    about: [
      "Compares the plugins that are there now with the record of the last good start or reload (or of `vsmtp plugin lock`): plugins that came, went, became others, or would be refused now. A running server goes on with what it has until it is reloaded.",
    ],
    exit: { 0: "nothing has changed", 1: "something has changed, or there is no record" },
    examples: [["vsmtp plugin diff", "what would a reload take into service?"]],
  }).action(exits(diff));
}

async function lock({ json = false, dryRun = false }: LockOptions, self: Command): Promise<number> {
  const config = await readConfig(self);
  if (Array.isArray(config)) return failed(config, json);
  const plugins = findPlugins(config);
  const record = lockOf(plugins);
  const written = dryRun ? undefined : write(stateDirectory(config), () => writeLock(stateDirectory(config), plugins));
  if (written instanceof VsmtpError) return failed([written], json);
  if (json) printJson({ ok: true, file: written ?? null, ...record });
  else process.stdout.write(lockText(record) + (written === undefined ? "" : `${printable(written)} is written\n`));
  return 0;
}

function write(directory: string, run: () => string | VsmtpError): string | VsmtpError {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  } catch {
    // What is in the way is told when the file cannot be written.
  }
  return run();
}

function lockText({ plugins }: Lock): string {
  return plugins.map((plugin) => `${plugin.name}  ${buildText(plugin)}  ${printable(plugin.file)}\n`).join("");
}

async function diff({ json = false }: Configured, self: Command): Promise<number> {
  const config = await readConfig(self);
  if (Array.isArray(config)) return failed(config, json);
  const record = readLock(stateDirectory(config));
  if (record instanceof VsmtpError) return failed([record], json);
  const differences = diffLock(record, findPlugins(config));
  if (json) printJson({ ok: differences.length === 0, since: record.time, differences });
  else process.stdout.write(diffText(record, differences));
  return differences.length === 0 ? 0 : 1;
}

function diffText({ time }: Lock, differences: readonly LockDifference[]): string {
  if (differences.length === 0) return `No plugin has changed since ${printable(time)}.\n`;
  return differences.map((difference) => `${linesOf(difference).join("\n")}\n`).join("");
}

function linesOf(difference: LockDifference): string[] {
  const { name, change } = difference;
  if (change === "added") return [`added    ${name}: ${buildText(difference.now)}, ${printable(difference.now.file)}`];
  const { then } = difference;
  if (change === "removed") return [`removed  ${name}: ${buildText(then)}, ${printable(then.file)}`];
  if (change === "refused")
    return [`refused  ${name}: ${buildText(then)} was good`, ...difference.problems.map(problemText)];
  return [`changed  ${name}`, `    was  ${sideText(then)}`, `    is   ${sideText(difference.now)}`];
}

function sideText(plugin: LockedPlugin): string {
  return `${buildText(plugin)}, ${printable(plugin.file)}`;
}

function buildText({ release, buildId, sha256 }: LockedPlugin): string {
  const build = buildId === null ? "" : `build-id ${printable(buildId)}, `;
  return `${release === "" ? "" : `release ${printable(release)}, `}${build}sha256 ${printable(sha256).slice(0, 16)}…`;
}

function failed(problems: readonly VsmtpError[], json: boolean): number {
  printProblems(problems, json);
  return 1;
}
