/** Mail addresses as SMTP carries them in MAIL and RCPT (RFC 5321 section 4.1.2), without comments or display names. */

export interface Address {
  readonly localPart: string;
  /** Lower case; empty only for a bare `postmaster`. */
  readonly domain: string;
}

/** Undefined when the text is no address. Quoted local parts keep their quotes. */
export function parseAddress(text: string): Address | undefined {
  const at = text.lastIndexOf("@");
  if (at < 1 || at === text.length - 1) return undefined;
  const localPart = text.slice(0, at);
  const domain = text.slice(at + 1).toLowerCase();
  const quoted = /^"(?:[^"\\\r\n]|\\[^\r\n])*"$/.test(localPart);
  const dotAtom = /^[^\s"(),:;<>@[\\\]]+$/u.test(localPart) && !/^\.|\.\.|\.$/.test(localPart);
  if (!quoted && !dotAtom) return undefined;
  if (!isDomain(domain) && !/^\[[0-9a-f.:]+\]$|^\[ipv6:[0-9a-f.:]+\]$/.test(domain)) return undefined;
  return { localPart, domain };
}

export function showAddress(address: Address): string {
  return address.domain === "" ? address.localPart : `${address.localPart}@${address.domain}`;
}

/** A host name: labels of letters, digits and hyphens (or U-labels), at most 253 characters. */
export function isDomain(text: string): boolean {
  if (text.length === 0 || text.length > 253) return false;
  return text
    .split(".")
    .every((label) => /^[\p{L}\p{N}_](?:[\p{L}\p{N}\p{M}_-]{0,61}[\p{L}\p{N}\p{M}_])?$/u.test(label));
}
