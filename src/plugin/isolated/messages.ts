/**
 * What a worker and the process of an isolated plugin tell each other.
 *
 *     worker   → call     number, function, registers, situation, transaction, arguments, mail
 *                abandon  number                        nobody waits for that call any more
 *                destroy  object
 *     plugin   → greeting version of this protocol, the plugin's file, why it cannot be called
 *                answer   number, failure or result, value, changes
 *
 * Functions go by their place in the manifest, objects by numbers that the plugin's process gives out for each
 * connection. Answers come in any order. An encoding that is not exactly this ends the connection.
 */

import type { CallRequest, CallResult } from "../../native/index.ts";
import { MAX_DOUBLE_ARGUMENTS, MAX_INTEGER_ARGUMENTS } from "../signature.ts";
import { MAX_BYTES } from "../wire.ts";
import { beginFrame, Fields } from "./frames.ts";

const PROTOCOL = 1;

const Kind = { greeting: 1, answer: 2, call: 3, abandon: 4, destroy: 5 } as const;

/** The mail's bytes come beside the arguments. */
export const MAX_REQUEST = 8 * MAX_BYTES;
/** One that is larger fails its call, and is not sent. */
export const MAX_ANSWER = MAX_BYTES + 1024 * 1024;
/** Of a sentence that a person reads. */
const MAX_TEXT = 64 * 1024;

/** Bytes that go out one after the other as one frame; they are not copied. */
export type Frame = readonly Uint8Array[];

export function sizeOf(frame: Frame): number {
  let size = 0;
  for (const part of frame) size += part.length;
  return size;
}

/** A call as it travels: {@link CallRequest} without what follows from the function's signature. */
export interface CallMessage {
  readonly number: number;
  /** Index into the functions of the manifest. */
  readonly function: number;
  /** Objects are numbers, strings and values offsets into `block`. */
  readonly ints: BigInt64Array;
  readonly doubles: Float64Array;
  /** For whom the call is made, as the marker has it; empty: not known. */
  readonly situation: string;
  /** Where the facts of the transaction lie in `block`; undefined: it is not handed over. */
  readonly facts: { readonly begin: number; readonly end: number } | undefined;
  readonly block: Uint8Array;
  /** The mail. */
  readonly data: Uint8Array | undefined;
}

export type RequestMessage =
  | ({ readonly kind: "call" } & CallMessage)
  | { readonly kind: "abandon"; readonly number: number }
  | { readonly kind: "destroy"; readonly object: number };

export interface Greeting {
  readonly kind: "greeting";
  /** Of the plugin's file, in hexadecimal digits. */
  readonly sha256: string;
  /** A VsmtpError as JSON; empty: the plugin is ready. */
  readonly problem: string;
}

export interface AnswerMessage {
  readonly kind: "answer";
  readonly number: number;
  readonly failure: string | undefined;
  /** The register of the result, read in both ways; the receiver knows which it is. */
  readonly integer: bigint;
  readonly real: number;
  readonly text: string | undefined;
  readonly out: Uint8Array | undefined;
  readonly changes: Uint8Array | undefined;
}

const CALL_ROOM = 8 + 8 * MAX_INTEGER_ARGUMENTS + 8 * MAX_DOUBLE_ARGUMENTS + 20;
/** In place of a size or an offset: there is none. */
const NONE = 0xffff_ffff;

export function encodeCall(call: CallMessage): Frame {
  const { ints, doubles, facts, block, data } = call;
  const situation = Buffer.from(call.situation, "utf8");
  const more = situation.length + block.length + (data?.length ?? 0);
  const head = beginFrame(Kind.call, CALL_ROOM, more);
  let at = head.writeUInt32LE(call.number, 5);
  at = head.writeUInt32LE(call.function, at);
  for (const int of ints) at = head.writeBigInt64LE(int, at);
  for (const double of doubles) at = head.writeDoubleLE(double, at);
  at = head.writeUInt32LE(facts?.begin ?? NONE, at);
  at = head.writeUInt32LE(facts?.end ?? NONE, at);
  at = head.writeUInt32LE(situation.length, at);
  at = head.writeUInt32LE(block.length, at);
  head.writeUInt32LE(data?.length ?? NONE, at);
  // few parts are quicker to send than many
  const small = block.length <= 16 * 1024 ? [Buffer.concat([head, situation, block])] : [head, situation, block];
  return data === undefined ? small : [...small, data];
}

export function encodeAbandon(number: number): Frame {
  return [numbered(Kind.abandon, number)];
}

export function encodeDestroy(object: number): Frame {
  return [numbered(Kind.destroy, object)];
}

export function encodeGreeting({ sha256, problem }: Omit<Greeting, "kind">): Frame {
  const texts = [Buffer.from(sha256), Buffer.from(problem)];
  const head = beginFrame(Kind.greeting, 12, sizeOf(texts));
  let at = head.writeUInt32LE(PROTOCOL, 5);
  for (const text of texts) at = head.writeUInt32LE(text.length, at);
  return [head, ...texts];
}

/** How an answer says what it holds. */
const Holds = { failure: 1, text: 2, out: 4, changes: 8 } as const;

/** Undefined: it would be larger than {@link MAX_ANSWER}. */
export function encodeAnswer(number: number, { failure, value, out, changes }: CallResult): Frame | undefined {
  const parts: Uint8Array[] = [];
  let holds = 0;
  const add = (flag: number, bytes: Uint8Array | undefined): void => {
    if (bytes === undefined) return;
    const size = Buffer.alloc(4);
    size.writeUInt32LE(bytes.length);
    parts.push(size, bytes);
    holds |= flag;
  };
  add(Holds.failure, failure === undefined ? undefined : Buffer.from(failure));
  add(Holds.text, typeof value === "string" ? Buffer.from(value) : undefined);
  add(Holds.out, out);
  add(Holds.changes, changes);
  const more = sizeOf(parts);
  if (more > MAX_ANSWER - 64) return undefined;
  const head = beginFrame(Kind.answer, 13, more);
  head.writeUInt32LE(number, 5);
  head[9] = holds;
  if (typeof value === "bigint") head.writeBigInt64LE(value, 10);
  if (typeof value === "number") head.writeDoubleLE(value, 10);
  return more <= 16 * 1024 ? [Buffer.concat([head, ...parts])] : [head, ...parts];
}

/** Undefined: it is no frame that a worker sends. Bytes share memory with the frame. */
export function decodeRequest(frame: Buffer): RequestMessage | undefined {
  const fields = new Fields(frame);
  const message = readRequest(fields);
  return fields.complete ? message : undefined;
}

function readRequest(fields: Fields): RequestMessage | undefined {
  switch (fields.u8()) {
    case Kind.call:
      return { kind: "call", ...readCall(fields) };
    case Kind.abandon:
      return { kind: "abandon", number: fields.u32() };
    case Kind.destroy:
      return { kind: "destroy", object: fields.u32() };
    default:
      return undefined;
  }
}

function readCall(fields: Fields): CallMessage {
  const number = fields.u32();
  const fn = fields.u32();
  const ints = new BigInt64Array(MAX_INTEGER_ARGUMENTS);
  const doubles = new Float64Array(MAX_DOUBLE_ARGUMENTS);
  for (let i = 0; i < ints.length; i++) ints[i] = fields.i64();
  for (let i = 0; i < doubles.length; i++) doubles[i] = fields.f64();
  const [begin, end] = [fields.u32(), fields.u32()];
  const sizes = [fields.u32(), fields.u32(), fields.u32()] as const;
  const situation = fields.text(sizes[0]);
  const block = fields.bytes(sizes[1]);
  const data = sizes[2] === NONE ? undefined : fields.bytes(sizes[2]);
  const facts = begin === NONE && end === NONE ? undefined : { begin, end };
  return { number, function: fn, ints, doubles, situation, facts, block, data };
}

/** Undefined: it is no frame that the process of a plugin sends. Bytes share memory with the frame. */
export function decodeReply(frame: Buffer): Greeting | AnswerMessage | undefined {
  const fields = new Fields(frame);
  const message = readReply(fields);
  return fields.complete ? message : undefined;
}

function readReply(fields: Fields): Greeting | AnswerMessage | undefined {
  switch (fields.u8()) {
    case Kind.greeting:
      return readGreeting(fields);
    case Kind.answer:
      return readAnswer(fields);
    default:
      return undefined;
  }
}

function readGreeting(fields: Fields): Greeting | undefined {
  if (fields.u32() !== PROTOCOL) return undefined;
  const sizes = [fields.u32(), fields.u32()] as const;
  if (sizes[0] > MAX_TEXT || sizes[1] > MAX_TEXT) return undefined;
  return { kind: "greeting", sha256: fields.text(sizes[0]), problem: fields.text(sizes[1]) };
}

function readAnswer(fields: Fields): AnswerMessage {
  const number = fields.u32();
  const holds = fields.u8();
  const register = fields.bytes(8);
  const part = (flag: number): Buffer | undefined => ((holds & flag) === 0 ? undefined : fields.bytes(fields.u32()));
  const [failure, text, out, changes] = [part(Holds.failure), part(Holds.text), part(Holds.out), part(Holds.changes)];
  const whole = register.length === 8;
  return {
    kind: "answer",
    number,
    failure: failure?.toString("utf8", 0, MAX_TEXT),
    integer: whole ? register.readBigInt64LE() : 0n,
    real: whole ? register.readDoubleLE() : 0,
    text: text?.toString(),
    out,
    changes,
  };
}

/** The result as an addon of this process would have given it. */
export function resultOf(kind: CallRequest["result"], answer: AnswerMessage): CallResult {
  const { failure, out, changes } = answer;
  return { failure, value: failure === undefined ? registerOf(kind, answer) : undefined, out, changes };
}

function registerOf(kind: CallRequest["result"], { integer, real, text }: AnswerMessage): CallResult["value"] {
  switch (kind) {
    case "void":
      return undefined;
    case "int":
    case "pointer":
      return integer;
    case "double":
      return real;
    default:
      return text;
  }
}

function numbered(kind: number, number: number): Buffer {
  const frame = beginFrame(kind, 4);
  frame.writeUInt32LE(number, 5);
  return frame;
}
