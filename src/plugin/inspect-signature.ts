/** How the functions of a manifest look from vSL, as text for people. */

import { typeOf } from "./guard-site.ts";
import type { FunctionRecord, Manifest } from "./manifest-types.ts";
import { argumentsOf, type Returning, transactionUse } from "./signature.ts";

/**
 * `greet(who: string) -> string`, for a method `cmd.run(arguments: any) -> any`. One that takes the transaction says so
 * behind that: `hops() -> i64, reads the transaction`.
 */
export function vslSignature(fn: FunctionRecord, manifest: Manifest): string {
  const nameOf = (cType: string) => manifest.objects.find((object) => object.cType === cType)?.name ?? cType;
  const all = argumentsOf(fn.signature).map(({ name, passing }) => `${name}: ${typeOf(passing, nameOf)}`);
  const parameters = fn.method === undefined ? all : all.slice(1);
  const name = fn.method === undefined ? fn.name : `${fn.method}.${fn.name}`;
  const result = fn.signature.out ? "any" : resultOf(fn.signature.result, nameOf);
  const use = transactionUse(fn.signature);
  return `${name}(${parameters.join(", ")}) -> ${result}${use === undefined ? "" : `, ${use} the transaction`}`;
}

function resultOf(result: Returning, nameOf: (cType: string) => string): string {
  if (result.kind === "void") return "()";
  return result.kind === "given-string" ? "string" : typeOf(result, nameOf);
}
