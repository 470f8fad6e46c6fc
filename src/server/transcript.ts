/**
 * What happens while a mail goes through the rules, in its order: commands, the stages that each of them runs, and in
 * a stage what directives answered, plugins were asked and the log was told.
 */

import { type Channel, subscribe, unsubscribe } from "node:diagnostics_channel";
import { collectLog, type Log, type LogLine, type Trace, traces } from "../observe/index.ts";
import type { Rules, Stage, Status, Transaction } from "../rules/index.ts";

export type Event =
  | { readonly kind: "directive"; readonly type: string; readonly name: string; readonly status: string }
  | ({ readonly kind: "call" } & Trace["call"])
  | ({ readonly kind: "log" } & LogLine);

export interface StageRecord {
  readonly stage: Stage;
  /** The mail's id, from MAIL on. */
  readonly mail: string | undefined;
  /** Whose rules these are: `root`, or `incoming example.com`. */
  rules: string | undefined;
  readonly events: Event[];
  status: Status["kind"] | undefined;
}

export interface CommandRecord {
  /** As a client would say it; `queue` for what comes after. */
  readonly command: string;
  readonly stages: StageRecord[];
  /** The lines of the reply; undefined: the usual success. */
  reply: readonly string[] | undefined;
  passed: boolean;
}

export class Transcript {
  readonly commands: CommandRecord[] = [];
  /** Told while scripts and plugins were loaded, when no stage ran. */
  readonly before: Event[] = [];
  readonly log: Log = collectLog("info", (line) => this.#take({ kind: "log", ...line }));
  #stage: StageRecord | undefined;

  command(command: string): CommandRecord {
    const record: CommandRecord = { command, stages: [], reply: undefined, passed: true };
    this.commands.push(record);
    return record;
  }

  /** The same rules, every run of which is written down here. */
  watch(rules: Pick<Rules, "run">): Pick<Rules, "run"> {
    return {
      run: (stage, connection, transaction) => {
        const record = this.#begin(stage, transaction);
        const status = rules.run(stage, connection, transaction);
        if (!(status instanceof Promise)) return this.#end(record, status);
        return status.then((late) => this.#end(record, late));
      },
    };
  }

  /** Listens to what directives and plugins tell, while `work` goes on. */
  async listening<T>(work: () => Promise<T>): Promise<T> {
    const stops = [
      follow("directive", ({ kind, name, status }) => this.#take({ kind: "directive", type: kind, name, status })),
      follow("call", (call) => this.#take({ kind: "call", ...call })),
    ];
    try {
      return await work();
    } finally {
      for (const stop of stops) stop();
    }
  }

  #begin(stage: Stage, transaction: Transaction | undefined): StageRecord {
    const route = transaction?.route;
    const rules = route && (route.role === "root" ? "root" : `${route.role} ${route.domain}`);
    const record: StageRecord = { stage, mail: transaction?.id, rules, events: [], status: undefined };
    this.commands.at(-1)?.stages.push(record);
    this.#stage = record;
    return record;
  }

  #end(record: StageRecord, status: Status): Status {
    record.status = status.kind;
    return status;
  }

  /** Also what comes after a stage belongs to it, until the next one. */
  #take(event: Event): void {
    (this.#stage?.events ?? this.before).push(event);
  }
}

function follow<Kind extends keyof Trace>(kind: Kind, take: (event: Trace[Kind]) => void): () => void {
  const { name } = traces[kind] as Channel;
  const listener = (event: unknown) => take(event as Trace[Kind]);
  subscribe(name, listener);
  return () => unsubscribe(name, listener);
}
