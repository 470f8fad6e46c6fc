/**
 * Checks one argument of a plugin function, and turns it into what C takes. What passes here cannot crash the process
 * by itself: koffi would take a number for an address, cut integers to their size and strings at a NUL.
 */

import { Float, typeName, type Value } from "../vsl/index.ts";
import { type Site, withArticle } from "./guard-site.ts";
import { type ObjectKind, PluginObject } from "./handle.ts";
import type { Parameter } from "./signature.ts";

/** Throws a VsmtpError when the value is not what the parameter takes. */
export type Reader<T> = (value: Value) => T;

/** A whole number that fits the C type. */
export function integerReader(
  name: string,
  bits: 8 | 16 | 32 | 64,
  signed: boolean,
  site: Site,
): Reader<number | bigint> {
  const lowest = signed ? -(2n ** BigInt(bits - 1)) : 0n;
  // an i64 cannot reach what only a uint64_t could hold
  const highest = 2n ** BigInt(signed || bits === 64 ? bits - 1 : bits) - 1n;
  const low = Number(lowest);
  const high = Number(highest);
  const refuse = (value: Value): never => {
    if (typeof value !== "number" && typeof value !== "bigint") throw site.wrongType(name, "an i64", value);
    const type = `${signed ? "" : "u"}int${bits}_t`;
    throw site.error("PLUGIN_ARGUMENT_RANGE", { parameter: name, found: value, lowest, highest, type });
  };
  if (bits < 64) {
    return (value) => (typeof value === "number" && value >= low && value <= high ? value : refuse(value));
  }
  return (value) =>
    typeof value === "number" || typeof value === "bigint" ? (value >= low ? value : refuse(value)) : refuse(value);
}

export function boolReader(name: string, site: Site): Reader<boolean> {
  return (value) => {
    if (typeof value === "boolean") return value;
    throw site.wrongType(name, "a bool", value);
  };
}

export function doubleReader(name: string, site: Site): Reader<number> {
  return (value) => {
    if (value instanceof Float) return value.value;
    throw site.wrongType(name, "an f64", value);
  };
}

/** A text that C sees to its end. */
export function stringReader(name: string, site: Site): Reader<string> {
  const refuse = (value: Value): never => {
    if (typeof value !== "string") throw site.wrongType(name, "a string", value);
    throw site.error("PLUGIN_ARGUMENT_NUL", { parameter: name, position: [...value].indexOf("\0") });
  };
  return (value) => (typeof value === "string" && !value.includes("\0") ? value : refuse(value));
}

/** An object of the one type, made by the one plugin, that is not closed. */
export function objectReader(name: string, kind: ObjectKind, site: Site): Reader<PluginObject> {
  const expected = withArticle(kind.type.name);
  return (value) => {
    if (!(value instanceof PluginObject) || value.handle.kind !== kind) {
      const sameName = value !== undefined && typeName(value) === kind.type.name;
      throw site.wrongType(name, sameName ? `${expected} of this plugin` : expected, value);
    }
    if (value.handle.lost) throw site.error("PLUGIN_OBJECT_LOST", { type: kind.type.name });
    if (value.handle.closed) throw site.error("PLUGIN_ARGUMENT_CLOSED", { parameter: name, type: kind.type.name });
    return value;
  };
}

/** The kinds of objects of a plugin, by C type. Admission has seen that every type is declared. */
export type Kinds = ReadonlyMap<string, ObjectKind>;

export function kindOf(kinds: Kinds, cType: string): ObjectKind {
  const kind = kinds.get(cType);
  if (kind === undefined) throw new Error(`no object type ${cType} in the manifest`);
  return kind;
}

/** The error for an argument that has no wire form. */
export function refused(site: Site, { name }: Parameter, refusal: { path: readonly string[]; reason: string }): Error {
  // A path through 64 containers would hide what it leads to.
  const steps = refusal.path.length > 6 ? [...refusal.path.slice(0, 5), "…"] : refusal.path;
  const reason = steps.length === 0 ? `it ${refusal.reason}` : `${steps.join(", ")} ${refusal.reason}`;
  return site.error("PLUGIN_ARGUMENT_VALUE", { parameter: name, reason });
}
