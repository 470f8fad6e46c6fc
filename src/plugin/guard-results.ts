/** Turns what a plugin function returned, or wrote to its `vsmtp_out`, into a vSL value. */

import type { CallRequest } from "../native/index.ts";
import { Float, type Value } from "../vsl/index.ts";
import { type Kinds, kindOf } from "./guard-arguments.ts";
import type { Site } from "./guard-site.ts";
import { PluginObject } from "./handle.ts";
import type { Raw } from "./prototype-koffi.ts";
import type { Returning } from "./signature.ts";

/** `raw` is what koffi gives: integers of the C type's range, null for NULL. */
export type ResultReader = (raw: Raw) => Value;

export function resultReader(result: Returning, site: Site, kinds: Kinds): ResultReader {
  switch (result.kind) {
    case "void":
      return () => undefined;
    case "bool":
      return (raw) => raw as boolean;
    case "double":
      return (raw) => new Float(raw as number);
    case "string":
    case "given-string":
      return (raw) => (raw === null ? undefined : (raw as string));
    case "int":
      return result.bits === 64 && !result.signed ? unsignedReader(site) : (raw) => raw as number | bigint;
    case "object": {
      const kind = kindOf(kinds, result.cType);
      return (raw) => (raw === null ? undefined : PluginObject.adopt(kind, raw as bigint, site));
    }
  }
}

const HIGHEST = 2n ** 63n - 1n;

function unsignedReader(site: Site): ResultReader {
  return (raw) => {
    if (typeof raw === "bigint" && raw > HIGHEST) throw site.error("PLUGIN_RESULT_RANGE", { found: raw });
    return raw as number | bigint;
  };
}

/** As what a call thread hands over the C result. */
export function registerOf({ kind }: Returning): CallRequest["result"] {
  if (kind === "bool" || kind === "int") return "int";
  return kind === "object" ? "pointer" : kind;
}

/**
 * What koffi would have given for the C result of a call on a call thread, which comes as a whole register: what lies
 * above the bits of the C type is undefined there.
 */
export function fromRegister(result: Returning, value: bigint | number | string | undefined): Raw {
  if (typeof value !== "bigint") return value ?? null;
  if (result.kind === "object") return value === 0n ? null : BigInt.asUintN(64, value);
  if (result.kind === "bool") return BigInt.asUintN(8, value) !== 0n;
  if (result.kind !== "int") return undefined;
  const cut = result.signed ? BigInt.asIntN(result.bits, value) : BigInt.asUintN(result.bits, value);
  const number = Number(cut);
  return Number.isSafeInteger(number) ? number : cut;
}
