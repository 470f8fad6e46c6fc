/** The mail user of an address, as the configuration and the user database have it. */

import type { Config } from "../config/index.ts";
import type { MailUser } from "../storage/index.ts";
import type { Mailbox } from "./letter.ts";
import { mailboxLocation } from "./location.ts";
import type { Owner } from "./user-database.ts";

/** An address, or a bare name. */
export function mailboxNamed(name: string): Mailbox {
  const at = name.lastIndexOf("@");
  return at < 0 ? { localPart: name, domain: "" } : { localPart: name.slice(0, at), domain: name.slice(at + 1) };
}

/**
 * @param name in any case: users differ by more than that
 * @throws VsmtpError USERS_HOME
 */
export function mailUser({ app: { storage } }: Config, name: string, owner: Owner = {}): MailUser {
  const mailbox = mailboxNamed(owner.name ?? name);
  const place = (template: string) => mailboxLocation(template, mailbox, owner.home);
  return {
    name: (owner.name ?? name).toLowerCase(),
    location: place(owner.location ?? storage.location),
    home: owner.home,
    uid: owner.uid,
    gid: owner.gid,
    settings: { ...storage.settings, ...owner.settings },
    namespaces: storage.namespaces.map(({ location, alias_for, mailboxes, ...namespace }) => ({
      ...namespace,
      location: location === null ? null : place(location),
      aliasFor: alias_for,
      mailboxes: mailboxes.map(({ special_use, ...mailbox }) => ({ ...mailbox, specialUse: special_use })),
    })),
  };
}
