/**
 * Runs the directives of one stage of one script: in their order, until one answers something other than `next`.
 *
 * Whatever goes wrong in one is a temporary refusal and a line in the log, never a silent pass. Which script is asked
 * and what stays remembered is decided by its caller, rules.ts.
 */

import { VsmtpError } from "../errors.ts";
import { type Log, marker, traces } from "../observe/index.ts";
import { type Script, typeName, type Value } from "../vsl/index.ts";
import type { DirectiveSituation } from "./api/situation.ts";
import { StatusValue } from "./api/state.ts";
import type { Directive } from "./directives.ts";
import { reply } from "./reply.ts";
import type { RuleStage } from "./stage.ts";
import { NEXT, type Status } from "./status.ts";

export class DirectiveLoop {
  readonly #script: Script;
  readonly #directives: readonly Directive[];
  readonly #situation: DirectiveSituation;
  readonly #log: Log;

  constructor(script: Script, directives: readonly Directive[], situation: DirectiveSituation, log: Log) {
    this.#script = script;
    this.#directives = directives;
    this.#situation = situation;
    this.#log = log;
  }

  /** From a directive on; goes on as a promise from the first one that waits. Never rejects. */
  run(start = 0): Status | Promise<Status> {
    for (let i = start; i < this.#directives.length; i++) {
      const status = this.#evaluate(this.#directives[i] as Directive);
      if (status instanceof Promise) return this.#waiting(status, i);
      if (status.kind !== "next") return status;
    }
    return NEXT;
  }

  async #waiting(first: Promise<Status>, index: number): Promise<Status> {
    const status = await first;
    return status.kind === "next" ? this.run(index + 1) : status;
  }

  /** While it runs the marker says which it is and for which mail: plugins that it calls may crash or hang. */
  #evaluate(directive: Directive): Status | Promise<Status> {
    if (directive.kind === "delegate") return this.#failed(directive, noDelegation(directive));
    const label = marker().begin({ ...this.#situation.facts, directive: directive.name });
    this.#situation.label = label;
    const status = this.#invoke(directive);
    if (status instanceof Promise) return status.finally(() => marker().end(label));
    marker().end(label);
    return status;
  }

  #invoke(directive: Directive): Status | Promise<Status> {
    try {
      const value = this.#script.invoke(directive.evaluate, this.#situation);
      if (!(value instanceof Promise)) return this.#answered(directive, value);
      return value.then(
        (late) => this.#answered(directive, late),
        (error: unknown) => this.#failed(directive, error),
      );
    } catch (error) {
      return this.#failed(directive, error);
    }
  }

  /** An action's value does not matter; a rule's must be a status. */
  #answered(directive: Directive, value: Value): Status {
    if (directive.kind === "action") return this.#told(directive, NEXT);
    if (value instanceof StatusValue) return this.#meant(directive, value.status);
    const facts = { name: directive.name, type: typeName(value) };
    return this.#failed(directive, new VsmtpError("RULES_STATUS_MISSING", facts));
  }

  #meant(directive: Directive, status: Status): Status {
    const { name } = directive;
    if (this.#situation.stage !== "storage" || status.kind !== "quarantine") return this.#told(directive, status);
    return this.#failed(directive, new VsmtpError("RULES_STORAGE_STATUS", { name, status: status.kind }));
  }

  #failed(directive: Directive, error: unknown): Status {
    const { stage, transaction } = this.#situation;
    const known = error instanceof VsmtpError ? error : undefined;
    const file = known?.place?.file ?? this.#script.file;
    const place = { directive: directive.name, stage, file, line: known?.place?.line };
    const fields = { ...place, mail: transaction?.id, code: known?.code, ...pluginFields(known?.cause) };
    // Anything but a VsmtpError is a bug of ours: its stack belongs into the log.
    if (known) this.#log("rules").error(fields, known.message);
    else this.#log("rules").error({ ...fields, err: error }, "a directive failed for a reason that is a bug of vSMTP");
    return this.#told(directive, failure(stage));
  }

  #told({ kind, name }: Directive, status: Status): Status {
    const { stage, transaction } = this.#situation;
    if (traces.directive.hasSubscribers) {
      traces.directive.publish({ stage, kind, name, status: status.kind, mail: transaction?.id });
    }
    return status;
  }
}

/** A mail must not get lost because a rule is wrong: the client tries again (RFC 5321 section 4.2.1). */
export function failure(stage: RuleStage): Status {
  const text = "Requested action aborted: local error in processing";
  return { kind: "error", reply: stage === "connect" ? reply(421, text, "4.3.0") : reply(451, text, "4.3.0") };
}

function noDelegation({ name }: Directive): VsmtpError {
  return new VsmtpError("RULES_DELEGATION", { name });
}

/** Whose fault it was, where a plugin's function failed beneath the script. */
function pluginFields(cause: unknown): Readonly<Record<string, unknown>> {
  if (!(cause instanceof VsmtpError) || cause.facts.plugin === undefined) return {};
  return { plugin: cause.facts.plugin, function: cause.facts.function, cause: cause.code };
}
