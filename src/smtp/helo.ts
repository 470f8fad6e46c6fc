/**
 * What stands behind HELO, EHLO and LHLO: a host name, or behind the last two an address literal too (RFC 5321 section
 * 4.1.1.1, RFC 2033 section 4.1).
 */

import { isIP, isIPv4, isIPv6 } from "node:net";
import { isDomain, type Reply, reply } from "../rules/index.ts";

/** The name, or what the client is told. `command` is the whole line. */
export function heloName(command: string): string | Reply {
  const [, verb = "", rest] = /^(\S*)(?: (.*))?$/s.exec(command) ?? [];
  if (rest === undefined) return reply(500, `${verb.toUpperCase()} takes a host name`, "5.5.2");
  const name = rest.replace(/^ +| +$/g, "");
  return isHostName(name) || (verb.toUpperCase() !== "HELO" && isLiteral(name)) ? name : BAD_NAME;
}

const BAD_NAME = reply(501, "A host name or an address literal is expected", "5.5.4");

function isHostName(name: string): boolean {
  return /^[\x21-\x7e]+$/.test(name) && isIP(name) === 0 && isDomain(name);
}

/** `[192.0.2.1]` or `[IPv6:2001:db8::1]` (RFC 5321 section 4.1.3). */
function isLiteral(name: string): boolean {
  const [, v6, address = ""] = /^\[(IPv6:)?([^\]]*)\]$/i.exec(name) ?? [];
  return v6 === undefined ? isIPv4(address) : isIPv6(address);
}
