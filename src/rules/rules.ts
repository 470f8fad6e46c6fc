/**
 * The rule engine: loads the rule scripts once, and runs their directives stage by stage.
 *
 * A stage's directives run in their order until one answers something other than `next`. Whatever goes wrong in one is
 * a temporary refusal and a line in the log, never a silent pass. Nothing here knows SMTP beyond replies.
 */

import type { Config } from "../config/index.ts";
import { VsmtpError } from "../errors.ts";
import { type Log, traces } from "../observe/index.ts";
import type { Plugins } from "../plugin/index.ts";
import { Engine, type Script, typeName, type Value } from "../vsl/index.ts";
import type { Situation } from "./api/situation.ts";
import { StatusValue } from "./api/state.ts";
import type { Connection, ConnectionFacts, Transaction } from "./context.ts";
import { type Directive, type Directives, directivesOf } from "./directives.ts";
import { reply } from "./reply.ts";
import type { Stage } from "./stage.ts";
import { NEXT, type Status } from "./status.ts";
import { surroundings } from "./surroundings.ts";

export interface RulesOptions {
  readonly config: Config;
  readonly plugins: Plugins;
  readonly log: Log;
}

/** Without a root filter nobody is let in (reference: the original's default script). */
const CLOSED: Status = { kind: "deny", reply: undefined };

export class Rules {
  readonly #script: Script | undefined;
  readonly #directives: Directives;
  readonly #log: Log;

  private constructor(script: Script | undefined, log: Log) {
    this.#script = script;
    this.#directives = script ? directivesOf(script) : new Map();
    this.#log = log;
  }

  /** Loads scripts and the plugins that they import. Throws a VsmtpError (ScriptProblems: several) on bad scripts. */
  static async open({ config, plugins, log }: RulesOptions): Promise<Rules> {
    const file = config.app.vsl.filter_path;
    if (file === null) {
      log("rules").warn("there is no filter.vsl, so every client is refused");
      return new Rules(undefined, log);
    }
    const engine = new Engine(surroundings(config, plugins, "run"));
    const [script] = await engine.load([file]);
    for (const { message, fix, place } of engine.failures) {
      log("rules").error({ file: place?.file, line: place?.line, fix }, message);
    }
    return new Rules(script, log);
  }

  /** What the rules of a stage answer. A promise only when one of them waits; it never rejects. */
  run(stage: Stage, connection: Connection | ConnectionFacts, transaction?: Transaction): Status | Promise<Status> {
    const remembered = sticky(stage, connection, transaction);
    if (remembered) return remembered;
    if (!this.#script) return stage === "connect" ? CLOSED : NEXT;
    const directives = this.#directives.get(stage);
    if (!directives || directives.length === 0) return NEXT;
    const situation: Situation = {
      stage,
      connection,
      transaction,
      log: (level, text) => this.#write(level, text, transaction),
    };
    return this.#from(0, directives, situation);
  }

  /** Runs directives from an index on; goes on as a promise from the first one that waits. */
  #from(start: number, directives: readonly Directive[], situation: Situation): Status | Promise<Status> {
    for (let i = start; i < directives.length; i++) {
      const directive = directives[i] as Directive;
      const status = this.#evaluate(directive, situation);
      if (status instanceof Promise) return this.#waiting(status, i, directives, situation);
      if (status.kind !== "next") return remember(status, situation);
    }
    return NEXT;
  }

  async #waiting(
    first: Promise<Status>,
    index: number,
    directives: readonly Directive[],
    situation: Situation,
  ): Promise<Status> {
    const status = await first;
    return status.kind === "next" ? this.#from(index + 1, directives, situation) : remember(status, situation);
  }

  #evaluate(directive: Directive, situation: Situation): Status | Promise<Status> {
    try {
      const value = (this.#script as Script).invoke(directive.evaluate, situation);
      if (!(value instanceof Promise)) return this.#answer(directive, situation, value);
      return value.then(
        (late) => this.#answer(directive, situation, late),
        (error: unknown) => this.#failed(directive, situation, error),
      );
    } catch (error) {
      return this.#failed(directive, situation, error);
    }
  }

  #answer(directive: Directive, situation: Situation, value: Value): Status {
    const status = this.#status(directive, situation, value);
    if (traces.directive.hasSubscribers) publish(directive, situation, status);
    return status;
  }

  /** An action's value does not matter; a rule's must be a status. */
  #status(directive: Directive, situation: Situation, value: Value): Status {
    if (directive.kind === "action") return NEXT;
    if (value instanceof StatusValue) return value.status;
    const error = new VsmtpError("RULES_STATUS_MISSING", { name: directive.name, type: typeName(value) });
    return this.#report(directive, situation, error);
  }

  #failed(directive: Directive, situation: Situation, error: unknown): Status {
    const status = this.#report(directive, situation, error);
    if (traces.directive.hasSubscribers) publish(directive, situation, status);
    return status;
  }

  #report({ name }: Directive, { stage, transaction }: Situation, error: unknown): Status {
    const known = error instanceof VsmtpError ? error : undefined;
    const place = known?.place;
    const file = place?.file ?? this.#script?.file;
    const fields = { directive: name, stage, file, line: place?.line, mail: transaction?.id, code: known?.code };
    // Anything but a VsmtpError is a bug of ours: its stack belongs into the log.
    if (known) this.#log("rules").error(fields, known.message);
    else this.#log("rules").error({ ...fields, err: error }, "a directive failed for a reason that is a bug of vSMTP");
    return failure(stage);
  }

  #write(level: string, text: string, transaction: Transaction | undefined): void {
    const log = this.#log("app");
    const fields = { mail: transaction?.id };
    switch (level) {
      case "trace":
      case "debug":
      case "info":
      case "error":
        return log[level](fields, text);
      default:
        return log.warn(fields, text);
    }
  }
}

/** The status that was given for the rest of a connection or mail. */
function sticky(stage: Stage, connection: Connection | ConnectionFacts, transaction?: Transaction): Status | undefined {
  if (stage === "authenticate") return undefined;
  return ("sticky" in connection ? connection.sticky : undefined) ?? transaction?.sticky;
}

/** Statuses that decide about later stages stay: with the connection before MAIL, with the mail from then on. */
function remember(status: Status, { stage, connection, transaction }: Situation): Status {
  const stays = status.kind === "faccept" || status.kind === "deny" || status.kind === "quarantine";
  if (!stays || stage === "authenticate") return status;
  if (transaction) transaction.sticky = status;
  else if ("sticky" in connection) connection.sticky = status;
  return status;
}

/** A mail must not get lost because a rule is wrong: the client tries again (RFC 5321 section 4.2.1). */
function failure(stage: Stage): Status {
  const text = "Requested action aborted: local error in processing";
  return { kind: "error", reply: stage === "connect" ? reply(421, text, "4.3.0") : reply(451, text, "4.3.0") };
}

function publish({ kind, name }: Directive, { stage, transaction }: Situation, status: Status): void {
  traces.directive.publish({ stage, kind, name, status: status.kind, mail: transaction?.id });
}
