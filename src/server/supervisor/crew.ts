/**
 * The processes of one generation: all started together, each replaced when it ends by itself, retired together.
 *
 * Why a process ended and what is learnt from it, which mails it leaves behind and what it is given to start with is
 * the business of others, who are told and asked through {@link CrewTools}.
 */

import { reasonOf, VsmtpError } from "../../errors.ts";
import type { AreaLog } from "../../observe/index.ts";
import type { FromWorker, Problem, Role, ToWorker } from "../messages.ts";
import { nameOfRole } from "../names.ts";
import { asProblem } from "../problems.ts";
import { Backoff } from "./backoff.ts";
import { type Death, type Equipment, type Start, WorkerProcess } from "./worker.ts";

export interface CrewTools {
  readonly log: AreaLog;
  /** What a process of that role is to start with now; each call is for one process. */
  equip(role: Role): Equipment;
  /** Names of spool entries of all processes are of later times, in microseconds since 1970. */
  readonly namesAfter: number;
  onMessage(message: FromWorker, process: WorkerProcess): void;
  /** It was started; what it does can be seen in its marker. */
  onStart(process: WorkerProcess): void;
  /** It serves clients from now on. */
  onServing(process: WorkerProcess): void;
  /** It was told to leave and is given nothing new, but has not left. */
  onRetiring(process: WorkerProcess): void;
  /** It is gone. Called before another is equipped to take its place. */
  onGone(process: WorkerProcess, death: Death): void;
}

/** A place in the crew, which some process has. */
interface Slot {
  readonly role: Role;
  readonly backoff: Backoff;
  process: WorkerProcess | undefined;
  isReady: boolean;
  /** Whose work the process goes on with once it is ready; it serves until then. */
  before: { readonly process: WorkerProcess; readonly patience: number } | undefined;
  /** Until the next process is started here. */
  timer: NodeJS.Timeout | undefined;
}

/** Milliseconds that a process may need to end its work beyond what its clients have, all its own graces together. */
const MOST = 45_000;

export class Crew {
  readonly #tools: CrewTools;
  readonly #slots: readonly Slot[];
  /** All processes that are not gone, those that others have replaced included. */
  readonly #alive = new Set<WorkerProcess>();
  #state: "starting" | "serving" | "retiring" | "over" = "starting";
  #someReady: (() => void) | undefined;
  #retiring: Promise<void> | undefined;

  constructor(roles: readonly Role[], tools: CrewTools) {
    this.#tools = tools;
    this.#slots = roles.map((role) => ({
      role,
      backoff: new Backoff(),
      process: undefined,
      isReady: false,
      before: undefined,
      timer: undefined,
    }));
  }

  /**
   * Starts all processes. Resolves with what is wrong, everything ended again; or, with nothing, once they can serve:
   * all of them, or, unless `strict`, some for clients, while others that died meanwhile are tried again.
   */
  async start(strict: boolean): Promise<readonly Problem[] | Death | undefined> {
    const ready = new Promise<void>((resolve) => (this.#someReady = resolve));
    const starts = await Promise.all(this.#slots.map((slot) => this.#launch(slot)));
    const wrong =
      starts.find(({ kind }) => kind === "failed") ?? (strict && starts.find(({ kind }) => kind === "died"));
    if (wrong) {
      await this.end();
      if (wrong.kind === "failed") return wrong.problems;
      if (wrong.kind === "died") return wrong.death;
    }
    await ready;
    return undefined;
  }

  /** Clients may come. */
  serve(): void {
    if (this.#state !== "starting") return;
    this.#state = "serving";
    for (const { process, isReady } of this.#slots) if (process && isReady) this.#putToWork(process);
  }

  get isStarting(): boolean {
    return this.#state === "starting";
  }

  get processes(): readonly WorkerProcess[] {
    return [...this.#alive];
  }

  /** Tells all processes, or those of a kind. */
  tell(message: ToWorker, kind?: Role["kind"]): void {
    for (const process of this.#alive) if (kind === undefined || process.role.kind === kind) process.send(message);
  }

  /** Puts a fresh process in the place of one, which ends its work once that one is ready; `patience` as in {@link retire}. */
  renew(process: WorkerProcess, patience: number): void {
    const slot = this.#slots.find((one) => one.process === process);
    if (!slot || this.#state !== "serving") return;
    slot.before = { process, patience };
    void this.#launch(slot);
  }

  /**
   * Lets all processes end their work and leave: clients have `patience` milliseconds to end their sessions, then
   * little more. Those who serve other processes go last. Once more with less patience: hurries it.
   */
  retire(patience: number): Promise<void> {
    if (this.#retiring) for (const process of this.#ofKind(true)) this.#retireOne(process, patience);
    this.#retiring ??= this.#retire(patience);
    return this.#retiring;
  }

  /** Ends all processes at once. */
  async end(): Promise<void> {
    this.#close("over");
    for (const process of this.#alive) process.end();
    await Promise.all(this.processes.map(({ ended }) => ended));
  }

  async #retire(patience: number): Promise<void> {
    this.#close("retiring");
    await Promise.all(this.#ofKind(true).map((process) => this.#retireOne(process, patience)));
    this.#close("over");
    await Promise.all(this.#ofKind(false).map((process) => this.#retireOne(process, 0)));
  }

  /** In the state `retiring` clients' processes are not replaced, those that work for them are; when it is over, none is. */
  #close(state: "retiring" | "over"): void {
    this.#state = state;
    this.#someReady?.();
    for (const slot of this.#slots) if (!this.#isReplaced(slot.role)) clearTimeout(slot.timer);
  }

  #ofKind(forClients: boolean): WorkerProcess[] {
    return this.processes.filter(({ role }) => (role.kind === "smtp") === forClients);
  }

  #retireOne(process: WorkerProcess, patience: number): Promise<Death> {
    this.#tools.onRetiring(process);
    return process.retire(patience, patience + MOST);
  }

  #isReplaced(role: Role): boolean {
    return (
      this.#state === "starting" || this.#state === "serving" || (this.#state === "retiring" && role.kind !== "smtp")
    );
  }

  /** Starts a process in a place; resolves with how that went. */
  async #launch(slot: Slot): Promise<Start> {
    const process = this.#begin(slot.role);
    if (process instanceof VsmtpError) {
      const problems = [asProblem(process)];
      this.#complain(slot.role, problems);
      if (this.#state !== "starting") this.#replace(slot, false);
      return { kind: "failed", problems };
    }
    slot.process = process;
    slot.isReady = false;
    this.#alive.add(process);
    this.#tools.log.debug({ worker: nameOfRole(slot.role), pid: process.pid }, "a process begins");
    this.#tools.onStart(process);
    void this.#accompany(slot, process);
    return process.started;
  }

  /** What the machine is short of may be there again later. */
  #begin(role: Role): WorkerProcess | VsmtpError {
    const { namesAfter, onMessage } = this.#tools;
    try {
      return new WorkerProcess(this.#tools.equip(role), namesAfter, onMessage);
    } catch (error) {
      return new VsmtpError("PROCESS_START", { process: nameOfRole(role), reason: reasonOf(error) }, { cause: error });
    }
  }

  async #accompany(slot: Slot, process: WorkerProcess): Promise<void> {
    const start = await process.started;
    const isReady = start.kind === "ready";
    if (isReady && slot.process === process) this.#ready(slot, process);
    if (start.kind === "failed") this.#complain(process.role, start.problems);
    const death = await process.ended;
    this.#alive.delete(process);
    this.#tools.onGone(process, death);
    if (slot.process === process) this.#replace(slot, isReady);
  }

  #ready(slot: Slot, process: WorkerProcess): void {
    const { before } = slot;
    slot.isReady = true;
    slot.before = undefined;
    if (this.#state !== "starting") this.#putToWork(process);
    else if (slot.role.kind === "smtp") this.#someReady?.();
    if (before && this.#alive.has(before.process)) void this.#retireOne(before.process, before.patience);
  }

  #putToWork(process: WorkerProcess): void {
    process.send({ kind: "serve" });
    this.#tools.onServing(process);
  }

  #replace(slot: Slot, wasReady: boolean): void {
    slot.process = undefined;
    slot.isReady = false;
    if (!this.#isReplaced(slot.role)) return;
    const wait = slot.backoff.after(wasReady);
    if (wait > 0) this.#tools.log.warn({ worker: nameOfRole(slot.role), wait }, "the process is started again later");
    slot.timer = setTimeout(() => {
      if (this.#isReplaced(slot.role)) void this.#launch(slot);
    }, wait);
  }

  /** At the start of a generation whoever asked for it is told. */
  #complain(role: Role, problems: readonly Problem[]): void {
    if (this.#state === "starting") return;
    for (const { code, message, fix } of problems) {
      this.#tools.log.error({ worker: nameOfRole(role), code, fix }, `the process cannot start: ${message}`);
    }
  }
}
