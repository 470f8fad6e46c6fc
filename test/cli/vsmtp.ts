/** Runs the built program to its end, as a process of its own. */

import { spawnSync } from "node:child_process";
import { program } from "../fixtures/host.ts";

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Around {
  readonly input?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

export function vsmtp(args: readonly string[], { input = "", env = {}, cwd }: Around = {}): Ended {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    encoding: "utf8",
    input,
    env: { ...process.env, ...env },
    maxBuffer: 64 * 1024 * 1024,
    ...(cwd !== undefined && { cwd }),
  });
  return { status, stdout, stderr };
}

/** The same from a shell, for pipes and terminals; `vsmtp` in the line is the program. */
export function shell(line: string, { input = "", env = {}, cwd }: Around = {}): Ended {
  const text = `vsmtp() { ${quoted(process.execPath)} ${quoted(program)} "$@"; }\n${line}`;
  const { status, stdout, stderr } = spawnSync("/bin/bash", ["-c", text], {
    encoding: "utf8",
    input,
    env: { ...process.env, ...env },
    ...(cwd !== undefined && { cwd }),
  });
  return { status, stdout, stderr };
}

export function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
