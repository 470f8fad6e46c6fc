/**
 * What the supervisor keeps beyond its own end: small files of JSON under `<queues.dirpath>/state`, which nobody else
 * may read or write. A file is replaced as a whole or not at all, and one that cannot be read is set aside, so that no
 * damage to what was remembered ever keeps the host from starting.
 */

import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import type * as z from "zod";
import type { Config } from "../../config/index.ts";
import { reasonOf, VsmtpError } from "../../errors.ts";
import type { AreaLog } from "../../observe/index.ts";

/** Where a host of this configuration keeps what outlives it. */
export function stateDirectory(config: Config): string {
  return join(config.server.queues.dirpath, "state");
}

/** Undefined: there is no such file. @throws VsmtpError STATE_READ */
export function readState<T>(path: string, shape: z.ZodType<T>): T | undefined {
  try {
    return shape.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new VsmtpError("STATE_READ", { file: path, reason: reasonOf(error) }, { cause: error });
  }
}

/** Returns once the file is on stable storage. @throws VsmtpError STATE_WRITE */
export function writeState(path: string, value: unknown): void {
  const directory = dirname(path);
  const unfinished = `${path}.new`;
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    rmSync(unfinished, { force: true });
    writeSynced(unfinished, `${JSON.stringify(value, undefined, 2)}\n`);
    renameSync(unfinished, path);
    syncDirectory(directory);
  } catch (error) {
    throw new VsmtpError("STATE_WRITE", { file: path, reason: reasonOf(error) }, { cause: error });
  }
}

/** Who is told of a problem that does not stop what was to be done. */
export type TellProblem = (problem: VsmtpError) => void;

export function tellTo(log: AreaLog): TellProblem {
  return ({ code, fix, message }) => log.error({ code, fix }, message);
}

/** One file and its value in memory, for whoever rather goes on than stop when the disk does not work. */
export class StateFile<T> {
  value: T;
  readonly #path: string;
  readonly #tell: TellProblem;

  /** Without the file, or when it is damaged, it begins with `empty`. */
  constructor(path: string, { shape, empty, tell }: { shape: z.ZodType<T>; empty: T; tell: TellProblem }) {
    this.#path = path;
    this.#tell = tell;
    this.value = this.#read(shape) ?? empty;
  }

  save(): void {
    try {
      writeState(this.#path, this.value);
    } catch (error) {
      this.#caught(error);
    }
  }

  #read(shape: z.ZodType<T>): T | undefined {
    try {
      return readState(this.#path, shape);
    } catch (error) {
      this.#caught(error);
      this.#setAside();
      return undefined;
    }
  }

  #setAside(): void {
    try {
      renameSync(this.#path, `${this.#path}.damaged`);
    } catch (error) {
      this.#tell(new VsmtpError("STATE_WRITE", { file: this.#path, reason: reasonOf(error) }, { cause: error }));
    }
  }

  #caught(error: unknown): void {
    if (!(error instanceof VsmtpError)) throw error;
    this.#tell(error);
  }
}

function writeSynced(path: string, text: string): void {
  // Exclusive: never through a link that somebody else has put there.
  const descriptor = openSync(path, "wx", 0o600);
  try {
    const bytes = Buffer.from(text);
    for (let written = 0; written < bytes.length; ) written += writeSync(descriptor, bytes, written);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function syncDirectory(path: string): void {
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
