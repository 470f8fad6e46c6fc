/** A process's end of the channel to the supervisor: carries out what it is told, and asks what it wants to know. */

import { Socket } from "node:net";
import { reasonOf, VsmtpError } from "../../errors.ts";
import type { Log } from "../../observe/index.ts";
import { pluginFigures, stopPlugin } from "../../plugin/index.ts";
import { CHANNEL, Channel } from "../channel.ts";
import type { Assignment, FromWorker, HostFigures, ProcessFigures, Role, ToWorker } from "../messages.ts";
import type { Worker } from "./worker-context.ts";

/** How long the supervisor has to answer, in milliseconds. */
const PATIENCE = 5_000;

export interface Employment {
  readonly role: Role;
  readonly log: Log;
  /** Ends the process. */
  readonly leave: () => Promise<never>;
}

export class WorkerChannel {
  readonly #channel: Channel;
  readonly #waiting = new Map<number, (value: unknown) => void>();
  /** What was told before the process was ready to hear it. */
  readonly #early: ToWorker[] = [];
  #employed: ((message: ToWorker) => void) | undefined;
  #asked = 0;

  /** @param begin is given the first message; `gone` is called when the supervisor is not there any more */
  constructor({ begin, gone }: { begin(assignment: Assignment): void; gone(): void }) {
    const hear = (message: ToWorker) => {
      if (message.kind === "start") begin(message);
      else if (this.#employed) this.#employed(message);
      // There is nothing yet to be ended in order.
      else if (message.kind === "retire") process.exit(0);
      else this.#early.push(message);
    };
    this.#channel = new Channel(new Socket({ fd: CHANNEL, readable: true, writable: true }), {
      longest: Number.POSITIVE_INFINITY,
      hear: (message) => {
        hear(message as ToWorker);
        return true;
      },
      end: gone,
    });
  }

  readonly send = (message: FromWorker): void => this.#channel.send(message);

  /** Undefined: no answer in time. */
  readonly ask = (what: "figures"): Promise<HostFigures | undefined> => {
    const number = ++this.#asked;
    this.send({ kind: "ask", number, what });
    return new Promise((resolve) => {
      const settle = (value: unknown) => {
        clearTimeout(timer);
        this.#waiting.delete(number);
        resolve(value as HostFigures | undefined);
      };
      const timer = setTimeout(settle, PATIENCE, undefined);
      this.#waiting.set(number, settle);
    });
  };

  /** From now on the worker does what it is told. */
  serve(worker: Worker, employment: Employment): void {
    this.#employed = (message) => void this.#obey(message, worker, employment);
    for (const message of this.#early.splice(0)) this.#employed(message);
  }

  async #obey(message: ToWorker, worker: Worker, { role, log, leave }: Employment): Promise<void> {
    switch (message.kind) {
      case "serve":
        return worker.serve();
      case "adopt":
        return worker.adopt?.(message.claims);
      case "retire":
        await worker.retire(message.patience);
        return leave();
      case "reopen-logs":
        return reopen(log);
      case "quarantine":
        stopPlugin(message.plugin, message.reason);
        return worker.quarantine?.(message.plugin, message.reason);
      case "hold":
        return worker.hold?.(message.fingerprints);
      case "free":
        return worker.free?.(message.fingerprints);
      case "report":
        return this.send({ kind: "reported", number: message.number, figures: figuresOf(role, worker) });
      case "answer":
        return this.#waiting.get(message.number)?.(message.value);
    }
  }
}

function figuresOf(role: Role, worker: Worker): ProcessFigures {
  return { role, pid: process.pid, plugins: pluginFigures(), ...worker.figures() };
}

/** What cannot be opened anew is written to where it was: lines are not lost, but they may be where nobody looks. */
function reopen(log: Log): void {
  try {
    log.reopen();
  } catch (error) {
    if (!(error instanceof VsmtpError)) throw error;
    log("server").error({ code: error.code, fix: error.fix }, reasonOf(error));
  }
}
