/**
 * The trace header that says how a mail came to this host (RFC 5321 section 4.4).
 *
 * It is put in front when the mail leaves the queue, not while rules look at it, and above it nothing but what a
 * final delivery adds. The recipient is named only when there is one: others must not learn of hidden copies.
 */

import { ownVersion } from "../config/index.ts";

export interface Reception {
  /** What HELO named, without brackets. */
  readonly helo: string | undefined;
  readonly clientIp: string;
  readonly serverName: string;
  /** The `with` clause: SMTP or ESMTP. */
  readonly protocol: string;
  readonly id: string;
  /** The only recipient, if there is only one. */
  readonly recipient: string | undefined;
  /** Milliseconds since the epoch. */
  readonly time: number;
}

/** Below what a final delivery adds: which program of which version handled the mail under which id, and Received. */
export function receivedHeader({ helo, clientIp, serverName, protocol, id, recipient, time }: Reception): string {
  const from = `${safeName(helo, clientIp)} (${addressLiteral(clientIp)})`;
  const whom = recipient === undefined ? "" : `\r\n\tfor <${recipient}>`;
  const program = `X-VSMTP: id="${id}"; version="${ownVersion}"\r\n`;
  return `${program}Received: from ${from}\r\n\tby ${serverName} with ${protocol} id ${id}${whom};\r\n\t${dateTime(time)}\r\n`;
}

/** What the client called itself, if it can stand there: it is the client's text, and a header is structured. */
function safeName(helo: string | undefined, clientIp: string): string {
  if (helo !== undefined && /^[\p{L}\p{N}._-]+$/u.test(helo)) return helo;
  return addressLiteral(clientIp);
}

function addressLiteral(ip: string): string {
  return ip.includes(":") ? `[IPv6:${ip}]` : `[${ip}]`;
}

let lastSecond = -1;
let lastText = "";

/** RFC 5322 section 3.3, in UTC. Many mails share a second: its text is kept. */
function dateTime(time: number): string {
  const second = Math.floor(time / 1000);
  if (second !== lastSecond) {
    lastSecond = second;
    lastText = new Date(time).toUTCString().replace("GMT", "+0000");
  }
  return lastText;
}
