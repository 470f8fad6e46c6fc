/**
 * Makes a C function at an address callable from JavaScript, by koffi's type objects: its parser of C text aborts the
 * process on some prototypes, and a type that it has made once is never freed.
 *
 * What comes out checks nothing: a number in place of a pointer crashes. Only guards may call it.
 */

import koffi, { type TypeObject } from "koffi";
import type { Passing, Returning, Signature } from "./signature.ts";

/** What koffi takes and gives: pointers are bigints, NULL is null. */
export type Raw = string | number | bigint | boolean | null | undefined;

export type RawFunction = (...args: readonly Raw[]) => Raw;

/** The function at `address`; a `vsmtp_out *` is its last parameter, as a pointer. The library must stay loaded. */
export function rawFunction(address: bigint, signature: Signature): RawFunction {
  return koffi.decode(address, prototypeOf(signature)) as RawFunction;
}

const prototypes = new Map<string, TypeObject>();

function prototypeOf({ parameters, out, result }: Signature): TypeObject {
  const types = parameters.map(({ passing }) => typeKey(passing));
  if (out) types.push("pointer");
  const key = [typeKey(result), ...types].join(" ");
  let prototype = prototypes.get(key);
  if (prototype === undefined) {
    prototype = koffi.proto(typeOf(typeKey(result)), types.map(typeOf));
    prototypes.set(key, prototype);
  }
  return prototype;
}

type TypeKey = "void" | "bool" | "double" | "string" | "given-string" | "pointer" | `${"u" | ""}int${8 | 16 | 32 | 64}`;

function typeKey(passing: Returning | Passing): TypeKey {
  switch (passing.kind) {
    case "int":
      return `${passing.signed ? "" : "u"}int${passing.bits}`;
    case "value":
    case "object":
    case "transaction":
      return "pointer";
    default:
      return passing.kind;
  }
}

const POINTER = koffi.pointer(koffi.opaque());
const GIVEN_STRING = koffi.disposable(koffi.types.str);

function typeOf(key: TypeKey): TypeObject {
  if (key === "pointer") return POINTER;
  if (key === "given-string") return GIVEN_STRING;
  return key === "string" ? koffi.types.str : koffi.types[key];
}
