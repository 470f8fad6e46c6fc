/**
 * The TypeScript face of the native storage core: mailboxes, and the plugins that take part in them, as plain data.
 *
 * No C pointer and no object of the core crosses this face, so that storage may move into a process of its own. The
 * core does its work on one thread: nothing here waits for a disk on the event loop.
 */

import { reasonOf, VsmtpError } from "../errors.ts";
import type { StoragePlugin } from "../plugin/index.ts";
import type { StorageEvent, StorageListener } from "./event.ts";
import { unavailable } from "./failure.ts";
import { forCore, type LoadedPlugins } from "./for-core.ts";
import type { Delivered, Delivery } from "./mail.ts";
import type { Ask, StorageAnswer, StorageQuestion } from "./question.ts";
import { MailSession } from "./session.ts";
import { disown, own, request } from "./thread.ts";
import type { MailUser } from "./user.ts";

export interface StorageOptions {
  /** Loaded, in the order of loading; they begin before the first operation. */
  readonly plugins: readonly StoragePlugin[];
  /** Why a plugin that is to take part does not: with any, every operation fails. */
  readonly problems?: readonly VsmtpError[] | undefined;
  /** Who is asked before mails and mailboxes change; undefined: nobody. */
  readonly ask?: Ask | undefined;
  /** Milliseconds that an answer may take, default 10 000; after them the operation fails for now. */
  readonly askDeadline?: number | undefined;
  /** Log lines of level debug too. */
  readonly debug?: boolean | undefined;
  /** What the core and plugins log on the storage thread. */
  readonly log: (line: StorageLogLine) => void;
}

export interface StorageLogLine {
  readonly level: "debug" | "info" | "warn" | "error";
  readonly text: string;
  /** The library that logged it, as the dynamic loader knows it. */
  readonly file: string;
}

/**
 * Opens the storage of this process; only one is open at a time. What goes wrong with its plugins is told by the
 * operations.
 * @throws VsmtpError NATIVE_NOT_LOADED or STORAGE_OPEN
 */
export function openStorage(options: StorageOptions): Storage {
  return new Storage(options);
}

const DEADLINE = 10_000;

export class Storage {
  readonly #plugins: LoadedPlugins;
  readonly #ask: Ask | undefined;
  /** Rejects with STORAGE_UNAVAILABLE. */
  readonly #begun: Promise<unknown>;
  readonly #listeners = new Set<StorageListener>();
  #closing: Promise<void> | undefined;

  constructor({ plugins, problems = [], ask, askDeadline: deadline = DEADLINE, debug = false, log }: StorageOptions) {
    this.#plugins = plugins.map(({ name, base }) => ({ name, base }));
    this.#ask = ask;
    const taken = own({
      answer: (question) => this.#answer(question),
      event: (event) => this.#tell(event),
      log: (file, level, text) => log({ file, level: levelOf(level), text }),
    });
    if (!taken) throw new VsmtpError("STORAGE_OPEN");
    const [problem] = problems;
    const settings = { plugins: plugins.map(placeOf), ask: ask !== undefined, deadline, debug };
    const begun = problem ? Promise.reject(problem) : request({ operation: "begin", ...settings });
    this.#begun = begun.catch(({ message, fix }: VsmtpError) => {
      throw unavailable(message, fix);
    });
    // Whoever wants something is told; nobody else need be.
    this.#begun.catch(() => {});
  }

  /**
   * Delivers a mail for a user that is made for it. Resolves once it is on stable storage.
   * @throws VsmtpError STORAGE_OPERATION or STORAGE_UNAVAILABLE. The mail is then not in the mailbox, or will be recognised
   * when the delivery is tried `again`.
   */
  async deliver(
    user: MailUser,
    { mailbox = "INBOX", name, parts, again, sender, flags }: Delivery,
  ): Promise<Delivered> {
    await this.#ready();
    const deed = { user: user.name, mailbox };
    const asked = { operation: "deliver", user: forCore(user, this.#plugins), mailbox, name, again, sender, flags };
    const { uid, file, ...rest } = (await request(asked, deed, parts)) as Delivered;
    return { ...rest, uid: uid ?? undefined, file: file ?? undefined };
  }

  /**
   * Makes a user for a series of operations; close it.
   * @throws VsmtpError STORAGE_OPERATION or STORAGE_UNAVAILABLE
   */
  async open(user: MailUser): Promise<MailSession> {
    await this.#ready();
    const made = forCore(user, this.#plugins);
    const number = (await request({ operation: "open", user: made }, { user: user.name })) as number;
    return new MailSession(number, user.name, made);
  }

  /** From now on the listener is told what happens in mailboxes of this process; returns how to stop. */
  subscribe(listener: StorageListener): () => void {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) this.#wantEvents(true);
    return () => {
      if (this.#listeners.delete(listener) && this.#listeners.size === 0) this.#wantEvents(false);
    };
  }

  /** Lets what is under way end, then ends all sessions and the plugins. Later operations fail. Never rejects. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** What waits for this is asked for before what comes later, the end included. */
  #ready(): Promise<unknown> {
    if (this.#closing) throw unavailable("the storage was closed", "Start the program again");
    return this.#begun;
  }

  async #close(): Promise<void> {
    await this.#begun.catch(() => {});
    await request({ operation: "end" });
    disown();
  }

  async #answer(question: StorageQuestion): Promise<StorageAnswer> {
    try {
      return (await this.#ask?.(question)) ?? { kind: "allow" };
    } catch (error) {
      return { kind: "tempfail", text: reasonOf(error) };
    }
  }

  #wantEvents(wanted: boolean): void {
    if (!this.#closing) void request({ operation: "events", wanted });
  }

  #tell(event: StorageEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

/** What the core has to know of a plugin. */
function placeOf({ path, base, init, deinit, preinit }: StoragePlugin): Readonly<Record<string, unknown>> {
  return { path, base, init, deinit, preinit };
}

function levelOf(level: number): StorageLogLine["level"] {
  if (level >= 50) return "error";
  if (level >= 40) return "warn";
  return level >= 30 ? "info" : "debug";
}
