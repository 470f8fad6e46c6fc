/**
 * One connection to a storage process, from its first byte to its last: many requests at a time, each answered by its
 * number, and the questions of the process about them.
 *
 * Mails that are sent and not answered lie in the memory of the process; there are never more of them than so many
 * bytes, or one. What comes after waits here, where the caller has it anyhow; but not for long when the process is held
 * up: it fails then, so that others who can be served are not kept waiting by those who cannot. Answers to questions
 * wait for nothing.
 */

import { connect, type Socket } from "node:net";
import { reasonOf } from "../errors.ts";
import { hostVersion } from "../plugin/index.ts";
import type { ChannelListener, ChannelReply, ChannelRequest, MailContent } from "./channel.ts";
import type { StorageEvent } from "./event.ts";
import { unavailable } from "./failure.ts";
import { FRAMES, type Frame, FrameReader, jsonOf, writeFrame } from "./frames.ts";
import { piecesOf, sizeOf } from "./pieces.ts";
import type { Ask, StorageAnswer, StorageQuestion } from "./question.ts";

export interface ConnectionOptions extends ChannelListener {
  readonly path: string;
  readonly ask: Ask | undefined;
  /** Milliseconds until the process has to have greeted, and that it may be silent while requests wait here. */
  readonly patience: number;
  /** The connection is of no use any more. */
  readonly ended: () => void;
}

interface Job {
  readonly text: Uint8Array;
  readonly mail: MailContent | undefined;
  readonly bytes: number;
  readonly resolve: (reply: ChannelReply) => void;
  readonly reject: (error: unknown) => void;
}

/** Requests that are sent and not answered: enough that the process never waits for the next. */
const MOST_SENT = 8;
/** Bytes of their mails. */
const WINDOW = 8 << 20;
const SILENT = "the process that has them is held up by something";
const HINT = "What waits in the spool is tried again; the log says more";

export class RemoteConnection {
  readonly #options: ConnectionOptions;
  readonly #socket: Socket;
  readonly #greeting: NodeJS.Timeout;
  readonly #watch: NodeJS.Timeout;
  readonly #waiting: Job[] = [];
  readonly #asked = new Map<number, Job>();
  #number = 0;
  /** Bytes of mails in #asked. */
  #bytes = 0;
  #sending = false;
  /** When the process was last heard of, on the clock of performance.now. */
  #heard = 0;
  #silent = false;
  #ended = false;
  /** Somebody waits for room, or for the last answer. */
  #answered: (() => void) | undefined;
  #reason = "the process that has them has ended";

  constructor(options: ConnectionOptions) {
    this.#options = options;
    const reader = new FrameReader(["hello", "result", "failure", "refusal", "question", "event"], (frame) =>
      this.#take(frame),
    );
    this.#socket = connect(options.path);
    this.#socket.on("data", (chunk) => {
      try {
        reader.push(chunk);
      } catch (error) {
        this.#break(`the process that has them sends what cannot be understood: ${reasonOf(error)}`);
      }
    });
    this.#socket.on("error", (error) => this.#break(reasonOf(error)));
    this.#socket.on("close", () => this.#break(this.#reason));
    this.#greeting = setTimeout(() => this.#break("the process that has them does not answer"), options.patience);
    this.#watch = setInterval(() => this.#listen(), Math.max(10, options.patience / 10)).unref();
    writeFrame(this.#socket, "hello", 0, { version: hostVersion(), asks: options.ask !== undefined });
  }

  /** Rejects with STORAGE_UNAVAILABLE; whether it was done is not known then. */
  request({ asked, mail, situation }: ChannelRequest): Promise<ChannelReply> {
    const text = Buffer.from(JSON.stringify({ asked, situation, mail: mail !== undefined }));
    return new Promise((resolve, reject) => {
      if (this.#ended) return reject(unavailable(this.#reason, HINT));
      if (this.#silent) return reject(unavailable(SILENT, HINT));
      if (text.length > FRAMES.request.most) return reject(unavailable("too much was asked for", "Ask for less"));
      this.#waiting.push({ text, mail, bytes: sizeOf(mail), resolve, reject });
      if (!this.#sending) void this.#send();
    });
  }

  wantEvents(wanted: boolean): void {
    if (!this.#ended) writeFrame(this.#socket, "events", 0, { wanted });
  }

  /** When all is answered. */
  async close(): Promise<void> {
    while (!this.#ended && (this.#asked.size > 0 || this.#waiting.length > 0)) await this.#nextAnswer();
    this.#break("the storage was closed");
  }

  /** In the order in which they were asked for. Never rejects. */
  async #send(): Promise<void> {
    this.#sending = true;
    for (let job = this.#waiting[0]; job !== undefined && !this.#ended; job = this.#waiting[0]) {
      if (!this.#hasRoom(job)) {
        await this.#nextAnswer();
        continue;
      }
      this.#waiting.shift();
      if (this.#asked.size === 0) this.#heard = performance.now();
      this.#number = (this.#number + 1) >>> 0;
      this.#asked.set(this.#number, job);
      this.#bytes += job.bytes;
      await this.#sendOne(this.#number, job).catch((error: unknown) => this.#break(reasonOf(error)));
    }
    this.#sending = false;
  }

  #hasRoom({ bytes }: Job): boolean {
    if (this.#asked.size >= MOST_SENT) return false;
    return this.#bytes === 0 || this.#bytes + bytes <= WINDOW;
  }

  /** What waits here was never sent: whoever brought it can do with it as he likes. */
  #listen(): void {
    if (this.#waiting.length === 0 || performance.now() - this.#heard < this.#options.patience) return;
    this.#silent = true;
    for (const job of this.#waiting.splice(0)) job.reject(unavailable(SILENT, HINT));
  }

  /** Small ones go out at once; the event loop gets its turn only when the socket is full, or a file is read. */
  async #sendOne(number: number, { text, mail }: Job): Promise<void> {
    const socket = this.#socket;
    socket.cork();
    try {
      writeFrame(socket, "request", number, text);
      if (mail === undefined) return;
      for await (const piece of piecesOf(mail)) {
        if (writeFrame(socket, "piece", number, piece)) continue;
        socket.uncork();
        await this.#drained();
        socket.cork();
        if (this.#ended) return;
      }
      writeFrame(socket, "piece", number);
    } finally {
      socket.uncork();
    }
  }

  #drained(): Promise<void> {
    if (this.#ended || !this.#socket.writableNeedDrain) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        this.#socket.off("drain", done).off("close", done);
        resolve();
      };
      this.#socket.on("drain", done).on("close", done);
    });
  }

  #nextAnswer(): Promise<void> {
    return new Promise((resolve) => {
      const before = this.#answered;
      this.#answered = () => {
        before?.();
        resolve();
      };
    });
  }

  #take(frame: Frame): void {
    const { name, number, body } = frame;
    this.#heard = performance.now();
    this.#silent = false;
    switch (name) {
      case "hello":
        return this.#greet(jsonOf(frame));
      case "result":
      case "failure":
        return this.#answer(number)?.resolve({ done: name === "result", bytes: body });
      case "refusal": {
        const { reason, hint } = jsonOf(frame);
        return this.#answer(number)?.reject(unavailable(String(reason), String(hint)));
      }
      case "question":
        return void this.#reply(number, jsonOf(frame) as unknown as StorageQuestion);
      default:
        return this.#options.event(jsonOf(frame) as unknown as StorageEvent);
    }
  }

  #greet({ version }: Readonly<Record<string, unknown>>): void {
    clearTimeout(this.#greeting);
    if (version !== hostVersion()) this.#break(`the process that has them is of another vSMTP, ${String(version)}`);
  }

  #answer(number: number): Job | undefined {
    const job = this.#asked.get(number);
    this.#asked.delete(number);
    this.#bytes -= job?.bytes ?? 0;
    this.#wake();
    return job;
  }

  async #reply(number: number, question: StorageQuestion): Promise<void> {
    const { ask } = this.#options;
    const failed = (error: unknown): StorageAnswer => ({ kind: "tempfail", text: reasonOf(error) });
    const said = ask === undefined ? ({ kind: "allow" } as const) : await ask(question).catch(failed);
    if (!this.#ended) writeFrame(this.#socket, "answer", number, shortened(said));
  }

  /** Once; later reasons are consequences of the first. */
  #break(reason: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#reason = reason;
    clearTimeout(this.#greeting);
    clearInterval(this.#watch);
    this.#socket.destroy();
    const error = unavailable(reason, HINT);
    for (const job of [...this.#asked.values(), ...this.#waiting.splice(0)]) job.reject(error);
    this.#asked.clear();
    this.#wake();
    this.#options.ended();
  }

  #wake(): void {
    const wake = this.#answered;
    this.#answered = undefined;
    wake?.();
  }
}

/** As JSON it fits into its frame, whatever characters it has. */
const MOST_TEXT = 8192;

function shortened(said: StorageAnswer): StorageAnswer {
  return said.kind === "allow" ? said : { ...said, text: said.text.slice(0, MOST_TEXT) };
}
