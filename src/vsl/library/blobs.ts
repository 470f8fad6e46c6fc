/** Blobs: arrays of bytes. Of an integer that is put into one, the lowest eight bits count. */

import { native } from "../native.ts";
import { appendBytes, byteOf, type Int } from "../runtime/operators.ts";
import { offset, positionIfAny } from "../runtime/positions.ts";
import { Blob, type Char, VslArray } from "../value.ts";
import { type Locate, onStretches } from "./stretches.ts";

const self = "blob: blob";
const inPlace = { mutates: "container" } as const;

export const blobFunctions = [
  native("blob", "-> blob", "A blob without bytes.", () => new Blob()),
  native("blob", "length: i64 -> blob", "A blob of zeros.", (run, length: Int) => {
    run.makesBlob(Number(length));
    return new Blob(new Uint8Array(Math.max(0, Number(length))));
  }),
  native("blob", "length: i64, value: i64 -> blob", "A blob of equal bytes.", (run, length: Int, value: Int) => {
    run.makesBlob(Number(length));
    return new Blob(new Uint8Array(Math.max(0, Number(length))).fill(byteOf(value)));
  }),
  native("len", "blob: blob -> i64", "How many bytes it has.", (_, { bytes }: Blob) => bytes.length),
  native("is_empty", "blob: blob -> bool", "Whether it has no byte.", (_, { bytes }: Blob) => bytes.length === 0),
  native(
    "get",
    "blob: blob, index: i64 -> i64",
    "The byte at a position; 0 if there is none.",
    (_, b: Blob, index: Int) => {
      const at = positionIfAny(index, b.bytes.length);
      return at === undefined ? 0 : b.bytes[at];
    },
  ),
  native(
    "set",
    "blob: blob, index: i64, value: i64",
    "Replaces the byte at a position; does nothing if there is none.",
    (_, { bytes }: Blob, index: Int, value: Int) => {
      const at = positionIfAny(index, bytes.length);
      if (at !== undefined) bytes[at] = byteOf(value);
      return undefined;
    },
    inPlace,
  ),
  native(
    "push",
    "blob: blob, value: i64",
    "Adds a byte.",
    (run, blob: Blob, value: Int) => void appendBytes(run, blob, value),
    inPlace,
  ),
  native(
    "append",
    "blob: blob, more: blob|string|char|i64",
    "Adds bytes: those of another blob, of a text as UTF-8, or one.",
    (run, blob: Blob, more: Blob | string | Char | Int) => void appendBytes(run, blob, more),
    inPlace,
  ),
  native(
    "insert",
    "blob: blob, index: i64, value: i64",
    "Adds a byte before a position, negative from the end; beyond the end it comes last.",
    (run, blob: Blob, index: Int, value: Int) => {
      const { length } = blob.bytes;
      run.makesBlob(length + 1);
      const at = offset(index, length);
      blob.grow(length + 1);
      blob.bytes.copyWithin(at + 1, at, length);
      blob.bytes[at] = byteOf(value);
      return undefined;
    },
    inPlace,
  ),
  native(
    "pad",
    "blob: blob, length: i64, value: i64",
    "Makes it at least that long with copies of a byte.",
    (run, blob: Blob, length: Int, value: Int) => {
      const end = blob.bytes.length;
      if (length <= end) return undefined;
      run.makesBlob(Number(length));
      blob.grow(Number(length));
      blob.bytes.fill(byteOf(value), end);
      return undefined;
    },
    inPlace,
  ),
  native(
    "pop",
    "blob: blob -> i64",
    "Takes the last byte away; 0 if there is none.",
    (_, blob: Blob) => {
      const last = blob.bytes.at(-1) ?? 0;
      blob.bytes = blob.bytes.subarray(0, -1);
      return last;
    },
    inPlace,
  ),
  native(
    "shift",
    "blob: blob -> i64",
    "Takes the first byte away; 0 if there is none.",
    (_, blob: Blob) => {
      const [first = 0] = blob.bytes;
      blob.bytes = blob.bytes.subarray(1);
      return first;
    },
    inPlace,
  ),
  native(
    "remove",
    "blob: blob, index: i64 -> i64",
    "Takes the byte at a position away; 0 if there is none.",
    (run, blob: Blob, index: Int) => {
      const at = positionIfAny(index, blob.bytes.length);
      if (at === undefined) return 0;
      run.work(blob.bytes.length - at);
      const byte = blob.bytes[at];
      blob.bytes.copyWithin(at, at + 1);
      blob.bytes = blob.bytes.subarray(0, -1);
      return byte;
    },
    inPlace,
  ),
  native(
    "clear",
    "blob: blob",
    "Removes all bytes.",
    (_, blob: Blob) => {
      blob.bytes = new Uint8Array(0);
      return undefined;
    },
    inPlace,
  ),
  native(
    "truncate",
    "blob: blob, length: i64",
    "Cuts off what is beyond a length.",
    (_, blob: Blob, length: Int) => {
      blob.bytes = blob.bytes.subarray(0, Math.max(0, Number(length)));
      return undefined;
    },
    inPlace,
  ),
  native(
    "chop",
    "blob: blob, length: i64",
    "Cuts off the beginning, so that so many of the last bytes stay.",
    (_, blob: Blob, length: Int) => {
      blob.bytes = blob.bytes.subarray(Math.max(0, blob.bytes.length - Math.max(0, Number(length))));
      return undefined;
    },
    inPlace,
  ),
  native(
    "reverse",
    "blob: blob",
    "Turns the order around.",
    (run, { bytes }: Blob) => {
      run.work(bytes.length);
      bytes.reverse();
      return undefined;
    },
    inPlace,
  ),
  native(
    "split",
    "blob: blob, index: i64 -> blob",
    "Cuts it in two at a position and gives back the second part.",
    (run, blob: Blob, index: Int) => {
      const at = offset(index, blob.bytes.length);
      run.work(blob.bytes.length);
      const rest = blob.bytes.slice(at);
      blob.bytes = blob.bytes.subarray(0, at);
      return new Blob(rest);
    },
    inPlace,
  ),
  native("to_array", "blob: blob -> array", "Its bytes as integers.", (run, { bytes }: Blob) => {
    run.makesArray(bytes.length);
    return new VslArray([...bytes]);
  }),
  native("as_string", "blob: blob -> string", "Its bytes as UTF-8 text.", (run, { bytes }: Blob) => {
    run.makesString(bytes.length);
    return Buffer.from(bytes).toString("utf8");
  }),
  ...onStretches(
    "extract",
    { self, returns: "blob", tail: true },
    "A copy of a part.",
    (run, b: Blob, locate: Locate) => {
      const [from, to] = locate(b.bytes.length);
      run.makesBlob(to - from);
      return new Blob(b.bytes.slice(from, to));
    },
  ),
  ...onStretches(
    "splice",
    { self, extra: "replacement: blob", returns: "()", mutates: "container" },
    "Replaces a part by another blob.",
    (run, blob: Blob, locate: Locate, { bytes }: Blob) => {
      const [from, to] = locate(blob.bytes.length);
      run.makesBlob(blob.bytes.length - (to - from) + bytes.length);
      blob.bytes = joined(blob.bytes.subarray(0, from), bytes, blob.bytes.subarray(to));
      return undefined;
    },
  ),
  ...onStretches(
    "drain",
    { self, returns: "blob", mutates: "container" },
    "Takes a part away and gives it back.",
    (run, blob: Blob, locate: Locate) => {
      const [from, to] = locate(blob.bytes.length);
      run.work(blob.bytes.length);
      const part = blob.bytes.slice(from, to);
      blob.bytes = joined(blob.bytes.subarray(0, from), blob.bytes.subarray(to));
      return new Blob(part);
    },
  ),
  ...onStretches(
    "retain",
    { self, returns: "blob", mutates: "container" },
    "Keeps a part only and gives back the rest.",
    (run, blob: Blob, locate: Locate) => {
      const [from, to] = locate(blob.bytes.length);
      run.work(blob.bytes.length);
      const rest = joined(blob.bytes.subarray(0, from), blob.bytes.subarray(to));
      blob.bytes = blob.bytes.slice(from, to);
      return new Blob(rest);
    },
  ),
];

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
