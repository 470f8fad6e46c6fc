/** One connection of a worker, in the process of an isolated plugin. */

import type { Socket } from "node:net";
import { reasonOf } from "../../errors.ts";
import type { CallRequest, CallResult, PendingCall } from "../../native/index.ts";
import { decodeSituation, marker } from "../../observe/index.ts";
import { Splitter } from "./frames.ts";
import {
  type CallMessage,
  decodeRequest,
  encodeAnswer,
  encodeGreeting,
  type Frame,
  MAX_ANSWER,
  MAX_REQUEST,
} from "./messages.ts";
import { type HeldObject, HeldObjects, using } from "./objects.ts";
import { Outbox } from "./outbox.ts";
import { requestOf } from "./request.ts";
import type { Served, ServedFunction } from "./server.ts";

/** No worker of ours has as many calls under way. */
const MAX_CALLS = 4096;

/** Milliseconds that calls have to come back whose worker is gone. */
const ORPHANS = 60_000;

/** A call that was asked for and not answered. */
class Running {
  /** Undefined: it waits for its turn. */
  pending: PendingCall | undefined;
  /** In the marker. */
  situation = 0;
  /** Its objects are free again. */
  over: () => void = () => undefined;
}

export class Peer {
  readonly #socket: Socket;
  readonly #served: Served;
  readonly #outbox: Outbox;
  readonly #splitter = new Splitter(MAX_REQUEST);
  readonly #objects = new HeldObjects();
  readonly #running = new Map<number, Running>();

  constructor(socket: Socket, served: Served, onEnd: () => void) {
    this.#socket = socket;
    this.#outbox = new Outbox(socket);
    this.#served = served;
    socket.on("data", (chunk: Buffer) => this.#take(chunk));
    // "close" follows, and that is all there is to do
    socket.on("error", () => undefined);
    socket.on("close", () => {
      this.#objects.releaseAll();
      this.#leaveOrphans();
      onEnd();
    });
    this.#outbox.send(encodeGreeting(served));
  }

  close(): void {
    this.#socket.destroy();
  }

  /** Calls that are under way go on, and their answers go nowhere. Nobody is left who would give up one that hangs. */
  #leaveOrphans(): void {
    if (this.#running.size === 0) return;
    const giveUp = (): void => {
      for (const number of [...this.#running.keys()]) this.#abandon(number);
    };
    setTimeout(giveUp, ORPHANS).unref();
  }

  #take(chunk: Buffer): void {
    const frames = this.#splitter.push(chunk);
    if (frames === undefined) return this.#damaged("a frame has an impossible size");
    for (const frame of frames) {
      const problem = this.#handle(frame);
      if (problem !== undefined) return this.#damaged(problem);
    }
  }

  #damaged(reason: string): void {
    this.#served.onDamage(reason);
    this.#socket.destroy();
  }

  /** Returns what is wrong with a frame, a clause. */
  #handle(frame: Buffer): string | undefined {
    const message = decodeRequest(frame);
    switch (message?.kind) {
      case "call":
        return this.#call(message);
      case "abandon":
        this.#abandon(message.number);
        return undefined;
      case "destroy":
        return this.#objects.release(message.object) ? undefined : "it ends an object that is none of its own";
      default:
        return "a frame is no message";
    }
  }

  #call(message: CallMessage): string | undefined {
    const { number } = message;
    if (this.#running.has(number) || this.#running.size === MAX_CALLS) return "it makes a call twice, or too many";
    const fn = this.#served.functions[message.function];
    if (!fn) return "it calls a function that is not there";
    const objects = this.#objectsOf(message, fn);
    if (!objects) return "it uses an object that is none of its own";
    const request = requestOf(fn, message, objects);
    if (!request) return "the arguments do not fit the function";
    const running = new Running();
    this.#running.set(number, running);
    using(objects, !this.#served.threadsafe, () => this.#begin(message, fn, request, running));
    return undefined;
  }

  #objectsOf({ ints }: CallMessage, { shape }: ServedFunction): HeldObject[] | undefined {
    const held: HeldObject[] = [];
    for (const { slot, cType } of shape.objects) {
      const kind = this.#served.objects.get(cType);
      const one = kind && this.#objects.find(kind, ints[slot] as bigint);
      if (!one) return undefined;
      held.push(one);
    }
    return held;
  }

  /** The promise settles when the call uses its objects no more. */
  #begin(
    { number, situation }: CallMessage,
    fn: ServedFunction,
    request: CallRequest,
    running: Running,
  ): Promise<void> | undefined {
    if (this.#running.get(number) !== running) return undefined;
    const { native } = this.#served;
    running.situation = situation === "" ? 0 : marker().begin(decodeSituation(situation));
    const marked = { function: fn.id, situation: running.situation };
    if (fn.quick) {
      this.#answer(number, fn, running, native.callNow({ ...request, marked }));
      return undefined;
    }
    const pending = native.call({ ...request, marked });
    running.pending = pending;
    return new Promise((over) => {
      running.over = over;
      pending.result.then(
        (result) => this.#answer(number, fn, running, result),
        (error: unknown) => this.#answer(number, fn, running, failure(reasonOf(error))),
      );
    });
  }

  #answer(number: number, { shape }: ServedFunction, running: Running, result: CallResult): void {
    this.#forget(number, running);
    if (this.#socket.destroyed) return this.#drop(shape.returned, result);
    const { value } = result;
    const kind = shape.returned === undefined ? undefined : this.#served.objects.get(shape.returned);
    const isObject = kind !== undefined && typeof value === "bigint" && value !== 0n;
    const told = isObject ? { ...result, value: BigInt(this.#objects.adopt(kind, pointerOf(value))) } : result;
    this.#outbox.send(encodeAnswer(number, told) ?? tooLarge(number));
  }

  /** Ends an object that nobody is there to take. */
  #drop(cType: string | undefined, { value }: CallResult): void {
    const kind = cType === undefined ? undefined : this.#served.objects.get(cType);
    if (kind && typeof value === "bigint" && value !== 0n) kind.release(kind.hold(pointerOf(value)));
  }

  #abandon(number: number): void {
    const running = this.#running.get(number);
    // it was answered meanwhile
    if (!running) return;
    const { pending } = running;
    const state = pending?.abandon() ?? "waiting";
    if (state === "waiting") this.#forget(number, running);
    if (state !== "running") return;
    // the thread has the objects and the situation for ever
    this.#running.delete(number);
    marker().keep(running.situation);
    this.#served.onLost();
  }

  #forget(number: number, running: Running): void {
    if (this.#running.get(number) === running) this.#running.delete(number);
    marker().end(running.situation);
    running.over();
  }
}

function pointerOf(value: bigint): bigint {
  return BigInt.asUintN(64, value);
}

function failure(reason: string): CallResult {
  return { failure: reason, value: undefined, out: undefined, changes: undefined };
}

function tooLarge(number: number): Frame {
  const reason = `its result is larger than ${MAX_ANSWER / 2 ** 20} MiB`;
  // a sentence is never too large
  return encodeAnswer(number, failure(reason)) as Frame;
}
