/**
 * What objects equal (`==`), what they contain (`in`), and when one of them, in an array, stands for what is looked for.
 *
 * Texts are read as what they are compared with: `ctx::client_ip() in rg4("10.0.0.0/8")` asks whether the address lies
 * in the range, `in regex(…)` whether the pattern is found. Domains are compared without regard to case, local parts
 * with it.
 */

import { ScriptError } from "../../vsl/index.ts";
import { parseAddress, showAddress } from "../address.ts";
import { showReply } from "../reply.ts";
import { holdsIp, holdsRange, type IpRange, parseIp, parseRange, sameIp, showIp, showRange } from "./ip.ts";
import type { Content } from "./object.ts";
import type { Regex } from "./regex/index.ts";

/** `other`: an object, a text, or undefined for values of any other type. */
type Other = Content | string | undefined;

/** `object == other` */
export function contentEquals(content: Content, other: Other): boolean {
  if (other === undefined) return false;
  if (typeof other !== "string") return sameContent(content, other);
  const equal = equalsText(content, other);
  if (equal === undefined) throw new ScriptError(`a ${content.variant} object cannot be compared to a string`);
  return equal;
}

/** `other in object` */
export function contentContains(content: Content, other: Other): boolean {
  if (other === undefined) return false;
  switch (content.variant) {
    case "rg4":
    case "rg6":
      return rangeContains(content.range, other);
    case "regex":
      return found(content.regex, textIn(other));
    case "address": {
      const { localPart, domain } = content.address;
      if (typeof other === "string") return other === localPart || other.toLowerCase() === domain;
      if (other.variant === "fqdn") return other.text === domain;
      return other.variant === "identifier" && other.text === localPart;
    }
    default:
      return false;
  }
}

/** `other in [object]`: equal where that can be asked, and inside where an object stands for many. */
export function contentElement(content: Content, other: Other): boolean {
  if (other === undefined) return false;
  if (typeof other !== "string" && sameContent(content, other)) return true;
  if (content.variant === "rg4" || content.variant === "rg6" || content.variant === "regex") {
    return contentContains(content, other);
  }
  return typeof other === "string" && (equalsText(content, other) ?? false);
}

/** A pattern equals what it is found in, as it does with texts; two patterns are equal when they read alike. */
function sameContent(one: Content, other: Content): boolean {
  if (one.variant === "regex" && other.variant !== "regex") return found(one.regex, textIn(other));
  if (other.variant === "regex" && one.variant !== "regex") return found(other.regex, textIn(one));
  switch (one.variant) {
    case "ip4":
    case "ip6":
      return other.variant === one.variant && sameIp(one.ip, other.ip);
    case "rg4":
    case "rg6":
      return other.variant === one.variant && showRange(one.range) === showRange(other.range);
    case "address":
      return other.variant === "address" && showAddress(one.address) === showAddress(other.address);
    case "regex":
      return other.variant === "regex" && one.regex.source === other.regex.source;
    case "code":
      return other.variant === "code" && showReply(one.reply) === showReply(other.reply);
    default:
      return other.variant === one.variant && one.text === other.text;
  }
}

/** Undefined for variants that no text can be equal to. */
function equalsText(content: Content, text: string): boolean | undefined {
  switch (content.variant) {
    case "ip4":
    case "ip6": {
      const ip = parseIp(text);
      return ip !== undefined && sameIp(content.ip, ip);
    }
    case "address": {
      const address = parseAddress(text);
      return address !== undefined && showAddress(address) === showAddress(content.address);
    }
    case "regex":
      return found(content.regex, text);
    case "fqdn":
      return text.toLowerCase() === content.text;
    case "identifier":
      return text === content.text;
    default:
      return undefined;
  }
}

function rangeContains(range: IpRange, other: Content | string): boolean {
  if (typeof other === "string") {
    const ip = parseIp(other);
    if (ip) return holdsIp(range, ip);
    const inner = parseRange(other);
    return inner !== undefined && holdsRange(range, inner);
  }
  if (other.variant === "ip4" || other.variant === "ip6") return holdsIp(range, other.ip);
  return (other.variant === "rg4" || other.variant === "rg6") && holdsRange(range, other.range);
}

function found(regex: Regex, text: string | undefined): boolean {
  try {
    return text !== undefined && regex.matches(text);
  } catch (error) {
    throw new ScriptError((error as Error).message);
  }
}

/** What a pattern is looked for in: the text of an object as it is shown, none for patterns and codes. */
function textIn(other: Content | string): string | undefined {
  if (typeof other === "string") return other;
  switch (other.variant) {
    case "address":
      return showAddress(other.address);
    case "fqdn":
    case "identifier":
      return other.text;
    case "ip4":
    case "ip6":
      return showIp(other.ip);
    default:
      return undefined;
  }
}
