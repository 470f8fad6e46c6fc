/**
 * One process of the host, as the supervisor sees it: started with what it needs, told what to do, and seen to its end.
 *
 * What its end means, and whether another takes its place, is the business of crew.ts.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { closeSync } from "node:fs";
import type { Socket } from "node:net";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";
import { native } from "../../native/index.ts";
import { MARKER } from "../../observe/index.ts";
import type { HeldPlugin, ServiceState } from "../../plugin/index.ts";
import { now } from "../../queue/index.ts";
import { CHANNEL, Channel } from "../channel.ts";
import type { Assignment, FromWorker, Problem, ProcessFigures, Role, ToWorker } from "../messages.ts";
import { nameOfRole } from "../names.ts";
import { fromWorker } from "./from-worker.ts";

/** An assignment with descriptors of this process. */
export interface Equipment extends Omit<Assignment, "kind" | "supervisor" | "marker" | "namesAfter"> {
  /** Descriptors that the process is to have open, whatever for. */
  readonly keepOpen: readonly number[];
}

export interface Death {
  readonly role: Role;
  readonly pid: number;
  readonly status: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
  /** It was told to leave, and did, or could not start and said why. */
  readonly expected: boolean;
  /** The supervisor ended it because it hung. */
  readonly hung: boolean;
  /** The supervisor ended it because nothing could be told to it any more, nor heard from it. */
  readonly deaf?: boolean | undefined;
  readonly marker: ArrayBuffer;
  readonly plugins: readonly HeldPlugin[];
}

/** How a start ended. */
export type Start =
  | { readonly kind: "ready"; readonly plugins: readonly ServiceState[] }
  | { readonly kind: "failed"; readonly problems: readonly Problem[] }
  | { readonly kind: "died"; readonly death: Death };

export type Listener = (message: FromWorker, process: WorkerProcess) => void;

const PROGRAM = fileURLToPath(new URL("../../../dist/server/worker/worker-main.js", import.meta.url));
/** Bytes of the longest message that a process may send. */
const LONGEST = 16 * 1024 * 1024;
/** How long a process may take to end once its channel is closed, in milliseconds. */
const ENDING = 1_000;
/** How long the record of a process that hung may take, in milliseconds. */
const RECORDED = 2_000;
/** How long a process has to say what it knows of its work, in milliseconds. */
const REPORT = 1_000;

export class WorkerProcess {
  readonly role: Role;
  readonly pid: number;
  readonly marker: ArrayBuffer;
  readonly plugins: readonly HeldPlugin[];
  /** Before this time, in microseconds since 1970, it made no name of an entry of the spool. */
  readonly namesAfter: number;
  /** Where it counts its clients. */
  readonly place: number | undefined;
  readonly started: Promise<Start>;
  readonly ended: Promise<Death>;
  /** It takes no new clients any more, as it has said, or because it is gone. */
  readonly closed: Promise<unknown>;
  /** What became of its plugins, once it is ready. */
  states: readonly ServiceState[] = [];
  /** It is to be ended, or has said that it will end, because something in it hangs. */
  hung = false;
  readonly #child: ChildProcess;
  /** Undefined: the process could not even be made. */
  readonly #channel: Channel | undefined;
  readonly #reports = new Map<number, (figures: ProcessFigures) => void>();
  #settle: (start: Start) => void = () => {};
  #close: () => void = () => {};
  #asked = 0;
  #leaving = false;
  #deaf = false;
  /** This process ends it, or has no reason to wonder why it ends. */
  #given = false;
  #timer: NodeJS.Timeout | undefined;

  /** Starts it. `listener` hears what it says beyond how its start went. */
  constructor(equipment: Equipment, after: number, listener: Listener) {
    const { role, plugins } = equipment;
    const { descriptor, memory } = native().sharedMemory(`vsmtp ${nameOfRole(role)}`, MARKER.bytes);
    this.role = role;
    this.plugins = plugins;
    this.place = equipment.clients?.place;
    this.marker = memory;
    this.namesAfter = Math.max(now(), after);
    const handed = new Handed();
    const assignment = assignmentOf(equipment, handed, handed.over(descriptor), this.namesAfter);
    this.#child = spawn(process.execPath, [PROGRAM], {
      stdio: ["ignore", 1, 2, "pipe", ...handed.descriptors],
    });
    closeSync(descriptor);
    this.pid = this.#child.pid ?? 0;
    this.ended = this.#untilEnd();
    this.started = new Promise((resolve) => (this.#settle = resolve));
    void this.ended.then((death) => this.#settle({ kind: "died", death }));
    this.closed = Promise.race([this.ended, new Promise<void>((resolve) => (this.#close = resolve))]);
    this.#channel = this.#open((message) => this.#hear(message, listener));
    this.send(assignment);
  }

  send(message: ToWorker): void {
    // It may end at any moment; whoever waits for something hears of that from `ended`.
    this.#channel?.send(message);
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /**
   * Tells it to leave, and ends it when it has not in `most` milliseconds. Clients have `patience` milliseconds to end
   * their sessions. Once more: the later word counts.
   */
  retire(patience: number, most: number): Promise<Death> {
    this.#leaving = true;
    this.send({ kind: "retire", patience });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.end(), most);
    return this.ended;
  }

  /** Ends it because a thread of it does not come back, in a way that leaves a record of where that is. */
  endHung(thread: number): void {
    this.hung = true;
    if (!native().signalThread(this.pid, thread, constants.signals.SIGABRT)) return this.kill("SIGKILL");
    this.#timer = setTimeout(() => this.kill("SIGKILL"), RECORDED);
  }

  /** Ends it at once. */
  end(): void {
    this.#given = true;
    this.kill("SIGKILL");
  }

  /** Undefined: it does not answer in time. */
  report(): Promise<ProcessFigures | undefined> {
    const number = ++this.#asked;
    return new Promise((resolve) => {
      const settle = (figures: ProcessFigures | undefined) => {
        clearTimeout(timer);
        this.#reports.delete(number);
        resolve(figures);
      };
      const timer = setTimeout(settle, REPORT, undefined);
      this.#reports.set(number, settle);
      this.send({ kind: "report", number });
    });
  }

  #untilEnd(): Promise<Death> {
    return new Promise((resolve) => {
      const end = (status: number | null, signal: NodeJS.Signals | null) => {
        clearTimeout(this.#timer);
        const { role, pid, marker, plugins, hung } = this;
        const expected = this.#given || (this.#leaving && status === 0);
        resolve({
          role,
          pid,
          status: status ?? undefined,
          signal: signal ?? undefined,
          expected,
          hung,
          deaf: this.#deaf,
          marker,
          plugins,
        });
      };
      this.#child.once("exit", end);
      // It could not even be made.
      this.#child.once("error", () => this.pid === 0 && end(null, null));
    });
  }

  #open(hear: (message: FromWorker) => void): Channel | undefined {
    const socket = this.#child.stdio?.[CHANNEL] as Socket | null | undefined;
    if (!socket) return undefined;
    return new Channel(socket, {
      longest: LONGEST,
      hear: (told) => {
        const message = fromWorker(told);
        if (message) hear(message);
        return message !== undefined;
      },
      end: () => this.#endDeaf(),
    });
  }

  #hear(message: FromWorker, listener: Listener): void {
    if (message.kind === "ready") {
      this.states = message.plugins;
      this.#settle(message);
    } else if (message.kind === "failed") {
      this.#settle(message);
      this.end();
    } else if (message.kind === "closed") {
      this.#close();
    } else if (message.kind === "reported") {
      const { role, pid } = this;
      this.#reports.get(message.number)?.({ ...message.figures, role, pid });
    } else listener(message, this);
  }

  /** A process that is about to end closes its channel too. */
  #endDeaf(): void {
    const timer = setTimeout(() => {
      this.#deaf = true;
      this.kill("SIGKILL");
    }, ENDING);
    void this.ended.then(() => clearTimeout(timer));
  }
}

/** Descriptors that a new process gets, and their numbers there. */
class Handed {
  readonly descriptors: number[] = [];

  over(descriptor: number): number {
    this.descriptors.push(descriptor);
    return CHANNEL + this.descriptors.length;
  }
}

function assignmentOf(
  { keepOpen, plugins, listeners, service, metrics, clients, ...rest }: Equipment,
  handed: Handed,
  marker: number,
  namesAfter: number,
): Assignment {
  for (const descriptor of keepOpen) handed.over(descriptor);
  return {
    ...rest,
    kind: "start",
    supervisor: process.pid,
    marker,
    namesAfter,
    plugins: plugins.map((one) => ({
      ...one,
      descriptor: one.descriptor === undefined ? undefined : handed.over(one.descriptor),
    })),
    listeners: listeners.map((one) => ({ ...one, descriptor: handed.over(one.descriptor) })),
    service: service === undefined ? undefined : handed.over(service),
    metrics: metrics === undefined ? undefined : handed.over(metrics),
    clients: clients && { ...clients, descriptor: handed.over(clients.descriptor) },
  };
}
