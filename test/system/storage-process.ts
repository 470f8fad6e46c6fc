/** Our storage in a process of its own, that works as the owner of the mails and may be killed at any moment. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { MailSession, MailUser } from "../../src/storage/index.ts";
import { owner } from "./dovecot.ts";

const program = fileURLToPath(new URL("storage-process.js", import.meta.url));

/** A mail's fields, and the bytes of those that are bytes as latin1. */
export type Fetched = Readonly<Record<string, unknown>>;

export interface SavedText {
  /** Its bytes as latin1. */
  readonly mail: string;
  readonly flags?: readonly string[];
  readonly keywords?: readonly string[];
  /** Seconds since 1970. */
  readonly received?: number;
}

interface Answer {
  readonly value?: unknown;
  readonly error?: { readonly message: string; readonly code?: string; readonly facts?: Record<string, unknown> };
  readonly log?: string;
}

/** What the storage answered with an error. */
export class Refused extends Error {
  readonly facts: Readonly<Record<string, unknown>>;

  constructor({ message, facts = {} }: NonNullable<Answer["error"]>) {
    super(message);
    this.facts = facts;
  }
}

type Simple = "createMailbox" | "deleteMailbox" | "renameMailbox" | "subscribeMailbox" | "status" | "search" | "flags";

export class StorageProcess {
  readonly #process: ChildProcess;
  readonly #exited: Promise<unknown>;
  #waiting: { resolve: (value: unknown) => void; reject: (error: Error) => void }[] = [];
  /** Lines of the storage's log. */
  readonly log: string[] = [];
  #stderr = "";

  private constructor(process: ChildProcess) {
    this.#process = process;
    process.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr += text;
    });
    // what is written to a process that was killed goes nowhere
    process.stdin?.on("error", () => {});
    if (process.stdout) createInterface(process.stdout).on("line", (line) => this.#take(JSON.parse(line) as Answer));
    this.#exited = once(process, "close").then(([code, signal]) => {
      for (const { reject } of this.#waiting.splice(0)) {
        reject(new Error(`the process ended with ${code ?? signal}: ${this.#stderr}`));
      }
    });
  }

  /** @param mount a shell command that mounts something, which this process alone sees */
  static async start(user: MailUser, mount?: string): Promise<StorageProcess> {
    const isRoot = owner.uid !== process.getuid?.();
    // without being root it has mounts of its own as the root of a namespace of users
    const as = mount === undefined || isRoot ? owner : { uid: 0, gid: 0 };
    const command = [process.execPath, program, JSON.stringify(user), JSON.stringify(as)];
    const shell = ["/bin/sh", "-c", `${mount} && exec "$@"`, "sh", ...command];
    const [file = "", ...args] = mount === undefined ? command : ["unshare", isRoot ? "-m" : "-rm", ...shell];
    const started = new StorageProcess(spawn(file, args, { stdio: ["pipe", "pipe", "pipe"] }));
    await started.#answer();
    return started;
  }

  /** Asks for a method of MailSession. */
  do<M extends Simple>(method: M, ...args: Parameters<MailSession[M]>): ReturnType<MailSession[M]> {
    return this.#ask(method, args) as ReturnType<MailSession[M]>;
  }

  mailboxes(options: Parameters<MailSession["mailboxes"]>[0] = {}): ReturnType<MailSession["mailboxes"]> {
    return this.#ask("mailboxes", [options]) as ReturnType<MailSession["mailboxes"]>;
  }

  /** How many mails there were. */
  change(method: "copy" | "move" | "expunge", ...args: readonly string[]): Promise<number> {
    return this.#ask(method, args) as Promise<number>;
  }

  save(mailbox: string, mail: SavedText): Promise<{ readonly uid: number; readonly uidValidity: number }> {
    return this.#ask("save", [mailbox, mail]) as Promise<{ uid: number; uidValidity: number }>;
  }

  deliver(
    name: string,
    mail: string,
    again = false,
  ): Promise<{ readonly uid: number | null; readonly file: string | null }> {
    return this.#ask("deliver", [{ name, mail, again }]) as Promise<{ uid: number | null; file: string | null }>;
  }

  saveFile(mailbox: string, path: string): Promise<{ readonly uid: number }> {
    return this.#ask("saveFile", [mailbox, path]) as Promise<{ uid: number }>;
  }

  /** SHA-256 of the bytes of mails. */
  digest(mailbox: string, query: string): Promise<string> {
    return this.#ask("digest", [mailbox, query]) as Promise<string>;
  }

  /** The most memory that it ever had, in KiB. */
  peak(): Promise<number> {
    return this.#ask("peak", []) as Promise<number>;
  }

  fetch(mailbox: string, query: string, fields: readonly string[]): Promise<Fetched[]> {
    return this.#ask("fetch", [mailbox, query, fields]) as Promise<Fetched[]>;
  }

  /** Lets it do what it was asked for. */
  async stop(): Promise<void> {
    this.#process.stdin?.end();
    await this.#exited;
  }

  async kill(): Promise<void> {
    this.#process.kill("SIGKILL");
    await this.#exited;
  }

  #ask(method: string, args: readonly unknown[]): Promise<unknown> {
    const answer = this.#answer();
    this.#process.stdin?.write(`${JSON.stringify({ method, arguments: args })}\n`);
    return answer;
  }

  #answer(): Promise<unknown> {
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  #take({ value, error, log }: Answer): void {
    if (log !== undefined) {
      this.log.push(log);
      return;
    }
    const waiting = this.#waiting.shift();
    if (error) waiting?.reject(new Refused(error));
    else waiting?.resolve(value);
  }
}
