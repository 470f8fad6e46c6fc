/**
 * One connection of a worker to the process of an isolated plugin, from its greeting to its end.
 *
 * The other end is not trusted: it may crash, hang, or have been damaged so that it sends anything. What does not make
 * sense ends the connection, and with it every call that waits for an answer. Calls that were not sent yet, because
 * there was no greeting or because enough is under way, are given back instead. Reconnecting is client.ts's part.
 */

import type { Socket } from "node:net";
import type { CallRequest, CallResult } from "../../native/index.ts";
import { Splitter } from "./frames.ts";
import {
  type AnswerMessage,
  type CallMessage,
  decodeReply,
  encodeAbandon,
  encodeCall,
  encodeDestroy,
  type Greeting,
  MAX_ANSWER,
  MAX_REQUEST,
  resultOf,
  sizeOf,
} from "./messages.ts";
import { Outbox } from "./outbox.ts";

/** How much may be sent without an answer; one call alone may be larger. */
const MAX_CALLS_UNDER_WAY = 256;
const MAX_BYTES_UNDER_WAY = 32 * 1024 * 1024;

/** A call that waits: to be sent, then for its answer. */
export interface WaitingCall {
  readonly message: Omit<CallMessage, "number">;
  readonly result: CallRequest["result"];
  /** Whether an object that it returns is kept beyond what the host does for one mail. */
  readonly lasting: boolean;
  /** The answer; a pointer in it is the number of an object of this link. */
  resolve(result: CallResult): void;
  /** @param reason a clause, why there will be no answer */
  fail(reason: string): void;
}

interface SentCall {
  readonly call: WaitingCall;
  readonly bytes: number;
}

export interface LinkEvents {
  /** Once, before any answer. Returns what is wrong with it, a clause; undefined: nothing. */
  readonly onGreeting: (greeting: Greeting) => string | undefined;
  /** Once, when nothing can be sent any more. */
  readonly onEnd: (end: LinkEnd) => void;
}

export interface LinkEnd {
  /** A clause. */
  readonly reason: string;
  /** Whether somebody else may be at the other end next time: somebody was there, and was not sent away by us. */
  readonly tryAgain: boolean;
  /** Calls that were not even begun. */
  readonly unsent: readonly WaitingCall[];
}

export class Link {
  readonly #socket: Socket;
  readonly #events: LinkEvents;
  readonly #outbox: Outbox;
  readonly #splitter = new Splitter(MAX_ANSWER);
  readonly #sent = new Map<number, SentCall>();
  /** Calls that nobody waits for any more, and that may still be answered. */
  readonly #abandoned = new Map<number, CallRequest["result"]>();
  /** Objects that we hold, and whether they are lasting. */
  readonly #objects = new Map<bigint, boolean>();
  #queue: WaitingCall[] = [];
  #bytes = 0;
  #last = 0;
  #connected = false;
  #greeted = false;
  #sentAway = false;
  #holds = false;
  #reason: string | undefined;

  /** @param socket connected, or about to be */
  constructor(socket: Socket, events: LinkEvents) {
    this.#socket = socket;
    this.#outbox = new Outbox(socket);
    this.#events = events;
    socket.on("connect", () => {
      this.#connected = true;
    });
    socket.on("data", (chunk: Buffer) => this.#take(chunk));
    socket.on("drain", () => this.#flush());
    socket.on("error", (error: NodeJS.ErrnoException) => {
      this.#reason ??= this.#connected ? "its process ended" : `it cannot be reached (${error.code ?? error.message})`;
    });
    socket.on("close", () => this.#ended());
    socket.unref();
  }

  /** Whether it holds objects that were to be kept. */
  get holdsLasting(): boolean {
    return [...this.#objects.values()].includes(true);
  }

  send(call: WaitingCall): void {
    this.#queue.push(call);
    this.#hold();
    this.#flush();
  }

  /** Takes back what was not sent yet. */
  withdraw(): readonly WaitingCall[] {
    const unsent = this.#queue;
    this.#queue = [];
    this.#hold();
    return unsent;
  }

  /** As {@link PendingCall.abandon}. */
  abandon(call: WaitingCall): "waiting" | "running" | "over" {
    const at = this.#queue.indexOf(call);
    if (at !== -1) {
      this.#queue.splice(at, 1);
      this.#hold();
      return "waiting";
    }
    for (const [number, sent] of this.#sent) {
      if (sent.call !== call) continue;
      this.#forget(number, sent);
      this.#abandoned.set(number, call.result);
      this.#outbox.send(encodeAbandon(number));
      this.#flush();
      return "running";
    }
    return "over";
  }

  destroy(object: bigint): void {
    if (!this.#objects.delete(object) || !this.#greeted) return;
    this.#outbox.send(encodeDestroy(Number(object)));
  }

  /** Ends it, as if the other end had gone. @param reason a clause */
  end(reason: string): void {
    this.#reason ??= reason;
    this.#sentAway = true;
    this.#socket.destroy();
  }

  #flush(): void {
    while (this.#greeted && this.#queue.length > 0 && this.#hasRoom()) this.#start(this.#queue.shift() as WaitingCall);
  }

  #hasRoom(): boolean {
    if (this.#sent.size >= MAX_CALLS_UNDER_WAY || this.#bytes >= MAX_BYTES_UNDER_WAY) return false;
    // what was given up may still wait to be taken
    return this.#outbox.waiting < MAX_BYTES_UNDER_WAY && !this.#socket.destroyed;
  }

  #start(call: WaitingCall): void {
    const number = this.#nextNumber();
    const frame = encodeCall({ ...call.message, number });
    const bytes = sizeOf(frame);
    if (bytes > MAX_REQUEST) {
      this.#hold();
      return call.fail("the mail is too large to be handed to another process");
    }
    this.#sent.set(number, { call, bytes });
    this.#bytes += bytes;
    this.#outbox.send(frame);
  }

  #nextNumber(): number {
    do this.#last = (this.#last + 1) >>> 0;
    while (this.#sent.has(this.#last) || this.#abandoned.has(this.#last));
    return this.#last;
  }

  #take(chunk: Buffer): void {
    const frames = this.#splitter.push(chunk);
    if (frames === undefined) return this.end("it sent what is no message");
    for (const frame of frames) {
      if (this.#socket.destroyed) return;
      const message = decodeReply(frame);
      if (message === undefined) return this.end("it sent what is no message");
      if (message.kind === "answer") this.#answered(message);
      else this.#greet(message);
    }
    this.#flush();
  }

  #greet(greeting: Greeting): void {
    if (this.#greeted) return this.end("it greeted twice");
    this.#greeted = true;
    const wrong = this.#events.onGreeting(greeting);
    if (wrong !== undefined) this.end(wrong);
  }

  #answered(answer: AnswerMessage): void {
    const { number } = answer;
    const sent = this.#sent.get(number);
    const kind = sent?.call.result ?? this.#abandoned.get(number);
    if (kind === undefined) return this.end("it answered a call that was not made");
    const result = resultOf(kind, answer);
    if (sent) this.#forget(number, sent);
    this.#abandoned.delete(number);
    if (kind === "pointer" && typeof result.value === "bigint" && result.value !== 0n) {
      const object = result.value;
      if (object < 0n || object >= 2n ** 32n) return this.end("it answered with an object that cannot be");
      this.#objects.set(object, sent?.call.lasting ?? false);
      if (!sent) this.destroy(object);
    }
    sent?.call.resolve(result);
  }

  #forget(number: number, { bytes }: SentCall): void {
    this.#sent.delete(number);
    this.#bytes -= bytes;
    this.#hold();
  }

  /** Only what somebody waits for keeps the process alive. */
  #hold(): void {
    const holds = this.#sent.size + this.#queue.length > 0;
    if (holds === this.#holds) return;
    this.#holds = holds;
    if (holds) this.#socket.ref();
    else this.#socket.unref();
  }

  #ended(): void {
    const reason = this.#reason ?? "its process ended";
    const sent = [...this.#sent.values()];
    this.#sent.clear();
    for (const { call } of sent) call.fail(reason);
    this.#events.onEnd({ reason, tryAgain: this.#connected && !this.#sentAway, unsent: this.withdraw() });
  }
}
