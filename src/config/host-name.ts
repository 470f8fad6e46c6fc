/** Names of hosts and domains (RFC 1123 section 2.1), with U-labels as they are written by people. */

/** Labels of letters, digits, hyphens and underscores, at most 253 characters. */
export function isHostName(text: string): boolean {
  if (text.length === 0 || text.length > 253) return false;
  return text
    .split(".")
    .every((label) => /^[\p{L}\p{N}_](?:[\p{L}\p{N}\p{M}_-]{0,61}[\p{L}\p{N}\p{M}_])?$/u.test(label));
}
