/**
 * One client of a process that does something for others, from its connection to its end: what it asks for, its
 * sessions, and the questions that its rules are to answer. When it goes, its sessions are closed; what it has asked for
 * is carried out.
 */

import type { Socket } from "node:net";
import { reasonOf, VsmtpError } from "../errors.ts";
import type { SituationFacts } from "../observe/index.ts";
import { hostVersion } from "../plugin/index.ts";
import { type Asked, type ChannelReply, type ChannelRequest, decodeReply, encodeReply } from "./channel.ts";
import type { StorageEvent } from "./event.ts";
import { unavailable } from "./failure.ts";
import { DamagedFrame, FRAMES, type Frame, FrameReader, jsonOf, writeFrame } from "./frames.ts";
import type { Ask, StorageAnswer, StorageQuestion } from "./question.ts";

export interface ClientSurroundings {
  /** What it may ask for. */
  readonly operations: ReadonlySet<string>;
  readonly carryOut: (request: ChannelRequest, ask: Ask) => Promise<ChannelReply>;
  /** It has greeted, or wants something else than before. */
  readonly changed: () => void;
  readonly carriedOut: (done: boolean) => void;
  /** Asks another client, when this one is gone. */
  readonly askAny: (question: StorageQuestion) => Promise<StorageAnswer>;
  /** With what was wrong with what it said, if anything was. */
  readonly left: (damage: string | undefined) => void;
}

/** A request whose mail is still coming. */
interface Incoming {
  readonly number: number;
  readonly asked: Asked;
  readonly situation: SituationFacts;
  readonly pieces: Uint8Array[];
}

/** Bytes that may wait for a client which does not read; it is cut off then. */
const MOST_UNREAD = 32 << 20;

export class RemoteClient {
  readonly #socket: Socket;
  readonly #around: ClientSurroundings;
  /** By their numbers, whose they are. */
  readonly #sessions = new Map<number, string | undefined>();
  /** Questions that it has not answered. */
  readonly #questions = new Map<number, (answer: StorageAnswer | undefined) => void>();
  #incoming: Incoming | undefined;
  #question = 0;
  #underWay = 0;
  #greeted = false;
  #finishing = false;
  #ended = false;
  /** Its rules want to be asked. */
  asks = false;
  wantsEvents = false;

  constructor(socket: Socket, around: ClientSurroundings) {
    this.#socket = socket;
    this.#around = around;
    const reader = new FrameReader(["hello", "request", "piece", "answer", "events"], (frame) => this.#take(frame));
    socket.on("data", (chunk) => {
      try {
        if (!this.#ended) reader.push(chunk);
      } catch (error) {
        if (!(error instanceof DamagedFrame)) throw error;
        this.end(error.message);
      }
    });
    // How it ended is told by `close`.
    socket.on("error", () => {});
    socket.on("close", () => this.#leave(undefined));
    this.#write("hello", 0, { version: hostVersion() });
  }

  /** Cuts it off. */
  end(damage?: string): void {
    this.#leave(damage);
  }

  /** Answers what it has asked for, and no more. */
  finish(): void {
    this.#finishing = true;
    this.#endWhenDone();
  }

  tell(event: StorageEvent): void {
    if (this.wantsEvents) this.#write("event", 0, event);
  }

  /** Its rules, or another client's when it is gone before it has answered. */
  async ask(question: StorageQuestion): Promise<StorageAnswer> {
    if (this.#ended) return this.#around.askAny(question);
    // Its rules have nothing to say of mailboxes.
    if (!this.asks) return { kind: "allow" };
    const said = await new Promise<StorageAnswer | undefined>((resolve) => {
      this.#question = (this.#question + 1) >>> 0;
      this.#questions.set(this.#question, resolve);
      this.#write("question", this.#question, question);
    });
    return said ?? this.#around.askAny(question);
  }

  #take(frame: Frame): void {
    const { name, number, body } = frame;
    if (!this.#greeted) return this.#greet(frame);
    switch (name) {
      case "request":
        return this.#takeRequest(number, jsonOf(frame));
      case "piece":
        return this.#takePiece(number, body);
      case "answer":
        return this.#takeAnswer(number, jsonOf(frame));
      case "events":
        this.wantsEvents = jsonOf(frame).wanted === true;
        return this.#around.changed();
      default:
        throw new DamagedFrame(`a second ${name}`);
    }
  }

  #greet(frame: Frame): void {
    if (frame.name !== "hello") throw new DamagedFrame(`a frame ${frame.name} without a greeting`);
    const { version, asks } = jsonOf(frame);
    if (version !== hostVersion()) throw new DamagedFrame(`it is of another vSMTP, ${String(version)}`);
    this.#greeted = true;
    this.asks = asks === true;
    this.#around.changed();
  }

  #takeRequest(number: number, { asked, situation, mail }: Readonly<Record<string, unknown>>): void {
    if (this.#incoming !== undefined) throw new DamagedFrame("a request amid a mail");
    if (!isAsked(asked) || !this.#around.operations.has(asked.operation))
      throw new DamagedFrame("a request that nobody can carry out");
    const incoming = { number, asked, situation: situationOf(situation), pieces: [] };
    if (mail === true) this.#incoming = incoming;
    else void this.#run(incoming, false);
  }

  #takePiece(number: number, body: Buffer): void {
    const incoming = this.#incoming;
    if (incoming?.number !== number) throw new DamagedFrame("a piece of no mail");
    if (body.length > 0) return void incoming.pieces.push(body);
    this.#incoming = undefined;
    void this.#run(incoming, true);
  }

  #takeAnswer(number: number, { kind, text }: Readonly<Record<string, unknown>>): void {
    const answered = this.#questions.get(number);
    this.#questions.delete(number);
    if (kind === "allow") return answered?.({ kind });
    if (typeof text !== "string" || (kind !== "refuse" && kind !== "tempfail")) {
      throw new DamagedFrame("an answer that says nothing");
    }
    answered?.({ kind, text });
  }

  /** Never rejects. */
  async #run(request: Incoming, mail: boolean): Promise<void> {
    this.#underWay += 1;
    await this.#carryOut(request, mail);
    this.#underWay -= 1;
    this.#endWhenDone();
  }

  /** What was answered goes out first. */
  #endWhenDone(): void {
    if (this.#finishing && this.#underWay === 0) this.#socket.end(() => this.#leave(undefined));
  }

  async #carryOut({ number, asked, situation, pieces }: Incoming, mail: boolean): Promise<void> {
    try {
      if (this.#finishing) throw unavailable("the storage process ends", "Try again");
      const reply = this.#isOwn(asked)
        ? await this.#around.carryOut({ asked, situation, mail: mail ? pieces : undefined }, (question) =>
            this.ask(question),
          )
        : NO_SESSION;
      this.#follow(asked, reply);
      this.#around.carriedOut(reply.done);
      this.#answer(number, reply);
    } catch (error) {
      this.#around.carriedOut(false);
      const { reason, hint } = error instanceof VsmtpError ? error.facts : {};
      this.#write("refusal", number, { reason: reason ?? reasonOf(error), hint: hint ?? "See the log" });
    }
  }

  /** Sessions of others are none. */
  #isOwn({ session }: Asked): boolean {
    return session === undefined || this.#sessions.has(session);
  }

  /** What becomes of its sessions by a request. One that it opened and cannot use any more is closed again. */
  #follow({ operation, session, user }: Asked, { done, bytes }: ChannelReply): void {
    if (!done) return;
    if (operation === "close") this.#sessions.delete(session as number);
    if (operation !== "open") return;
    const opened = decodeReply(bytes) as number;
    if (this.#ended) this.#close(opened, user?.name);
    else this.#sessions.set(opened, user?.name);
  }

  #close(session: number, user: string | undefined): void {
    const request = { asked: { operation: "close", session }, situation: { user } };
    const over = this.#around.carryOut(request, (question) => this.ask(question));
    // When the storage is closed, all sessions are.
    over.catch(() => {});
  }

  #answer(number: number, { done, bytes }: ChannelReply): void {
    const name = done ? "result" : "failure";
    if (bytes.length <= FRAMES[name].most) return this.#write(name, number, bytes);
    this.#write("refusal", number, { reason: "there is too much to answer", hint: "Ask for less at a time" });
  }

  #write(name: Frame["name"], number: number, body: object): void {
    if (this.#ended) return;
    // Before, not after: one answer alone may be larger.
    if (this.#socket.writableLength > MOST_UNREAD) return this.end("it does not read what it is told");
    writeFrame(this.#socket, name, number, body);
  }

  #leave(damage: string | undefined): void {
    if (this.#ended) return;
    this.#ended = true;
    this.wantsEvents = false;
    this.#socket.destroy();
    this.#incoming = undefined;
    for (const [session, user] of this.#sessions) this.#close(session, user);
    for (const answered of this.#questions.values()) answered(undefined);
    this.#questions.clear();
    this.#around.left(damage);
  }
}

const GONE = "The session is closed";
const NO_SESSION = encodeReply(false, { error: "PARAMS", text: GONE, internal: GONE, mailbox: null });

function isAsked(asked: unknown): asked is Asked {
  if (!isMap(asked) || typeof asked.operation !== "string") return false;
  const { session, user } = asked;
  if (user !== undefined && (!isMap(user) || typeof user.name !== "string")) return false;
  return session === undefined || Number.isSafeInteger(session);
}

function situationOf(value: unknown): SituationFacts {
  if (!isMap(value)) return {};
  return Object.fromEntries(Object.entries(value).filter(([, fact]) => typeof fact === "string"));
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
