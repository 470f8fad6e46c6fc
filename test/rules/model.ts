/** Rules with domains and all that judges mails, in this process and without a socket. */

import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { rmSync } from "node:fs";
import { type Config, loadConfig } from "../../src/config/index.ts";
import { type Log, type Trace, traces } from "../../src/observe/index.ts";
import { Queue, Spool } from "../../src/queue/index.ts";
import {
  Connection,
  type Route,
  Rules,
  type ScriptRole,
  type Stage,
  stages,
  Transaction,
} from "../../src/rules/index.ts";
import { type Deliveries, openDeliveries } from "../../src/server/deliveries.ts";
import { nativeFiles } from "../../src/server/files.ts";
import { findPlugins } from "../../src/server/index.ts";
import { Session } from "../../src/smtp/index.ts";
import { Site } from "../fixtures/site.ts";
import { plainStorage } from "../fixtures/storage.ts";

export interface ModelOptions {
  /** `()`: there is none. */
  readonly filter?: string | undefined;
  /** Scripts of domains, by the path below the directory of domains: `example.com/incoming`. */
  readonly domains?: Readonly<Record<string, string>>;
  readonly config?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly plugins?: readonly string[];
}

/** Rule scripts whose every stage says who ran: `role stage`. */
export function traced(role: ScriptRole, more: Partial<Record<Stage, string>> = {}): string {
  const lines = stages.map((stage) => `${stage}: [ action "${role} ${stage}" || (), ${more[stage] ?? ""} ]`);
  return `#{ ${lines.join(", ")} }`;
}

export class Model {
  readonly site: Site;
  readonly config: Config;
  readonly rules: Rules;
  readonly queue: Queue;
  readonly mailboxes: Deliveries["mailboxes"];
  /** Lines of the log. */
  readonly lines: string[];
  readonly log: Log;
  /** Names of the directives that ran. */
  readonly ran: string[] = [];
  readonly #listener = (event: unknown) => void this.ran.push((event as Trace["directive"]).name);

  private constructor(
    site: Site,
    config: Config,
    rules: Rules,
    { transports, mailboxes }: Deliveries,
    log: Log,
    lines: string[],
  ) {
    this.site = site;
    this.config = config;
    this.rules = rules;
    this.lines = lines;
    this.log = log;
    const spool = new Spool({
      directory: site.path("spool"),
      quarantine: site.path("app/quarantine"),
      files: nativeFiles(),
    });
    this.queue = new Queue({ spool, rules, transports, log });
    this.mailboxes = mailboxes;
    subscribe(traces.directive.name, this.#listener);
  }

  static async open({ domains = {}, config = "", files = {}, plugins = [], ...options }: ModelOptions): Promise<Model> {
    const scripts = Object.entries(domains).map(([path, text]) => [`domain-enabled/${path}.vsl`, text] as const);
    const site = new Site({
      ...("filter" in options && options.filter !== undefined && { filter: options.filter }),
      config: `config.app.vsl.domain_dir = "domain-enabled"; ${config}`,
      plugins,
      files: { "domain-enabled/README": "", ...Object.fromEntries(scripts), ...files },
    });
    if ("filter" in options && options.filter === undefined) rmSync(site.path("filter.vsl"));
    const loaded = await loadConfig(site.config);
    if (Array.isArray(loaded)) throw loaded[0];
    const lines: string[] = [];
    const log = logInto(lines);
    const rules = await Rules.open({ config: loaded, plugins: findPlugins(loaded), log });
    return new Model(site, loaded, rules, await openDeliveries(loaded, plainStorage(), rules), log, lines);
  }

  /** A client of this server, as its connection would have it. */
  session(port = 1): Session {
    const { rules, queue, mailboxes } = this;
    const tools = { rules, queue, mailboxes, log: this.log("smtp") };
    return new Session({ ip: "192.0.2.1", port }, { ip: "127.0.0.1", port: 25 }, "mx.example.com", tools);
  }

  /** One mail from the greeting to the end of DATA; the answers to the last command. */
  async send(from: string, to: readonly string[], mail = "Subject: x\r\n\r\nx\r\n") {
    const session = this.session();
    await session.connect();
    await session.helo("client.example", true);
    const sender = await session.mail(from);
    if (!sender.passed) return sender;
    const answers = [];
    for (const address of to) answers.push(await session.rcpt(address));
    if (answers.every(({ passed }) => !passed)) return answers.at(-1);
    return session.data(Buffer.from(mail), () => true);
  }

  /** Ends the queue, with all that waits in it. */
  async close(): Promise<void> {
    await this.queue.stop(10_000);
    unsubscribe(traces.directive.name, this.#listener);
    this.site.remove();
  }
}

export function connection(port = 1): Connection {
  return new Connection({ ip: "192.0.2.1", port }, { ip: "127.0.0.1", port: 25 }, "mx.example.com");
}

/** A mail that a client is handing over, with a recipient and whose rules judge it. */
export function transaction(from: Connection, sender: string, recipient: string, route?: Route): Transaction {
  const address = (text: string) => ({ localPart: text.split("@")[0] ?? "", domain: text.split("@")[1] ?? "" });
  const made = new Transaction(from, sender === "" ? undefined : address(sender));
  made.recipients.push({ address: address(recipient), transport: { kind: "deliver" } });
  made.route = route;
  return made;
}

/** A log that keeps its lines as text. */
function logInto(lines: string[]): Log {
  const write = (fields: object, text: string) => void lines.push(`${text} ${JSON.stringify(fields)}`);
  const area = { trace: write, debug: write, info: write, warn: write, error: write, isLevelEnabled: () => false };
  return Object.assign(() => area, { close: () => undefined }) as unknown as Log;
}
