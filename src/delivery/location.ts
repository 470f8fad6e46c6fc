/**
 * Where the mailboxes of a user are: the template of `app.storage.location` with `%u` the user, `%n` the part of it before
 * the `@` and `%d` the one after it, all in lower case, and `%h` the home.
 *
 * An address comes from the network, and a local part may hold almost any character. What could leave its place in a
 * path (a slash, a leading dot) is written as `%` and two hexadecimal digits, and so is `%` itself, so that no two
 * addresses share a directory by it; the colon too, after which a location has options.
 */

import { VsmtpError } from "../errors.ts";
import { type Mailbox, showMailbox } from "./letter.ts";

/** Whether a text from a user database can be somebody's location: of a Maildir, at an absolute path or in the home. */
export function isLocation(text: string): boolean {
  return /^maildir:(?:\/|%h|~(?=[/:]|$))(?:[^%\0]|%[undh])*$/.test(text);
}

/** @throws VsmtpError USERS_HOME: the template needs a home, and there is none */
export function mailboxLocation(template: string, mailbox: Mailbox, home?: string): string {
  const [n, d] = [mailbox.localPart, mailbox.domain].map((part) => pathPart(part).replaceAll(":", "%3a")) as [
    string,
    string,
  ];
  const values: Readonly<Record<string, string | undefined>> = { n, d, u: d === "" ? n : `${n}@${d}`, h: home };
  return template.replace(/^maildir:~(?=\/|:|$)/, "maildir:%h").replace(/%([undh])/g, (variable, key: string) => {
    const value = values[key];
    if (value === undefined || (key === "h" && value.includes(":"))) {
      throw new VsmtpError("USERS_HOME", { user: showMailbox(mailbox), variable, home: home ?? "none" });
    }
    return value;
  });
}

/** A text from the network as one name in a directory. */
export function pathPart(text: string): string {
  return text.toLowerCase().replace(/^\.|[/%\0]/g, (char) => `%${char.charCodeAt(0).toString(16).padStart(2, "0")}`);
}
