/** The lines of earlier conversations with `vsmtp vsl repl`. Where they cannot be kept, they are not. */

import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";

const KEPT = 1000;

export class History {
  readonly file: string;
  /** The latest first, as readline wants them. */
  readonly lines: string[];

  constructor(environment: NodeJS.ProcessEnv = process.env) {
    this.file = fileFor(environment);
    this.lines = this.#read();
  }

  add(line: string): void {
    if (line.trim() === "" || line === this.lines[0]) return;
    this.lines.unshift(line);
    quietly(() => {
      mkdirSync(dirname(this.file), { recursive: true, mode: 0o700 });
      appendFileSync(this.file, `${line}\n`, { mode: 0o600 });
    });
  }

  #read(): string[] {
    const lines = quietly(() => readFileSync(this.file, "utf8").split("\n")) ?? [];
    const kept = lines.filter((line) => line !== "").slice(-KEPT);
    if (lines.length > 2 * KEPT) {
      quietly(() => writeFileSync(this.file, `${kept.join("\n")}\n`, { mode: 0o600 }));
    }
    return kept.reverse();
  }
}

/** The XDG base directory specification: a relative path there is to be ignored. */
function fileFor({ XDG_STATE_HOME: state }: NodeJS.ProcessEnv): string {
  const directory = state !== undefined && isAbsolute(state) ? state : join(homedir(), ".local/state");
  return join(directory, "vsmtp/history");
}

function quietly<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
