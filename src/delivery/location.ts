/**
 * Where the mailbox of an address is: the template of `app.storage.location` with `%u` the address, `%n` its local
 * part and `%d` its domain, all in lower case.
 *
 * An address comes from the network, and a local part may hold almost any character. What could leave its place in a
 * path (a slash, a leading dot) is written as `%` and two hexadecimal digits, and so is `%` itself, so that no two
 * addresses share a directory by it.
 */

import type { Mailbox } from "./letter.ts";

export function mailboxLocation(template: string, { localPart, domain }: Mailbox): string {
  const local = pathPart(localPart);
  const values: Readonly<Record<string, string>> = { n: local, d: pathPart(domain), u: `${local}@${pathPart(domain)}` };
  return template.replace(/%([und])/g, (_, key: string) => values[key] ?? "");
}

/** A text from the network as one name in a directory. */
export function pathPart(text: string): string {
  return text.toLowerCase().replace(/^\.|[/%\0]/g, (char) => `%${char.charCodeAt(0).toString(16).padStart(2, "0")}`);
}
