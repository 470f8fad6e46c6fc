/** How the functions of a manifest look from vSL, as text for people. */

import { typeOf } from "./guard-site.ts";
import type { FunctionRecord, Manifest } from "./manifest-types.ts";
import type { Returning } from "./signature.ts";

/** `greet(who: string) -> string`, for a method `cmd.run(arguments: any) -> any`. */
export function vslSignature(fn: FunctionRecord, manifest: Manifest): string {
  const nameOf = (cType: string) => manifest.objects.find((object) => object.cType === cType)?.name ?? cType;
  const all = fn.signature.parameters.map(({ name, passing }) => `${name}: ${typeOf(passing, nameOf)}`);
  const parameters = fn.method === undefined ? all : all.slice(1);
  const name = fn.method === undefined ? fn.name : `${fn.method}.${fn.name}`;
  return `${name}(${parameters.join(", ")}) -> ${fn.signature.out ? "any" : resultOf(fn.signature.result, nameOf)}`;
}

function resultOf(result: Returning, nameOf: (cType: string) => string): string {
  if (result.kind === "void") return "()";
  return result.kind === "given-string" ? "string" : typeOf(result, nameOf);
}
