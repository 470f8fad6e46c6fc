/**
 * What the service manager that started the host is told (systemd's sd_notify): when it serves, reloads and stops, a
 * line for its status, and that it is alive. Without such a manager nothing is told.
 *
 * Nothing depends on whether it hears: a manager that misses a word acts by its own time limits.
 */

import { native } from "../../native/index.ts";

export class Manager {
  readonly #socket: string | undefined;
  /** Milliseconds within which it wants to hear that this process is alive. */
  readonly #watchdog: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  private constructor(socket: string | undefined, watchdog: number | undefined) {
    this.#socket = socket;
    this.#watchdog = watchdog;
  }

  /** Takes its variables out of the environment, so that nothing which this process starts speaks in its name. */
  static fromEnvironment(): Manager {
    const { NOTIFY_SOCKET: socket, WATCHDOG_USEC: interval, WATCHDOG_PID: watched } = process.env;
    for (const name of ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"]) delete process.env[name];
    if (socket === undefined || !/^[/@]./.test(socket)) return new Manager(undefined, undefined);
    const isWatched = /^[1-9]\d*$/.test(interval ?? "") && (watched ?? String(process.pid)) === String(process.pid);
    return new Manager(socket, isWatched ? Number(interval) / 1000 : undefined);
  }

  /** Clients are served, after a start or a reload. */
  ready(status: string): void {
    this.#tell("READY=1", `STATUS=${status}`, `MAINPID=${process.pid}`);
  }

  /** One line about how things are, for whoever asks the manager. */
  status(text: string): void {
    this.#tell(`STATUS=${text}`);
  }

  /** Until the next {@link ready}. */
  reloading(): void {
    this.#tell("RELOADING=1", `MONOTONIC_USEC=${process.hrtime.bigint() / 1000n}`, "STATUS=reloading");
  }

  stopping(): void {
    this.#tell("STOPPING=1", "STATUS=stopping");
  }

  /** From now on the manager hears, twice as often as it wants to, that all is well, as long as `alive` says so. */
  watch(alive: () => boolean): void {
    if (this.#watchdog === undefined || this.#timer) return;
    const tell = () => alive() && this.#tell("WATCHDOG=1");
    tell();
    this.#timer = setInterval(tell, Math.max(1, this.#watchdog / 2)).unref();
  }

  /** Ends {@link watch}. */
  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #tell(...lines: string[]): void {
    if (this.#socket === undefined) return;
    try {
      native().notifyManager(this.#socket, lines.map((line) => line.replaceAll("\n", " ")).join("\n"));
    } catch {
      // It does not listen: see above.
    }
  }
}
