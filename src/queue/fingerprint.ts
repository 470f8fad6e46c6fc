/**
 * What tells a mail again when it comes a second time, under another id and from another process: a digest of sender,
 * recipients and content. A client that tries again may write a few header fields anew, and hosts on the way add
 * theirs; those do not count.
 */

import { createHash } from "node:crypto";
import { type Address, showAddress } from "../rules/index.ts";

/** Fields that a second try of the same mail may have otherwise, in lower case. */
const VOLATILE: ReadonlySet<string> = new Set([
  "arc-authentication-results",
  "arc-message-signature",
  "arc-seal",
  "authentication-results",
  "date",
  "delivered-to",
  "dkim-signature",
  "message-id",
  "received",
  "received-spf",
  "return-path",
]);

/** Of the content alone, which several transactions may share. Bytes as the client sent them. */
export function contentDigest(message: Uint8Array): string {
  const hash = createHash("sha256");
  const bytes = Buffer.from(message.buffer, message.byteOffset, message.byteLength);
  const body = endOfHeader(bytes);
  for (const field of fieldsOf(bytes.toString("latin1", 0, body))) {
    if (!VOLATILE.has(nameOf(field))) hash.update(field, "latin1");
  }
  return hash.update(bytes.subarray(body)).digest("hex");
}

/** The order of recipients does not count. @param content of {@link contentDigest} */
export function fingerprintOf(
  sender: Address | undefined,
  recipients: readonly { readonly address: Address }[],
  content: string,
): string {
  const to = recipients.map(({ address }) => showAddress(address).toLowerCase()).sort();
  const from = sender === undefined ? "" : showAddress(sender).toLowerCase();
  return createHash("sha256")
    .update(JSON.stringify([from, to, content]))
    .digest("hex");
}

/** Where the body begins, with its empty line. What is longer than any header is taken as it is. */
function endOfHeader(bytes: Buffer): number {
  if (bytes[0] === 0x0d && bytes[1] === 0x0a) return 0;
  const at = bytes.subarray(0, LONGEST_HEADER).indexOf("\r\n\r\n");
  return at < 0 ? Math.min(bytes.length, LONGEST_HEADER) : at + 2;
}

const LONGEST_HEADER = 64 * 1024;

/** Each with its continuation lines. */
function fieldsOf(header: string): string[] {
  return header.split(/(?<=\n)(?![ \t])/);
}

function nameOf(field: string): string {
  return field.slice(0, field.indexOf(":")).trim().toLowerCase();
}
