/** `utils::…`: what rules often need and what belongs nowhere else. */

import { NativeModule, native, ScriptError, type Value } from "../../vsl/index.ts";
import { machineFunctions } from "./machine.ts";
import { ObjectValue } from "./object.ts";
import { registrableDomain } from "./public-suffix.ts";

export function utilsModule(): NativeModule {
  return new NativeModule("utils", "What rules often need.").add(
    ...machineFunctions,
    native(
      "get_root_domain",
      "domain: string|object -> string",
      "The part of a domain that somebody registered: `example.co.uk` of `mx.example.co.uk`.",
      (_, domain: Value) => registrableDomain(domainText(domain)),
    ),
  );
}

function domainText(value: Value): string {
  if (typeof value === "string") return value;
  if (value instanceof ObjectValue && value.content.variant === "fqdn") return value.content.text;
  throw new ScriptError("utils::get_root_domain: a string or an fqdn object is needed");
}
