/** A storage process as a supervisor starts it, and clients of it: two plain node processes and a socket between them. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach } from "vitest";
import { native } from "../../src/native/index.ts";
import { type ConnectOptions, connectStorage, type FetchPart, type Storage } from "../../src/storage/index.ts";
import { until } from "../fixtures/host.ts";

export const MAIL = "From: x@a.example\r\nSubject: one\r\n\r\nHello\r\n";
const program = fileURLToPath(new URL("remote-process.js", import.meta.url));

export let folder = "";
const sockets: { readonly path: string; readonly descriptor: number }[] = [];
const processes = new Set<StorageProcess>();
const storages: Storage[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "vsmtp-remote-"));
});
afterEach(async () => {
  await Promise.all(storages.splice(0).map((storage) => storage.close()));
  for (const running of processes) await running.kill();
  for (const { descriptor } of sockets.splice(0)) closeSync(descriptor);
  rmSync(folder, { recursive: true });
});

type Told = Readonly<Record<string, unknown>>;

/** As a supervisor starts it: the socket is open before the process is there, and when it is gone. */
export class StorageProcess {
  readonly path: string;
  readonly told: Told[] = [];
  readonly #process: ChildProcess;
  readonly #exited: Promise<unknown[]>;

  constructor(socket: { readonly path: string; readonly descriptor: number }, options: object = {}) {
    this.path = socket.path;
    this.#process = spawn(process.execPath, [program, JSON.stringify(options)], {
      stdio: ["ignore", "inherit", "inherit", socket.descriptor, "ipc"],
    });
    this.#process.on("message", (message) => this.told.push(message as Told));
    this.#exited = once(this.#process, "exit");
    processes.add(this);
  }

  send(message: object): void {
    this.#process.send(message);
  }

  async said(key: string): Promise<unknown> {
    const told = await until(() => this.told.find((message) => key in message));
    return told[key];
  }

  get exited(): Promise<unknown[]> {
    return this.#exited.finally(() => processes.delete(this));
  }

  signal(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  async kill(): Promise<void> {
    this.#process.kill("SIGKILL");
    await this.exited;
  }
}

export function socket(): { readonly path: string; readonly descriptor: number } {
  const path = join(folder, `storage-${sockets.length + 1}.sock`);
  const made = { path, descriptor: native().listenOn({ path, mode: 0o600 }, 64) };
  sockets.push(made);
  return made;
}

export async function started(options: object = {}): Promise<StorageProcess> {
  const running = new StorageProcess(socket(), options);
  await running.said("serving");
  return running;
}

export function connected(to: readonly { readonly path: string }[], options: Partial<ConnectOptions> = {}): Storage {
  const storage = connectStorage({ sockets: to.map(({ path }) => path), ...options });
  storages.push(storage);
  return storage;
}

export const user = (name = "jane") => ({ name: `${name}@b.example`, location: `maildir:${folder}/${name}` });
export const bytes = (text: string): Uint8Array[] => [Buffer.from(text)];
export const delivery = (name: string, more = {}) => ({ name, parts: bytes(MAIL), again: false, ...more });
export const UNAVAILABLE = { code: "STORAGE_UNAVAILABLE" };

export async function all(parts: AsyncIterable<FetchPart>): Promise<FetchPart[]> {
  const list: FetchPart[] = [];
  for await (const part of parts) list.push(part);
  return list;
}
