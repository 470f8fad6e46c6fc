/** `obj::…`: the constructors of objects, which rules also call without a path, and lists of them read from files. */

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { reasonOf } from "../../errors.ts";
import { type NativeFunction, NativeModule, native, ScriptError, VslArray } from "../../vsl/index.ts";
import { reply, showReply } from "../reply.ts";
import { codeOf, domainOf, localPartOf, objectOf, objectType, toReply, type Variant, variants } from "./object.ts";

/** `directory` is what paths of `file` are relative to. */
export function objModule(directory: string): NativeModule {
  const module = new NativeModule("obj", "Values with a meaning: addresses, names, ranges, patterns, replies.");
  module.types.set(objectType.name, objectType);
  return module.add(...constructors(directory));
}

const DOCS: Readonly<Record<Variant, string>> = {
  ip4: "An IPv4 address.",
  ip6: "An IPv6 address.",
  rg4: 'A range of IPv4 addresses, such as `rg4("10.0.0.0/8")`.',
  rg6: 'A range of IPv6 addresses, such as `rg6("2001:db8::/32")`.',
  address: "A mail address.",
  fqdn: "A host name.",
  regex: "A pattern in the syntax of Rust's `regex`; matching takes linear time.",
  identifier: "Any name, such as a local part.",
};

export function constructors(directory: string): NativeFunction[] {
  return [
    ...variants.map((variant) =>
      native(variant, "text: string -> object", DOCS[variant], (_, text: string) => objectOf(variant, text)),
    ),
    native("code", "code: i64, text: string -> object", "An SMTP reply.", (_, code: number, text: string) =>
      codeOf(checked(code, text)),
    ),
    native(
      "code",
      "code: i64, enhanced: string, text: string -> object",
      "An SMTP reply with an enhanced status code.",
      (_, code: number, enhanced: string, text: string) => codeOf(checked(code, text, enhanced)),
    ),
    native(
      "file",
      "path: string, type: string -> array",
      "An object for each line of a file; paths start at the directory of vsmtp.vsl.",
      (_, path: string, type: string) => objectsIn(resolve(directory, path), type),
    ),
  ];
}

/** `.local_parts` and `.domains` of arrays of addresses. */
export const partsOfAddresses: NativeFunction[] = [
  native(
    "local_parts",
    "addresses: array -> array",
    "The local part of each address; written `list.local_parts`.",
    (_, { items }: VslArray) => new VslArray(items.map(localPartOf)),
  ),
  native(
    "domains",
    "addresses: array -> array",
    "The domain of each address; written `list.domains`.",
    (_, { items }: VslArray) => new VslArray(items.map(domainOf)),
  ),
];

/** Replies that clients cannot read are an error where they are made, not where they are sent. */
function checked(code: number, text: string, enhanced?: string) {
  const made = reply(code, text, enhanced);
  return toReply(showReply(made)) && made;
}

function objectsIn(file: string, type: string): VslArray {
  const variant = variants.find((known) => known === type);
  if (!variant) throw new ScriptError(`\`${type}\` is no type of objects; there are ${variants.join(", ")}`);
  const lines = textOf(file).split(/\r?\n/);
  return new VslArray(
    lines.flatMap((line, i) => {
      if (line.trim() === "") return [];
      try {
        return [objectOf(variant, line.trim())];
      } catch (error) {
        throw new ScriptError(`${file}, line ${i + 1}: ${reasonOf(error)}`);
      }
    }),
  );
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new ScriptError(`the file ${file} cannot be read: ${reasonOf(error)}`);
  }
}
