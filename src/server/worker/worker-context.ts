/** What a process of the host is given when it starts, and what it has to be able to do; each role has its module. */

import type { Config } from "../../config/index.ts";
import type { Log } from "../../observe/index.ts";
import type { Plugins } from "../../plugin/index.ts";
import type { Claim } from "../../queue/index.ts";
import type { Assignment, FromWorker, HostFigures, ProcessFigures } from "../messages.ts";
import type { IsolatedPlugins } from "./isolated-plugins.ts";

export interface WorkerContext {
  readonly assignment: Assignment;
  readonly config: Config;
  readonly log: Log;
  /** Those that the generation holds, judged; none is loaded. */
  readonly plugins: Plugins;
  /** Of an smtp process: plugins that are in processes of their own. */
  readonly isolated: IsolatedPlugins | undefined;
  send(message: FromWorker): void;
  /** Asks the supervisor. Undefined: it does not answer in time. */
  ask(what: "figures"): Promise<HostFigures | undefined>;
}

export interface Worker {
  /** Everybody of the generation is ready: clients may come. */
  serve(): void | Promise<void>;
  /**
   * Takes nothing new and ends what is under way: clients have `patience` milliseconds to end their sessions as they
   * like, and the rest has graces of its own. The process exits when it resolves. Called again with less: hurries.
   */
  retire(patience: number): Promise<void>;
  figures(): Pick<ProcessFigures, "smtp" | "storage">;
  /** Goes on with entries of the spool that another process had to leave. */
  adopt?(claims: readonly Claim[]): void;
  /** Mails with these fingerprints are held from now on. */
  hold?(fingerprints: readonly string[]): void;
  /** Held mails with these fingerprints go their way again. */
  free?(fingerprints: readonly string[]): void;
  /** The plugin is out of service from now on. */
  quarantine?(plugin: string, reason: string): void;
}

/** Loads everything that the role needs. Throws a VsmtpError (ScriptProblems: several) that ends the process. */
export type StartWorker = (context: WorkerContext) => Promise<Worker>;
