/**
 * The immutable tagged values of vSL: IP addresses and ranges, mail addresses, host names, patterns, identifiers and
 * reply codes. One vSL type, `object`, in several variants. What they equal and contain is told in object-compare.ts.
 */

import { HostObject, type HostType, ScriptError, type Value } from "../../vsl/index.ts";
import { type Address, isDomain, parseAddress, showAddress } from "../address.ts";
import { parseReply, type Reply, showReply } from "../reply.ts";
import { type Ip, type IpRange, parseIp, parseRange, showIp, showRange } from "./ip.ts";
import { contentContains, contentElement, contentEquals } from "./object-compare.ts";
import { Regex } from "./regex/index.ts";

export type Content =
  | { readonly variant: "ip4" | "ip6"; readonly ip: Ip }
  | { readonly variant: "rg4" | "rg6"; readonly range: IpRange }
  | { readonly variant: "address"; readonly address: Address }
  | { readonly variant: "fqdn" | "identifier"; readonly text: string }
  | { readonly variant: "regex"; readonly regex: Regex }
  | { readonly variant: "code"; readonly reply: Reply };

/** The variants that are made from one text. */
export const variants = ["ip4", "ip6", "rg4", "rg6", "address", "fqdn", "regex", "identifier"] as const;
export type Variant = (typeof variants)[number];

export class ObjectValue extends HostObject {
  readonly type = objectType;
  readonly content: Content;

  constructor(content: Content) {
    super();
    this.content = content;
  }

  toText(): string {
    return showContent(this.content);
  }
}

function showContent(content: Content): string {
  switch (content.variant) {
    case "ip4":
    case "ip6":
      return showIp(content.ip);
    case "rg4":
    case "rg6":
      return showRange(content.range);
    case "address":
      return showAddress(content.address);
    case "regex":
      return content.regex.source;
    case "code":
      return showReply(content.reply);
    default:
      return content.text;
  }
}

/** @throws ScriptError when the text is none of that variant */
export function objectOf(variant: Variant, text: string): ObjectValue {
  switch (variant) {
    case "ip4":
    case "ip6": {
      const ip = parseIp(text);
      if (ip?.family !== FAMILY[variant]) throw new ScriptError(`"${text}" is no IPv${FAMILY[variant]} address`);
      return new ObjectValue({ variant, ip });
    }
    case "rg4":
    case "rg6": {
      const range = parseRange(text);
      const family = FAMILY[variant];
      const example = family === 4 ? "10.0.0.0/8" : "2001:db8::/32";
      if (range?.network.family !== family) {
        throw new ScriptError(`"${text}" is no range of IPv${family} addresses, such as ${example}`);
      }
      return new ObjectValue({ variant, range });
    }
    case "address":
      return addressOf(text);
    case "fqdn":
      return fqdnOf(text);
    case "regex":
      return regexOf(text);
    case "identifier":
      return new ObjectValue({ variant, text });
  }
}

const FAMILY = { ip4: 4, rg4: 4, ip6: 6, rg6: 6 } as const;

/** What `<>` is to rules. */
export function nullSender(): ObjectValue {
  return new ObjectValue({ variant: "identifier", text: "null" });
}

export function addressObject(address: Address): ObjectValue {
  return new ObjectValue({ variant: "address", address });
}

export function codeOf(reply: Reply): ObjectValue {
  return new ObjectValue({ variant: "code", reply });
}

/** Undefined when the text is no IP address. */
export function ipObject(text: string): ObjectValue | undefined {
  const ip = parseIp(text);
  return ip && new ObjectValue({ variant: ip.family === 4 ? "ip4" : "ip6", ip });
}

function addressOf(text: string): ObjectValue {
  const address = parseAddress(text);
  if (!address) throw new ScriptError(`"${text}" is no mail address`);
  return addressObject(address);
}

export function fqdnOf(text: string): ObjectValue {
  if (!isDomain(text)) throw new ScriptError(`"${text}" is no host name`);
  return new ObjectValue({ variant: "fqdn", text: text.toLowerCase() });
}

function regexOf(text: string): ObjectValue {
  try {
    return new ObjectValue({ variant: "regex", regex: new Regex(text) });
  } catch (error) {
    throw new ScriptError(`"${text}" is no regular expression: ${(error as Error).message}`);
  }
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

export function localPartOf(value: Value): Value {
  return addressIn(value, "local_part").localPart;
}

export function domainOf(value: Value): Value {
  return fqdnOf(addressIn(value, "domain").domain);
}

function addressIn(value: Value, name: string): Address {
  if (!(value instanceof ObjectValue)) throw new ScriptError(`\`${name}\` belongs to addresses`);
  const { content } = value;
  if (content.variant === "address") return content.address;
  throw new ScriptError(`\`${name}\` belongs to addresses, not to ${content.variant} \`${value.toText()}\``);
}

/** Objects are compared by what they hold, everything else by its text. */
function comparable(value: Value): Content | string | undefined {
  if (value instanceof ObjectValue) return value.content;
  return typeof value === "string" ? value : undefined;
}

export const objectType: HostType = {
  name: "object",
  methods: new Map(),
  getters: new Map([
    ["local_part", localPartOf],
    ["domain", domainOf],
  ]),
  equals: (self, other) => contentEquals((self as ObjectValue).content, comparable(other)),
  contains: (self, item) => contentContains((self as ObjectValue).content, comparable(item)),
  element: (self, item) => contentElement((self as ObjectValue).content, comparable(item)),
};
