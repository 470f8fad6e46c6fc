/**
 * The crews of a host with what they work with: the one that works, one that is about to, and those that retire. One
 * takes over from another without a moment in which nobody serves clients.
 */

import { VsmtpError } from "../../errors.ts";
import type { AreaLog } from "../../observe/index.ts";
import type { Plugins, ServiceState } from "../../plugin/index.ts";
import { inTime } from "../in-time.ts";
import type { Incidents } from "../incidents/incidents.ts";
import type { FromWorker, HostFigures, ToWorker } from "../messages.ts";
import { nameOfRole } from "../names.ts";
import { asError } from "../problems.ts";
import { Crew } from "./crew.ts";
import type { Generation } from "./generation.ts";
import { Outfit, type OutfitOptions } from "./outfit.ts";
import type { OpenSocket } from "./sockets.ts";
import type { SpoolClaims } from "./spool-claims.ts";
import type { Death, WorkerProcess } from "./worker.ts";

export interface PostsOptions extends Pick<OutfitOptions, "stdout" | "keepOpen" | "clients"> {
  readonly log: AreaLog;
  readonly claims: SpoolClaims;
  readonly incidents: Incidents;
  /** Names of spool entries of all processes are of later times, in microseconds since 1970. */
  readonly namesAfter: number;
  readonly figures: () => Promise<HostFigures>;
}

/** A crew, and what it works with. */
export interface Post {
  readonly generation: Generation;
  readonly outfit: Outfit;
  readonly crew: Crew;
}

/** Milliseconds that clients of processes which others have replaced have to end their sessions as they like. */
const SESSIONS_PATIENCE = 60_000;
/** Milliseconds that these have to say that they take no new clients. */
const HANDOVER = 2_000;
/** Posts that may be retiring at a time; with more of them, the clients of the oldest are told to go. */
const MOST_RETIRING = 4;

export class Posts {
  readonly #options: PostsOptions;
  /** All that have processes, the oldest first. */
  readonly #all = new Set<Post>();
  #working: Post | undefined;
  #number = 0;
  #givenUp = false;

  constructor(options: PostsOptions) {
    this.#options = options;
  }

  /**
   * A crew that is ready, or why it is not: then nothing is left of it. `strict`: one process that dies is enough for
   * that; else it is tried again, and some that can serve clients are enough.
   */
  async prepare(generation: Generation, sockets: readonly OpenSocket[], strict: boolean): Promise<Post | VsmtpError[]> {
    const { stdout, keepOpen, clients } = this.#options;
    const number = ++this.#number;
    const outfit = await Outfit.open({ generation, number, sockets, stdout, keepOpen, clients });
    if (this.#givenUp) {
      outfit.close();
      return [new VsmtpError("RELOAD_STOPPING")];
    }
    const post: Post = { generation, outfit, crew: this.#crewOf(generation, outfit) };
    this.#all.add(post);
    const wrong = await post.crew.start(strict);
    if (!wrong) return post;
    this.#all.delete(post);
    outfit.close();
    return isDeath(wrong) ? [diedEarly(wrong)] : wrong.map(asError);
  }

  /** Clients are the crew's from now on, and whoever had them before retires. Resolves when nobody else takes new ones. */
  async work(post: Post): Promise<void> {
    const before = this.#working;
    const former = before?.crew.processes.filter(({ role }) => role.kind === "smtp") ?? [];
    this.#working = post;
    post.crew.serve();
    if (before) void this.#retire(before, SESSIONS_PATIENCE);
    const retiring = [...this.#all].filter((one) => one !== post);
    for (const oldest of retiring.slice(0, -MOST_RETIRING)) void this.#retire(oldest, 0);
    await inTime(Promise.all(former.map(({ closed }) => closed)), HANDOVER);
  }

  /** What the processes that work say of their plugins. */
  get states(): readonly ServiceState[] {
    return this.#working?.crew.processes.flatMap(({ states }) => states) ?? [];
  }

  tell(message: ToWorker): void {
    for (const { crew } of this.#all) crew.tell(message);
  }

  /** Ends crews that are not ready yet, and lets no other begin. */
  giveUp(): void {
    this.#givenUp = true;
    for (const { crew } of this.#all) if (crew.isStarting) void crew.end();
  }

  /** Resolves when nobody is left; clients under way have a short grace. */
  async retire(): Promise<void> {
    this.#working = undefined;
    await Promise.all([...this.#all].map((post) => this.#retire(post, 0)));
  }

  /** Ends everybody at once. */
  async end(): Promise<void> {
    await Promise.all([...this.#all].map(({ crew }) => crew.end()));
    await this.retire();
  }

  async #retire(post: Post, patience: number): Promise<void> {
    await post.crew.retire(patience);
    if (!this.#all.delete(post)) return;
    post.outfit.close();
    const { plugins } = post.generation;
    if (!this.#isInUse(plugins)) plugins.letGo();
  }

  #isInUse(plugins: Plugins): boolean {
    return [...this.#all].some(({ generation }) => generation.plugins === plugins);
  }

  #crewOf({ plugins }: Generation, outfit: Outfit): Crew {
    const { incidents, claims, clients, log, namesAfter } = this.#options;
    const crew: Crew = new Crew(outfit.roles, {
      log,
      namesAfter,
      equip: (role) => {
        const quarantined = incidents.quarantined(plugins.states());
        return outfit.equip(role, { quarantined, heldMails: incidents.heldMails });
      },
      onMessage: (message, process) => this.#hear(message, process, crew),
      onStart: (process) => incidents.watch(process),
      onServing: (process) => process.role.kind === "smtp" && claims.join(process),
      onRetiring: (process) => claims.retire(process),
      onGone: (process, death) => {
        // Mails that are to be held are known before another process goes on with them.
        incidents.gone(process, death);
        claims.leave(process);
        if (process.place !== undefined) clients.giveBack(process.place);
      },
    });
    return crew;
  }

  #hear(message: FromWorker, process: WorkerProcess, crew: Crew): void {
    const { incidents, log, figures } = this.#options;
    switch (message.kind) {
      case "lost":
        // Nobody else's functions are called there.
        if (process.role.kind === "isolated" && message.plugin !== process.role.plugin) return;
        return incidents.lost(message.plugin, message.function);
      case "hung":
        process.hung = true;
        return;
      case "renew":
        log.warn({ worker: nameOfRole(process.role) }, `the process is replaced: ${message.reason}`);
        return crew.renew(process, SESSIONS_PATIENCE);
      case "ask":
        return void figures().then((value) => process.send({ kind: "answer", number: message.number, value }));
    }
  }
}

function isDeath(wrong: unknown): wrong is Death {
  return !Array.isArray(wrong);
}

function diedEarly({ role, signal, status }: Death): VsmtpError {
  const how = signal === undefined ? `with the status ${status}` : `by ${signal}`;
  return new VsmtpError("RELOAD_DIED", { process: nameOfRole(role), how });
}
