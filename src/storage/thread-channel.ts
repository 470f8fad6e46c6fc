/**
 * The channel to the storage thread of this process: begins and ends the plugins, hands over requests one after the
 * other, and knows at any time for whom the thread works.
 *
 * That is noted in the marker, where a record of a crash finds it, and tells whose a question or a log line is. Where
 * there is a deadline, a thread that works on one request for longer than that is told of: nothing else can be done
 * with it, since a function that does not return cannot be stopped.
 */

import { reasonOf, VsmtpError } from "../errors.ts";
import { marker, type SituationFacts } from "../observe/index.ts";
import type { StoragePlugin } from "../plugin/index.ts";
import {
  type Channel,
  type ChannelListener,
  type ChannelReply,
  type ChannelRequest,
  decodeReply,
  type MailContent,
} from "./channel.ts";
import { type Failure, unavailable } from "./failure.ts";
import { forCore, type LoadedPlugins } from "./for-core.ts";
import type { Ask, StorageAnswer, StorageQuestion } from "./question.ts";
import { disown, own, submit } from "./thread.ts";

export interface ThreadOptions {
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
  /** Milliseconds that the thread may work on one request; undefined: as long as it takes. */
  readonly deadline?: number | undefined;
  /** Once, when it has worked for longer: for whom, and on what. */
  readonly onHung?: ((situation: SituationFacts) => void) | undefined;
}

export interface StorageLogLine {
  readonly level: "debug" | "info" | "warn" | "error";
  readonly text: string;
  /** The library that logged it, as the dynamic loader knows it. */
  readonly file: string;
  /** For whom the thread works; undefined: nobody in particular. */
  readonly situation: SituationFacts | undefined;
}

/** A request that the thread has. */
interface Work {
  readonly situation: number;
  readonly facts: SituationFacts;
  readonly ask: Ask | undefined;
}

/** A request that the thread is to get. */
interface Job {
  readonly asked: Readonly<Record<string, unknown>>;
  readonly mail?: MailContent | undefined;
  readonly facts: SituationFacts;
  readonly ask?: Ask | undefined;
  readonly settle: (reply: Promise<ChannelReply>) => void;
}

/** Milliseconds for an answer, unless it is said. */
const ASK_DEADLINE = 10_000;
/** Requests that the thread has at a time: enough that it never waits for the event loop. Others wait here. */
const MOST_SUBMITTED = 32;

export class ThreadChannel implements Channel {
  readonly #options: ThreadOptions & ChannelListener;
  readonly #plugins: LoadedPlugins;
  /** Rejects with STORAGE_UNAVAILABLE. */
  readonly #begun: Promise<unknown>;
  /** What the thread has, in its order. */
  readonly #works: Work[] = [];
  readonly #waiting: Job[] = [];
  readonly #watch: NodeJS.Timeout | undefined;
  /** When the thread was last seen to begin something, on the clock of performance.now. */
  #since = 0;
  #refusal: VsmtpError | undefined;
  #closing: Promise<void> | undefined;

  /** @throws VsmtpError NATIVE_NOT_LOADED or STORAGE_OPEN */
  constructor(options: ThreadOptions & ChannelListener) {
    const { plugins, problems = [], ask, askDeadline: deadline = ASK_DEADLINE, debug = false, log, event } = options;
    this.#options = options;
    this.#plugins = plugins.map(({ name, base }) => ({ name, base }));
    const taken = own({
      answer: (question, situation) => this.#answer(question, this.#workOf(situation)?.ask ?? ask),
      event,
      log: (file, level, text, situation) =>
        log({ file, level: levelOf(level), text, situation: this.#workOf(situation)?.facts }),
    });
    if (!taken) throw new VsmtpError("STORAGE_OPEN");
    const [problem] = problems;
    const settings = { plugins: plugins.map(placeOf), ask: ask !== undefined, deadline, debug };
    this.#begun = problem ? Promise.reject(unavailable(problem.message, problem.fix)) : this.#begin(settings);
    // Whoever wants something is told; nobody else need be.
    this.#begun.catch(() => {});
    this.#watch = this.#watched(options.deadline);
  }

  /** @param ask who is asked while this is carried out; undefined: whom the options name */
  async request({ asked, mail, situation }: ChannelRequest, ask?: Ask): Promise<ChannelReply> {
    await this.#ready();
    const { user, ...rest } = asked;
    const made = user === undefined ? rest : { ...rest, user: forCore(user, this.#plugins) };
    return this.#carryOut(made, { mail, facts: { stage: asked.operation, user: user?.name, ...situation }, ask });
  }

  /** Resolves when the plugins have begun; with why every request fails, if it does. */
  async ready(): Promise<VsmtpError | undefined> {
    return this.#ready().then(
      () => undefined,
      (error: VsmtpError) => error,
    );
  }

  /** Whether the thread has to ask before it changes something. It does unless it is said. */
  wantQuestions(wanted: boolean): void {
    if (!this.#closing) void this.#carryOut({ operation: "questions", wanted });
  }

  wantEvents(wanted: boolean): void {
    if (!this.#closing) void this.#carryOut({ operation: "events", wanted });
  }

  /** From now on every request fails for this reason; what is under way goes on. */
  refuse(reason: VsmtpError): void {
    this.#refusal = unavailable(reason.message, reason.fix);
  }

  /** Lets what is under way end, then ends all sessions and the plugins. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #begin(settings: Readonly<Record<string, unknown>>): Promise<void> {
    const { done, bytes } = await this.#carryOut({ operation: "begin", ...settings });
    if (done) return;
    const { text, internal } = decodeReply(bytes) as Failure;
    throw unavailable(internal ?? text ?? "plugins cannot begin", "See what the log says of them");
  }

  /** What waits for this is asked for before what comes later, the end included. */
  async #ready(): Promise<void> {
    if (this.#closing) throw unavailable("the storage was closed", "Start the program again");
    await this.#begun;
    if (this.#refusal) throw this.#refusal;
  }

  async #close(): Promise<void> {
    await this.#begun.catch(() => {});
    await this.#carryOut({ operation: "end" });
    clearInterval(this.#watch);
    disown();
  }

  #carryOut(asked: Job["asked"] & { readonly operation: string }, more: Partial<Job> = {}): Promise<ChannelReply> {
    return new Promise((settle) => {
      this.#waiting.push({ asked, facts: { stage: asked.operation }, ...more, settle });
      this.#advance();
    });
  }

  #advance(): void {
    while (this.#works.length < MOST_SUBMITTED) {
      const job = this.#waiting.shift();
      if (job === undefined) return;
      job.settle(this.#submit(job));
    }
  }

  async #submit({ asked, mail, facts, ask }: Job): Promise<ChannelReply> {
    const work = { situation: marker().begin(facts), facts, ask };
    if (this.#works.push(work) === 1) this.#since = performance.now();
    try {
      return await submit(asked, mail, work.situation);
    } finally {
      this.#works.splice(this.#works.indexOf(work), 1);
      this.#since = performance.now();
      marker().end(work.situation);
      this.#advance();
    }
  }

  #workOf(situation: number): Work | undefined {
    return situation === 0 ? undefined : this.#works.find((work) => work.situation === situation);
  }

  async #answer(question: StorageQuestion, ask: Ask | undefined): Promise<StorageAnswer> {
    // The thread has to wait for the rules, which have a deadline of their own.
    this.#since = performance.now() + (this.#options.askDeadline ?? ASK_DEADLINE);
    try {
      return (await ask?.(question)) ?? { kind: "allow" };
    } catch (error) {
      return { kind: "tempfail", text: reasonOf(error) };
    } finally {
      this.#since = performance.now();
    }
  }

  #watched(deadline: number | undefined): NodeJS.Timeout | undefined {
    if (deadline === undefined) return undefined;
    const look = () => {
      const [head] = this.#works;
      if (head === undefined || performance.now() - this.#since < deadline) return;
      clearInterval(timer);
      this.#options.onHung?.(head.facts);
    };
    const timer = setInterval(look, Math.min(1000, Math.max(10, deadline / 10)));
    return timer.unref();
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
