/** A plugin in a process of its own, with the socket that the supervisor would keep open while it is replaced. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";
import { native } from "../../src/native/index.ts";
import { type Admitted, admitFile } from "../../src/plugin/index.ts";
import { IsolatedPlugin } from "../../src/plugin/isolated/client.ts";
import type { NativeModule } from "../../src/vsl/index.ts";
import { newFolder } from "../fixtures/compile.ts";

const program = fileURLToPath(new URL("./isolated-child.js", import.meta.url));

/** Those that a test which failed did not come to end. */
const running = new Set<Isolation>();

afterAll(async () => {
  for (const one of [...running]) await one.stop();
});

/** What the child tells the test, as isolated-child.js has it. */
export interface Told {
  readonly failed?: boolean;
  readonly lost?: boolean;
  readonly damage?: string;
  readonly situations?: readonly string[];
}

export class Isolation {
  readonly verdict: Admitted;
  readonly socket = join(newFolder(), "isolated.sock");
  readonly plugin: IsolatedPlugin;
  readonly module: NativeModule;
  /** How often the worker would have said that it wants to be replaced. */
  lost = 0;
  readonly told: Told[] = [];
  readonly #limits: string;
  readonly #descriptor: number;
  #child: ChildProcess;

  /** @param limits as `isolate` of the configuration has them */
  constructor(file: string, limits?: Readonly<Record<string, number | null>>) {
    const verdict = admitFile(file);
    if (verdict.kind !== "admitted") throw new Error(`${file} is not admitted`);
    this.verdict = verdict;
    this.#limits = limits === undefined ? "" : JSON.stringify(limits);
    this.#descriptor = native().listenOn({ path: this.socket, mode: 0o600 }, 16);
    this.#child = this.#spawn();
    this.plugin = new IsolatedPlugin({
      manifest: verdict.manifest,
      file,
      sha256: verdict.sha256,
      socket: this.socket,
      onObjectsLost: () => {
        this.lost++;
      },
    });
    this.module = this.plugin.module;
    running.add(this);
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  /** What calls are under way for, as the child's marker has it. */
  async situations(): Promise<readonly string[] | undefined> {
    this.#child.send("situations");
    const [told] = await once(this.#child, "message");
    return (told as Told).situations;
  }

  /** It shall end once nobody is connected. */
  leave(): void {
    this.#child.send("leave");
  }

  /** Resolves with the exit code or the signal. */
  async ended(): Promise<number | NodeJS.Signals> {
    const child = this.#child;
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    return child.exitCode ?? (child.signalCode as NodeJS.Signals);
  }

  /** Ends the child as a crash would, and waits until it is gone. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.ended();
  }

  /** A new child on the same socket, in place of one that has ended. */
  replace(): void {
    this.#child = this.#spawn();
  }

  async stop(): Promise<void> {
    running.delete(this);
    this.plugin.close();
    await this.kill();
  }

  #spawn(): ChildProcess {
    const child = spawn(process.execPath, [program, this.verdict.file, this.#limits], {
      stdio: ["ignore", "inherit", "inherit", this.#descriptor, "ipc"],
    });
    child.on("message", (told: Told) => this.told.push(told));
    return child;
  }
}
