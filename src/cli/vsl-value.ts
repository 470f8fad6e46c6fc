/**
 * vSL values and errors as JSON that tells types apart (design.md 4.1): `{"type":T,"value":X}`.
 *
 * It is written as text, not by way of JavaScript objects, which would sort the keys of maps anew. A value can be small
 * in memory and endless on paper, because copies share what they hold: what is written is limited.
 */

import { VsmtpError } from "../errors.ts";
import {
  Blob,
  Char,
  debug,
  Float,
  FnPtr,
  LimitExceeded,
  show,
  typeName,
  type Value,
  VslArray,
  VslMap,
} from "../vsl/index.ts";

/** Characters of one value's JSON, and how deep containers may lie in each other. */
const LONGEST = 64 * 1024 * 1024;
const DEEPEST = 256;

/** @throws LimitExceeded */
export function encodeValue(value: Value): string {
  let length = 0;
  const encode = (inner: Value, depth: number): string => {
    if (depth > DEEPEST) throw new LimitExceeded(`a value with more than ${DEEPEST} containers in each other`);
    const content = encodeContent(inner, (item) => encode(item, depth + 1));
    const text = `{"type":${JSON.stringify(typeName(inner))},"value":${content}}`;
    // What containers repeat of their elements is counted once a level, which is the work that it makes.
    length += text.length;
    if (length > LONGEST) throw new LimitExceeded(`a value of more than ${LONGEST} characters`);
    return text;
  };
  return encode(value, 0);
}

function encodeContent(value: Value, encode: (item: Value) => string): string {
  if (value === undefined) return "null";
  if (typeof value === "boolean") return String(value);
  if (typeof value === "number" || typeof value === "bigint") return `"${value}"`;
  if (typeof value === "string") return JSON.stringify(value);
  if (value instanceof Float) return encodeFloat(value);
  if (value instanceof Char) return JSON.stringify(value.toString());
  if (value instanceof VslArray) return `[${value.items.map(encode).join(",")}]`;
  if (value instanceof VslMap) {
    return `{${value
      .keys()
      .map((key) => `${JSON.stringify(key)}:${encode(value.get(key))}`)
      .join(",")}}`;
  }
  if (value instanceof Blob) return `"${Buffer.from(value.bytes).toString("base64")}"`;
  if (value instanceof FnPtr) return JSON.stringify(value.name);
  return JSON.stringify(show(value));
}

/** JSON has no word for NaN and infinities: they are their texts. */
function encodeFloat(float: Float): string {
  if (!Number.isFinite(float.value)) return JSON.stringify(debug(float));
  return Object.is(float.value, -0) ? "-0.0" : String(float.value);
}

/** `input`: no script came; `syntax`, `check`: found before it ran; `internal`: a bug of vSMTP. */
export type FailureKind = "input" | "syntax" | "check" | "runtime" | "limit" | "internal";

export interface Failure {
  readonly kind: FailureKind;
  readonly message: string;
  /** From 1; null when it has no place in the script. */
  readonly line: number | null;
  readonly column: number | null;
}

export function failureOf(error: unknown): Failure {
  if (error instanceof VsmtpError) {
    const { place } = error;
    return { kind: kindOf(error), message: error.message, line: place?.line ?? null, column: place?.column ?? null };
  }
  const message = error instanceof Error ? error.message : String(error);
  // JavaScript's own limits, of strings and of the stack.
  const limit = error instanceof LimitExceeded || error instanceof RangeError;
  return { kind: limit ? "limit" : "internal", message, line: null, column: null };
}

function kindOf({ code }: VsmtpError): FailureKind {
  if (code === "VSL_SYNTAX") return "syntax";
  if (code === "VSL_LIMIT") return "limit";
  return code === "VSL_RUNTIME" ? "runtime" : "check";
}
