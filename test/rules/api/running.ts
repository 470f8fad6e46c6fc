/** Runs vSL as a directive would run it: with the whole API, for a client and its mail. */

import { loadConfig } from "../../../src/config/index.ts";
import { Plugins } from "../../../src/plugin/index.ts";
import { Situation } from "../../../src/rules/api/situation.ts";
import { Connection, ruleSurroundings, type Stage, Transaction } from "../../../src/rules/index.ts";
import { Engine, ScriptProblems, toPlain, type Value } from "../../../src/vsl/index.ts";
import { Site, type SiteOptions } from "../../fixtures/site.ts";

export interface Around extends SiteOptions {
  readonly stage?: Stage;
  readonly ip?: string;
  /** Undefined: `from@a.example`; null: the null sender. */
  readonly from?: string | null;
  readonly rcpt?: readonly string[];
  /** The client's mail, one character a byte. */
  readonly mail?: string;
}

export interface Ran {
  readonly value: Value;
  readonly transaction: Transaction;
  readonly connection: Connection;
  readonly site: Site;
  /** Lines of `log()`. */
  readonly logged: readonly string[];
  /** The mail afterwards, one character a byte. */
  readonly mail: string;
}

const BEFORE_MAIL: ReadonlySet<Stage> = new Set<Stage>(["connect", "helo", "authenticate"]);

export class Runner {
  readonly #sites: Site[] = [];

  /** The value of the last statement, and what became of everything around it. */
  async run(code: string, around: Around = {}): Promise<Ran> {
    const { stage = "preq", from = "from@a.example", rcpt = ["to@b.example"], mail } = around;
    const site = new Site({ ...around, filter: "#{}" });
    this.#sites.push(site);
    site.write("run.vsl", `fn run() {\n${code}\n}`);
    const script = await this.#load(site);
    const connection = new Connection(
      { ip: around.ip ?? "192.0.2.7", port: 4321 },
      { ip: "192.0.2.25", port: 25 },
      "mx.example.com",
    );
    if (stage !== "connect") connection.helo = "client.example";
    const transaction = new Transaction(connection, from === null ? undefined : parts(from));
    for (const address of rcpt) {
      transaction.recipients.push({ address: parts(address), transport: { kind: "deliver" } });
    }
    if (mail !== undefined) transaction.message.receive(Buffer.from(mail, "latin1"));
    const logged: string[] = [];
    const situation = new Situation({
      stage,
      connection,
      transaction: BEFORE_MAIL.has(stage) ? undefined : transaction,
      log: (level, text) => logged.push(`${level}: ${text}`),
    });
    const value = await script.call("run", [], situation);
    const bytes = Buffer.from(transaction.message.bytes).toString("latin1");
    return { value, transaction, connection, site, logged, mail: bytes };
  }

  /** The value as plain data. */
  async value(code: string, around: Around = {}): Promise<unknown> {
    return toPlain((await this.run(code, around)).value);
  }

  /** The text of the error that the code ends with. */
  async error(code: string, around: Around = {}): Promise<string> {
    try {
      await this.run(code, around);
    } catch (error) {
      if (error instanceof ScriptProblems) return error.problems.map(({ message }) => message).join("\n");
      return (error as Error).message;
    }
    throw new Error(`there was no error: ${code}`);
  }

  remove(): void {
    for (const site of this.#sites) site.remove();
  }

  async #load(site: Site) {
    const config = await loadConfig(site.config);
    if (Array.isArray(config)) throw config[0];
    const plugins = Plugins.find({ directory: site.path("plugins"), shipped: [] });
    const [script] = await new Engine(ruleSurroundings(config, plugins, "run")).load([site.path("run.vsl")]);
    if (!script) throw new Error("no script");
    return script;
  }
}

function parts(address: string): { localPart: string; domain: string } {
  const at = address.lastIndexOf("@");
  return { localPart: address.slice(0, at), domain: address.slice(at + 1) };
}
