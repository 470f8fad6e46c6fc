/** Makes requests for `call` from plain arguments, for the tests of this folder. */

import koffi, { type LibraryHandle } from "koffi";
import type { CallRequest, CallResult, PendingCall } from "../../src/native/index.ts";
import { native } from "../../src/native/index.ts";

/** An argument: an integer, a double, a text, or encoded bytes of a value. */
export type Argument = bigint | { double: number } | string | Uint8Array;

export interface Library {
  call(name: string, result: CallRequest["result"], ...args: Argument[]): Promise<CallResult>;
  /** Like call; the function's last parameter is a vsmtp_out. */
  callOut(name: string, ...args: Argument[]): Promise<CallResult>;
  /** Like call, but can be given up. */
  begin(name: string, result: CallRequest["result"], ...args: Argument[]): PendingCall;
  /** Like call, on this thread. */
  callNow(name: string, result: CallRequest["result"], ...args: Argument[]): CallResult;
  address(name: string): bigint;
}

const keptOpen: LibraryHandle[] = [];

/** Opens a library of functions and never closes it. */
export function open(file: string): Library {
  native(); // libvsmtp.so.1 first
  const handle = koffi.load(file);
  keptOpen.push(handle);
  const address = (name: string): bigint => handle.symbol(name) as bigint;
  return {
    address,
    begin: (name, result, ...args) => native().call(request(address(name), result, args, false)),
    callNow: (name, result, ...args) => native().callNow(request(address(name), result, args, false)),
    call: (name, result, ...args) => native().call(request(address(name), result, args, false)).result,
    callOut: (name, ...args) => native().call(request(address(name), "void", args, true)).result,
  };
}

function request(fn: bigint, result: CallRequest["result"], args: Argument[], out: boolean): CallRequest {
  const ints = new BigInt64Array(6);
  const doubles = new Float64Array(8);
  const block = new Uint8Array(4096);
  const words = new DataView(block.buffer);
  const relocations: number[] = [];
  let [int, double, at, addressSlots] = [0, 0, 0, 0];
  for (const arg of args) {
    if (typeof arg === "object" && "double" in arg) {
      doubles[double++] = arg.double;
    } else if (typeof arg === "bigint") {
      ints[int++] = arg;
    } else {
      const bytes = typeof arg === "string" ? new TextEncoder().encode(arg) : arg;
      if (typeof arg !== "string") {
        // a vsmtp_value: two pointers, and what they point to right after them
        words.setBigUint64(at, BigInt(at + 16), true);
        words.setBigUint64(at + 8, BigInt(at + 16 + bytes.length), true);
        relocations.push(at, at + 8);
      }
      ints[int] = BigInt(at);
      addressSlots |= 1 << int++;
      block.set(bytes, at + (typeof arg === "string" ? 0 : 16));
      at += (bytes.length + 16 + 1 + 7) & ~7;
    }
  }
  const relocated = Uint32Array.from(relocations);
  return { fn, result, ints, addressSlots, outSlot: out ? int : -1, doubles, block, relocations: relocated };
}
