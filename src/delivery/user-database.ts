/**
 * Who has a mailbox, and what is known of its owner: the answer of `app.storage.users`.
 *
 * Everybody has one, or those whom the system, a file or a function of the rules know. The configuration's
 * `app.storage.uid` comes first in whose files a mailbox is; after it the owner's own numbers, which only a host of root
 * can give to files. What a host cannot do is refused here, before a mail is accepted for it.
 */

import type { Config } from "../config/index.ts";
import { VsmtpError } from "../errors.ts";
import type { Mailbox } from "./letter.ts";
import { PasswdFile } from "./passwd-file.ts";
import { type AskRules, functionUsers } from "./rule-users.ts";
import { accountOf, systemUser } from "./system-users.ts";

/** What is known of somebody who has a mailbox; everything may be unknown. */
export interface Owner {
  /** Instead of the address. */
  readonly name?: string | undefined;
  readonly home?: string | undefined;
  /** Instead of `app.storage.location`; may hold the same variables. */
  readonly location?: string | undefined;
  /** Whose the files are; both or none. */
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
  /** For storage plugins, above those of the configuration. */
  readonly settings?: Readonly<Record<string, string>> | undefined;
}

export interface UserDatabase {
  /**
   * Undefined: this address has no mailbox here. A promise only where something has to be waited for; its errors, and
   * those that are thrown, are VsmtpErrors: whether there is one is not known for now.
   */
  find(mailbox: Mailbox): Owner | undefined | Promise<Owner | undefined>;
}

type Find = UserDatabase["find"];

const EVERYBODY: Owner = {};

/**
 * @param ask calls a function of the root filter
 * @param root whether files can be given to others: by this process, or by the one that has the mailboxes
 * @throws VsmtpError USERS_UID when `app.storage.uid` names nobody, or somebody whose files this host cannot make
 */
export async function userDatabase(
  { app }: Pick<Config, "app">,
  ask: AskRules,
  root = process.geteuid?.() === 0,
): Promise<UserDatabase> {
  const { users, uid } = app.storage;
  const known = knownUsers({ app }, ask);
  if (uid === null) {
    if (users === "system" && !root) throw new VsmtpError("USERS_UID", { uid: "their owner", ...OWN_USERS });
    return users === "any"
      ? known
      : { find: (mailbox) => later(known.find(mailbox), (owner) => possible(owner, root)) };
  }
  const account = await accountOf(uid);
  if (account === undefined) {
    throw new VsmtpError("USERS_UID", { uid, reason: "the system has no such user", hint: "Add the user" });
  }
  possible(account, root);
  return { find: (mailbox) => later(known.find(mailbox), (owner) => ({ ...owner, ...account })) };
}

/** Who has a mailbox, for those who will not touch it: nothing is said of whether this process could. */
export function knownUsers({ app }: Pick<Config, "app">, ask: AskRules): UserDatabase {
  const { users } = app.storage;
  if (users === "any") return { find: () => EVERYBODY };
  if (users === "system") return { find: ({ localPart }) => systemUser(localPart.toLowerCase()) };
  return typeof users === "object" ? { find: functionUsers(users.function, ask) } : new PasswdFile(users);
}

const OWN_USERS = {
  reason: "only root can give files to others",
  hint: "Start as root, or set app.storage.uid to the user that the server runs as",
} as const;

function possible(owner: Owner, root: boolean): Owner {
  const { uid } = owner;
  if (uid === undefined || root || uid === process.geteuid?.()) return owner;
  throw new VsmtpError("USERS_UID", { uid, ...OWN_USERS });
}

function later(found: ReturnType<Find>, then: (owner: Owner) => Owner): ReturnType<Find> {
  if (found instanceof Promise) return found.then((owner) => owner && then(owner));
  return found && then(found);
}
