/** IP addresses and ranges of them in CIDR notation, as numbers that can be compared. */

import { isIPv4, isIPv6 } from "node:net";

export interface Ip {
  readonly family: 4 | 6;
  readonly bits: bigint;
}

export interface IpRange {
  /** The address with all bits behind the prefix cleared. */
  readonly network: Ip;
  readonly prefix: number;
}

const BITS = { 4: 32, 6: 128 } as const;
/** `::ffff:0:0/96`, where IPv4 clients of an IPv6 socket are. */
const MAPPED = 0xffffn;

/** Undefined when the text is no address. */
export function parseIp(text: string): Ip | undefined {
  if (isIPv4(text)) return { family: 4, bits: numberOf(text.split("."), 8n, 10) };
  if (!isIPv6(text) || text.includes("%")) return undefined;
  const dotted = text.includes(".") ? text.slice(text.lastIndexOf(":") + 1) : undefined;
  const plain = dotted === undefined ? text : `${text.slice(0, -dotted.length)}${asGroups(dotted)}`;
  const [head = "", tail] = plain.split("::");
  const before = groups(head);
  const after = tail === undefined ? [] : groups(tail);
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => "0");
  return { family: 6, bits: numberOf([...before, ...zeros, ...after], 16n, 16) };
}

/** `10.0.0.0/8`; undefined when the text is no range. */
export function parseRange(text: string): IpRange | undefined {
  const [, address = "", digits] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? [];
  const ip = parseIp(address);
  const prefix = Number(digits);
  if (!ip || !(prefix <= BITS[ip.family])) return undefined;
  const host = BigInt(BITS[ip.family] - prefix);
  return { network: { family: ip.family, bits: (ip.bits >> host) << host }, prefix };
}

/** Whether a range holds an address; IPv4 addresses count in both of their forms. */
export function holdsIp({ network, prefix }: IpRange, ip: Ip): boolean {
  const same = ip.family === network.family ? ip : unmapped(ip);
  if (!same || same.family !== network.family) return false;
  const host = BigInt(BITS[network.family] - prefix);
  return same.bits >> host === network.bits >> host;
}

/** Whether a range holds all addresses of another. */
export function holdsRange(outer: IpRange, inner: IpRange): boolean {
  return inner.prefix >= outer.prefix && inner.network.family === outer.network.family && holdsIp(outer, inner.network);
}

export function sameIp(one: Ip, other: Ip): boolean {
  return one.family === other.family && one.bits === other.bits;
}

/** Canonical: RFC 5952 for IPv6. */
export function showIp({ family, bits }: Ip): string {
  if (family === 4) return parts(bits, 4, 8n).join(".");
  const hex = parts(bits, 8, 16n).map((part) => part.toString(16));
  const zeros = longestZeros(hex);
  if (!zeros) return hex.join(":");
  return `${hex.slice(0, zeros.from).join(":")}::${hex.slice(zeros.from + zeros.length).join(":")}`;
}

export function showRange({ network, prefix }: IpRange): string {
  return `${showIp(network)}/${prefix}`;
}

function unmapped({ family, bits }: Ip): Ip | undefined {
  return family === 6 && bits >> 32n === MAPPED ? { family: 4, bits: bits & 0xffffffffn } : undefined;
}

function groups(text: string): string[] {
  return text === "" ? [] : text.split(":");
}

function asGroups(dotted: string): string {
  const bits = numberOf(dotted.split("."), 8n, 10);
  return `${(bits >> 16n).toString(16)}:${(bits & 0xffffn).toString(16)}`;
}

function numberOf(texts: readonly string[], width: bigint, radix: 10 | 16): bigint {
  return texts.reduce((bits, text) => (bits << width) | BigInt(Number.parseInt(text, radix)), 0n);
}

function parts(bits: bigint, count: number, width: bigint): number[] {
  const mask = (1n << width) - 1n;
  return Array.from({ length: count }, (_, i) => Number((bits >> (width * BigInt(count - 1 - i))) & mask));
}

/** The run of zeros that `::` stands for: the first longest one of at least two. */
function longestZeros(hex: readonly string[]): { from: number; length: number } | undefined {
  let best: { from: number; length: number } | undefined;
  for (let from = 0; from < hex.length; from++) {
    let length = 0;
    while (hex[from + length] === "0") length += 1;
    if (length > 1 && length > (best?.length ?? 0)) best = { from, length };
  }
  return best;
}
