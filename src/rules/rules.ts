/**
 * The rule engine: loads all rule scripts once, and answers for every stage of every mail with a status.
 *
 * It picks the script that a stage asks (domains.ts), has its directives run (directives-loop.ts) and remembers
 * statuses that decide about later stages. Nothing here knows SMTP beyond replies.
 */

import type { Config } from "../config/index.ts";
import { VsmtpError } from "../errors.ts";
import { type Log, marker } from "../observe/index.ts";
import type { Plugins } from "../plugin/index.ts";
import { type ScriptFiles, toPlain } from "../vsl/index.ts";
import { type Address, parseAddress } from "./address.ts";
import { CallSituation, Situation, StorageSituation } from "./api/situation.ts";
import type { Connection, ConnectionFacts, Transaction } from "./context.ts";
import { DirectiveLoop, failure } from "./directives-loop.ts";
import { Domains, ROOT, type Route } from "./domains.ts";
import { type LoadedScripts, loadScripts } from "./scripts-load.ts";
import type { Stage } from "./stage.ts";
import { NEXT, type Status, withoutReply } from "./status.ts";
import { statusWithoutScript } from "./status-default.ts";
import { type StorageAnswer, type StorageQuestion, storageAnswer } from "./storage-stage.ts";
import { usersProblem } from "./users-function.ts";

export interface RulesOptions {
  readonly config: Config;
  readonly plugins: Plugins;
  readonly log: Log;
  /** Where scripts are; left out: on the disk. */
  readonly scripts?: ScriptFiles | undefined;
  /** Whether the log is told which scripts are missing; left out: it is. One of several processes is enough. */
  readonly tellMissing?: boolean | undefined;
}

export class Rules {
  readonly #domains: Domains;
  readonly #scripts: LoadedScripts;
  readonly #log: Log;

  private constructor(domains: Domains, scripts: LoadedScripts, log: Log) {
    this.#domains = domains;
    this.#scripts = scripts;
    this.#log = log;
  }

  /** Loads scripts and the plugins that they import. Throws a VsmtpError (ScriptProblems: several) on bad scripts. */
  static async open(options: RulesOptions): Promise<Rules> {
    const { config, log } = options;
    const domains = new Domains(config.domains.keys());
    const scripts = await loadScripts(options, domains);
    const problem = usersProblem(config, (name) => scripts.of(ROOT)?.script.has(name, 1) ?? false);
    if (problem) throw problem;
    return new Rules(domains, scripts, log);
  }

  /** Whether this host takes care of the domain of an address, or of one above it. */
  handles({ domain }: Address): boolean {
    return this.#domains.above(domain) !== undefined;
  }

  /**
   * What a function of the root filter with one parameter answers, as plain data.
   * @throws VsmtpError when the function fails, ScriptError when its answer is no data
   */
  async ask(name: string, argument: string): Promise<unknown> {
    const loaded = this.#scripts.of(ROOT);
    if (!loaded) throw new VsmtpError("RULES_USERS", { function: name });
    const label = marker().begin({ directive: name, user: argument });
    const situation = new CallSituation((level, text) => this.#write(level, text, undefined), label);
    try {
      return toPlain(await loaded.script.call(name, [argument], situation));
    } finally {
      marker().end(label);
    }
  }

  /** Whose rules judge a recipient of a sender; kept in the transaction, which it decides about from then on. */
  route(sender: Address | undefined, recipient: Address): Route {
    return this.#domains.ofRecipient(sender, recipient);
  }

  /**
   * What the rules of a stage answer. A promise only when one of them waits; it never rejects. From `rcpt` on
   * `transaction.route` says whose rules these are; without one the last recipient does.
   */
  run(stage: Stage, connection: Connection | ConnectionFacts, transaction?: Transaction): Status | Promise<Status> {
    const remembered = sticky(stage, connection, transaction);
    if (remembered) return remembered;
    const route = this.#routeAt(stage, transaction);
    if (!this.#isKnown(route)) return this.#vanished(route, stage, transaction);
    const loaded = this.#scripts.of(route);
    if (!loaded) return remember(statusWithoutScript(route.role, stage), stage, connection, transaction);
    const directives = loaded.directives.get(stage);
    if (!directives || directives.length === 0) return NEXT;
    const log = (level: string, text: string) => this.#write(level, text, transaction);
    const situation = new Situation({ stage, connection, transaction, log });
    const status = new DirectiveLoop(loaded.script, directives, situation, this.#log).run();
    if (!(status instanceof Promise)) return remember(status, stage, connection, transaction);
    return status.then((late) => remember(late, stage, connection, transaction));
  }

  /** Whether any script has directives for the stage storage; without, there is no need to ask. */
  get asksStorage(): boolean {
    return this.#scripts.have("storage");
  }

  /** What the rules say to something that is about to happen in a mailbox. Never rejects. */
  async runStorage(question: StorageQuestion): Promise<StorageAnswer> {
    const loaded = this.#scripts.of(this.#domains.ofUser(parseAddress(question.user)));
    const directives = loaded?.directives.get("storage") ?? [];
    if (!loaded || directives.length === 0) return { kind: "allow" };
    const situation = new StorageSituation(question, (level, text) => this.#write(level, text, undefined));
    return storageAnswer(await new DirectiveLoop(loaded.script, directives, situation, this.#log).run());
  }

  #routeAt(stage: Stage, transaction: Transaction | undefined): Route {
    if (!transaction || stage === "connect" || stage === "helo" || stage === "authenticate") return ROOT;
    const { mailFrom, route, recipients } = transaction;
    if (stage === "mail") return this.#domains.ofSender(mailFrom);
    const last = recipients.at(-1);
    return route ?? (last ? this.route(mailFrom, last.address) : this.#domains.ofSender(mailFrom));
  }

  #isKnown(route: Route): boolean {
    return route.role === "root" || this.#domains.above(route.domain) === route.domain;
  }

  /** A mail from the spool whose domain is no longer handled: nobody may decide that it is let through. */
  #vanished(route: Route, stage: Stage, transaction: Transaction | undefined): Status {
    const domain = route.role === "root" ? "" : route.domain;
    const { code, message } = new VsmtpError("RULES_DOMAIN_GONE", { domain });
    this.#log("rules").error({ stage, mail: transaction?.id, code }, message);
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

/** The status that was given for the rest of a connection or mail. Its reply was for the command that got it. */
function sticky(stage: Stage, connection: Connection | ConnectionFacts, transaction?: Transaction): Status | undefined {
  if (stage === "authenticate") return undefined;
  const status = ("sticky" in connection ? connection.sticky : undefined) ?? transaction?.sticky;
  return status && withoutReply(status);
}

/** Statuses that decide about later stages stay: with the connection before MAIL, with the mail from then on. */
function remember(
  status: Status,
  stage: Stage,
  connection: Connection | ConnectionFacts,
  transaction: Transaction | undefined,
): Status {
  const stays = status.kind === "faccept" || status.kind === "deny" || status.kind === "quarantine";
  if (!stays || stage === "authenticate") return status;
  if (transaction) transaction.sticky = status;
  else if ("sticky" in connection) connection.sticky = status;
  return status;
}
