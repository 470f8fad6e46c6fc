/**
 * Users that a function of the rules knows: it is given an address and answers `()`, who is nobody here, or a map of
 * what is known of the owner: `#{}`, or `#{ home: "/home/john", uid: 1000, gid: 1000 }`.
 */

import * as z from "zod";
import { reasonOf, VsmtpError } from "../errors.ts";
import { type Mailbox, showMailbox } from "./letter.ts";
import { isLocation } from "./location.ts";
import { accountOf } from "./system-users.ts";
import type { Owner } from "./user-database.ts";

/** Calls the function of that name with a text; what it returns, as plain data. May throw or reject. */
export type AskRules = (name: string, argument: string) => Promise<unknown>;

const id = z.int().min(0).max(0xffff_fffe);

const OwnerShape = z.strictObject({
  name: z.string().min(1).optional(),
  home: z.string().startsWith("/").optional(),
  location: z.string().refine(isLocation, { error: "no location" }).optional(),
  /** A number alone, or a name, is looked up in the system. */
  uid: z.union([id, z.string().min(1)]).optional(),
  gid: id.optional(),
  settings: z.record(z.string(), z.union([z.string(), z.int(), z.boolean()]).transform(String)).optional(),
});

export function functionUsers(name: string, ask: AskRules): (mailbox: Mailbox) => Promise<Owner | undefined> {
  return async (mailbox) => {
    const address = showMailbox(mailbox).toLowerCase();
    const wrong = (reason: string, cause?: unknown) =>
      new VsmtpError("USERS_FUNCTION", { function: name, address, reason }, { cause });
    const answer = await ask(name, address).catch((error: unknown) => {
      throw wrong(reasonOf(error), error);
    });
    if (answer === null) return undefined;
    const { data, error } = OwnerShape.safeParse(answer);
    if (data === undefined) {
      const [{ path, message } = { path: [], message: "" }] = error.issues;
      throw wrong(`it returned no map of an owner: ${path.length > 0 ? `${path.join(".")}: ` : ""}${message}`);
    }
    const { uid, gid, ...owner } = data;
    if (typeof uid === "number" && gid !== undefined) return { ...owner, uid, gid };
    if (uid === undefined) {
      if (gid !== undefined) throw wrong("it returned a gid without a uid");
      return owner;
    }
    const account = await accountOf(uid);
    if (account === undefined) throw wrong(`the system has no user ${uid}`);
    return { ...owner, uid: account.uid, gid: gid ?? account.gid };
  };
}
