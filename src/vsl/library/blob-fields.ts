/** Blobs as memory: integers, floats and texts in them, least or most significant byte first. */

import { type Int, int, isInt } from "../runtime/operators.ts";
import { type Blob, Float } from "../value.ts";
import { type Locate, onStretches } from "./stretches.ts";

const self = "blob: blob";
const BYTES = 8;

/** The bytes of a stretch that a number of 64 bits can fill. */
function fieldOf({ bytes }: Blob, locate: Locate): Uint8Array {
  const [from, to] = locate(bytes.length);
  return bytes.subarray(from, Math.min(to, from + BYTES));
}

/** Missing bytes are zeros: those behind the field, whichever order its bytes are in. */
function whole(blob: Blob, locate: Locate): DataView {
  const bytes = new Uint8Array(BYTES);
  bytes.set(fieldOf(blob, locate));
  return new DataView(bytes.buffer);
}

function bytesOf(value: Int | Float, little: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(BYTES));
  if (isInt(value)) view.setBigInt64(0, BigInt(value), little);
  else view.setFloat64(0, value.value, little);
  return new Uint8Array(view.buffer);
}

const orders = [
  { short: "le", words: "least", little: true },
  { short: "be", words: "most", little: false },
];

export const blobFieldFunctions = [
  ...orders.flatMap(({ short, words, little }) => [
    ...onStretches(
      `parse_${short}_int`,
      { self, returns: "i64" },
      `The integer in up to eight bytes, the ${words} significant first.`,
      (_, blob: Blob, locate: Locate) => int(whole(blob, locate).getBigInt64(0, little), "a field"),
    ),
    ...onStretches(
      `parse_${short}_float`,
      { self, returns: "f64" },
      `The float in eight bytes, the ${words} significant first.`,
      (_, blob: Blob, locate: Locate) => new Float(whole(blob, locate).getFloat64(0, little)),
    ),
    ...onStretches(
      `write_${short}`,
      { self, extra: "value: number", returns: "()", mutates: "container" },
      `Writes a number into up to eight bytes, the ${words} significant first.`,
      (_, blob: Blob, locate: Locate, value: Int | Float) => {
        const field = fieldOf(blob, locate);
        field.set(bytesOf(value, little).subarray(0, field.length));
        return undefined;
      },
    ),
  ]),
  ...onStretches(
    "write_utf8",
    { self, extra: "text: string", returns: "()", mutates: "container" },
    "Writes the beginning of a text as UTF-8.",
    (_, blob: Blob, locate: Locate, text: string) => writeText(blob, locate, Buffer.from(text)),
  ),
  ...onStretches(
    "write_ascii",
    { self, extra: "text: string", returns: "()", mutates: "container" },
    "Writes the ASCII characters at the beginning of a text.",
    (_, blob: Blob, locate: Locate, text: string) => {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
      return writeText(blob, locate, Buffer.from(text.replace(/[^\x00-\x7f]/gu, "")));
    },
  ),
];

function writeText({ bytes }: Blob, locate: Locate, text: Uint8Array): undefined {
  const [from, to] = locate(bytes.length);
  bytes.set(text.subarray(0, to - from), from);
}
