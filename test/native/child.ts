/**
 * Runs a script in a process of its own, with the addon as `native` and Node's modules at hand: for what a process can
 * do to itself only once.
 */

import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll } from "vitest";
import { nativeFolder, root } from "./compile.ts";

export interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

const running = new Set<ChildProcess>();

afterAll(() => {
  for (const child of running) child.kill("SIGKILL");
});

/** `descriptors` become 3, 4 … in the child; its channel to this process, if `ipc`, comes after them. */
export function start(script: string, descriptors: readonly number[] = [], ipc = false): ChildProcess {
  const prologue = `
    const native = require(${JSON.stringify(join(nativeFolder, "vsmtp.node"))});
    const { execFileSync, spawn } = require("node:child_process");
    const fs = require("node:fs");
    const net = require("node:net");
    const say = (value) => console.log(JSON.stringify(value));
  `;
  const stdio: StdioOptions = ["ignore", "pipe", "pipe", ...descriptors, ...(ipc ? (["ipc"] as const) : [])];
  const child = spawn(process.execPath, ["-e", prologue + script], { stdio, cwd: root });
  running.add(child);
  child.once("close", () => running.delete(child));
  return child;
}

/** Resolves when it has ended. */
export async function run(script: string, descriptors: readonly number[] = []): Promise<Ended> {
  const child = start(script, descriptors);
  const closed = once(child, "close");
  const [stdout, stderr] = await Promise.all([
    text(child.stdout as NodeJS.ReadableStream),
    text(child.stderr as NodeJS.ReadableStream),
  ]);
  const [status, signal] = await closed;
  return { status, signal, stdout, stderr };
}

/** What a script says, when it ends as it should. */
export async function answer<Value>(script: string, descriptors: readonly number[] = []): Promise<Value> {
  const { status, signal, stdout, stderr } = await run(script, descriptors);
  if (status !== 0) throw new Error(`the process ended with ${status ?? signal}: ${stderr}`);
  return JSON.parse(stdout) as Value;
}
