/**
 * The immutable tagged values of vSL: addresses, host names, identifiers, reply codes. One vSL type, `object`, in
 * several variants; equal when variant and value are, and comparable with the texts they were made from.
 */

import { HostObject, type HostType, ScriptError, type Value } from "../../vsl/index.ts";
import { type Address, isDomain, parseAddress, showAddress } from "../address.ts";
import { parseReply, type Reply, showReply } from "../reply.ts";

export type Content =
  | { readonly variant: "address"; readonly address: Address }
  | { readonly variant: "fqdn" | "identifier"; readonly text: string }
  | { readonly variant: "code"; readonly reply: Reply };

export class ObjectValue extends HostObject {
  readonly type = objectType;
  readonly content: Content;

  constructor(content: Content) {
    super();
    this.content = content;
  }

  toText(): string {
    const { content } = this;
    if (content.variant === "address") return showAddress(content.address);
    return content.variant === "code" ? showReply(content.reply) : content.text;
  }
}

/** What `<>` is to rules. */
export function nullSender(): ObjectValue {
  return new ObjectValue({ variant: "identifier", text: "null" });
}

export function addressObject(address: Address): ObjectValue {
  return new ObjectValue({ variant: "address", address });
}

export function addressOf(text: string): ObjectValue {
  const address = parseAddress(text);
  if (!address) throw new ScriptError(`"${text}" is no mail address`);
  return addressObject(address);
}

export function fqdnOf(text: string): ObjectValue {
  if (!isDomain(text)) throw new ScriptError(`"${text}" is no host name`);
  return new ObjectValue({ variant: "fqdn", text: text.toLowerCase() });
}

export function codeOf(reply: Reply): ObjectValue {
  return new ObjectValue({ variant: "code", reply });
}

/** The address that an argument names, as an object or as text. */
export function toAddress(value: Value): Address {
  if (value instanceof ObjectValue && value.content.variant === "address") return value.content.address;
  const address = typeof value === "string" ? parseAddress(value) : undefined;
  if (address) return address;
  throw new ScriptError(`expected a mail address, not ${JSON.stringify(textOf(value))}`);
}

/** The reply that an argument names: a code object, or text such as `"451 4.7.1 Later"`. */
export function toReply(value: Value): Reply {
  if (value instanceof ObjectValue && value.content.variant === "code") return value.content.reply;
  const reply = typeof value === "string" ? parseReply(value) : undefined;
  if (reply) return reply;
  throw new ScriptError(`expected a code or a text such as "451 4.7.1 Later", not ${JSON.stringify(textOf(value))}`);
}

/** `string|object` arguments: the text of either. */
export function textOf(value: Value): string {
  return value instanceof HostObject ? value.toText() : String(value);
}

const objectType: HostType = {
  name: "object",
  methods: new Map(),
  getters: new Map([
    ["local_part", (self) => partOf(self, "local_part", (address) => address.localPart)],
    ["domain", (self) => partOf(self, "domain", (address) => fqdnOf(address.domain))],
  ]),
  equals: (self, other) => equals(self as ObjectValue, other),
  contains: (self, item) => contains(self as ObjectValue, item),
};

function partOf(self: HostObject, name: string, part: (address: Address) => Value): Value {
  const { content } = self as ObjectValue;
  if (content.variant === "address") return part(content.address);
  throw new ScriptError(`\`${name}\` belongs to addresses, not to ${content.variant} \`${self.toText()}\``);
}

function equals(self: ObjectValue, other: Value): boolean {
  const { content } = self;
  if (other instanceof ObjectValue) return content.variant === other.content.variant && sameText(self, other.toText());
  if (typeof other !== "string") return false;
  if (content.variant === "code") throw new ScriptError("a code cannot be compared with a string");
  return sameText(self, other);
}

/** Domains are compared without regard to case, local parts with it. */
function sameText({ content }: ObjectValue, text: string): boolean {
  switch (content.variant) {
    case "address": {
      const other = parseAddress(text);
      return other !== undefined && showAddress(other) === showAddress(content.address);
    }
    case "fqdn":
      return text.toLowerCase() === content.text;
    case "identifier":
      return text === content.text;
    case "code":
      return text === showReply(content.reply);
  }
}

/** An address contains its local part and its domain. */
function contains({ content }: ObjectValue, item: Value): boolean {
  if (content.variant !== "address") return false;
  const text = textOf(item);
  const { localPart, domain } = content.address;
  if (item instanceof ObjectValue && item.content.variant === "fqdn") return text === domain;
  if (item instanceof ObjectValue && item.content.variant === "identifier") return text === localPart;
  return text === localPart || text.toLowerCase() === domain;
}
