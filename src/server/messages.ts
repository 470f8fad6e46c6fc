/**
 * What the supervisor and its processes tell each other, over the channel that they are started with. Plain data;
 * mails never go this way.
 */

import type { Config } from "../config/index.ts";
import type { Privileges } from "../native/index.ts";
import type { CrashRecord } from "../observe/index.ts";
import type { HeldPlugin, PluginFigures, ServiceState } from "../plugin/index.ts";
import type { Claim } from "../queue/index.ts";

/** One process of a generation: what it is for, and which of its kind it is, counted from 1. */
export type Role =
  | { readonly kind: "smtp"; readonly number: number }
  | { readonly kind: "storage"; readonly number: number }
  /** Deliveries into mbox files of the system's users; keeps its rights and loads no plugin. */
  | { readonly kind: "mbox" }
  | { readonly kind: "isolated"; readonly plugin: string };

/** A failure, as it crosses processes: what VsmtpError.toJSON() gives, with facts and place (see problems.ts). */
export type Problem = Readonly<Record<string, unknown>>;

/** The first message. Descriptors are numbers in the new process. */
export interface Assignment {
  readonly kind: "start";
  readonly role: Role;
  readonly supervisor: number;
  /** As it was read when the generation was made. */
  readonly config: Config;
  readonly stdout: boolean;
  /** The user and groups that the process is to have; undefined: it stays as it is. */
  readonly privileges: Privileges | undefined;
  /** Texts of the rule scripts as they were when the generation was made; by path. */
  readonly scripts: ReadonlyMap<string, string>;
  readonly plugins: readonly HeldPlugin[];
  /** Plugins that are out of service, by name, and why. */
  readonly quarantined: ReadonlyMap<string, string>;
  /** Fingerprints of mails that are to be held. */
  readonly heldMails: readonly string[];
  readonly marker: number;
  /** For clients: `127.0.0.1:25` or `unix:/path`, each with its descriptor. */
  readonly listeners: readonly {
    readonly name: string;
    readonly descriptor: number;
    readonly protocol: "smtp" | "lmtp";
  }[];
  /** The socket on which this process serves others of the host (storage, mbox, isolated). */
  readonly service: number | undefined;
  readonly metrics: number | undefined;
  /** The supervisor has root's rights, so that storage processes can give files to their owners. */
  readonly root: boolean;
  /** Of an smtp process: the sockets of its generation's storage processes, by their number. */
  readonly storage: readonly string[];
  /** And that of the mbox process; undefined: mbox files are written by the smtp processes themselves. */
  readonly mbox: string | undefined;
  /** Of an smtp process: the memory in which all count their clients, and its place there; see client-counts.ts. */
  readonly clients: { readonly descriptor: number; readonly place: number } | undefined;
  /** Of an smtp process: the names of its spool entries begin after this time, in microseconds since 1970. */
  readonly namesAfter: number;
}

export type ToWorker =
  | Assignment
  /** Ready was heard, from all of the generation: now serve clients. */
  | { readonly kind: "serve" }
  /** Go on with these entries of the spool, which another process had to leave. */
  | { readonly kind: "adopt"; readonly claims: readonly Claim[] }
  /**
   * Take no new clients, end the sessions and mails under way, and leave. Clients have so many milliseconds to end their
   * sessions as they like; then they are told to go. Once more with less: hurry.
   */
  | { readonly kind: "retire"; readonly patience: number }
  | { readonly kind: "reopen-logs" }
  | { readonly kind: "quarantine"; readonly plugin: string; readonly reason: string }
  | { readonly kind: "hold"; readonly fingerprints: readonly string[] }
  /** Put these held mails back into the spool. */
  | { readonly kind: "free"; readonly fingerprints: readonly string[] }
  | { readonly kind: "report"; readonly number: number }
  /** The answer to an `ask` of this process. */
  | { readonly kind: "answer"; readonly number: number; readonly value: unknown };

export type FromWorker =
  /** Everything is loaded. */
  | { readonly kind: "ready"; readonly plugins: readonly ServiceState[] }
  /** It cannot start. */
  | { readonly kind: "failed"; readonly problems: readonly Problem[] }
  /** A call of a plugin did not come back in time. */
  | { readonly kind: "lost"; readonly plugin: string; readonly function: string }
  /** Objects of an isolated plugin that died are gone: this process wants to be replaced by a fresh one. */
  | { readonly kind: "renew"; readonly reason: string }
  /** It was told to retire, and takes no new clients any more. */
  | { readonly kind: "closed" }
  /** It ends itself now, because something in it hangs. */
  | { readonly kind: "hung"; readonly what: string }
  | { readonly kind: "reported"; readonly number: number; readonly figures: ProcessFigures }
  /** Asks the supervisor for something: `figures` of all processes. */
  | { readonly kind: "ask"; readonly number: number; readonly what: "figures" };

/** What a process knows of its work, for `vsmtp plugin list`, `handles` and the metrics. */
export interface ProcessFigures {
  readonly role: Role;
  readonly pid: number;
  readonly plugins: readonly PluginFigures[];
  /** Of an smtp process. */
  readonly smtp?: { readonly connections: number; readonly accepted: number; readonly waiting: number } | undefined;
  /** Of a storage process. */
  readonly storage?: { readonly operations: number; readonly failures: number } | undefined;
}

/** What all processes together are, as the control socket and the metrics give it. */
export interface HostFigures {
  readonly version: string;
  readonly generation: number;
  /** ISO 8601, of the last successful start or reload. */
  readonly since: string;
  readonly processes: readonly ProcessFigures[];
  readonly plugins: readonly ServiceState[];
  readonly crashes: readonly CrashRecord[];
  /** How often a process of each kind was replaced after it ended by itself. */
  readonly restarts: Readonly<Record<string, number>>;
  /** What processes that have ended had done, as far as they had told it. */
  readonly ended: EndedFigures;
  /** How often a process ended in code of a plugin since the host began, by plugin; "": it is not known whose. */
  readonly crashCounts: Readonly<Record<string, number>>;
  /** How often the event loop was held, by plugin. */
  readonly stalls: Readonly<Record<string, number>>;
  /** Fingerprints of mails that are held. */
  readonly heldMails: number;
}

/** What `release` on the control socket answers. */
export interface Released {
  /** The plugin was quarantined, and is not any more. */
  readonly plugin: boolean;
  /** How many mails are held no longer, by their fingerprints. */
  readonly mails: number;
  /** How many are still held because of the plugin. */
  readonly held: number;
}

export interface EndedFigures {
  readonly plugins: readonly PluginFigures[];
  readonly accepted: number;
  readonly operations: number;
  readonly failures: number;
}
