/**
 * A file in the form of passwd, one line for each who has a mailbox:
 *
 *     name:password:uid:gid:comment:home:shell:extra fields
 *
 * What is behind the name may be empty or missing. A name is an address, or a local part, which counts for every
 * domain; the address comes first. Of the extra fields, which stand apart by spaces, those count that Dovecot's
 * passwd-file has for mailboxes: `userdb_mail` (the location), `userdb_home`, `userdb_uid` and `userdb_gid`; other
 * `userdb_…` are settings for plugins. The file is read again when it has changed.
 */

import { open } from "node:fs/promises";
import { reasonOf, VsmtpError } from "../errors.ts";
import { type Mailbox, showMailbox } from "./letter.ts";
import { isLocation } from "./location.ts";
import type { Owner, UserDatabase } from "./user-database.ts";

/** A line that names somebody, not looked into yet. */
interface Line {
  readonly number: number;
  readonly text: string;
}

interface Content {
  readonly lines: ReadonlyMap<string, Line>;
  /** Tells one state of the file from another. */
  readonly state: string;
}

export class PasswdFile implements UserDatabase {
  readonly #path: string;
  #content: Content | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** @throws VsmtpError USERS_FILE: the file cannot be read, or the line of this one is wrong */
  async find(mailbox: Mailbox): Promise<Owner | undefined> {
    const { lines } = await this.#read();
    const line = lines.get(showMailbox(mailbox).toLowerCase()) ?? lines.get(mailbox.localPart.toLowerCase());
    if (line === undefined) return undefined;
    const owner = ownerOf(line.text);
    if (typeof owner === "string") throw this.#error(`line ${line.number}: ${owner}`);
    return owner;
  }

  async #read(): Promise<Content> {
    try {
      const file = await open(this.#path, "r");
      try {
        const { ino, size, mtimeNs, ctimeNs } = await file.stat({ bigint: true });
        const state = [ino, size, mtimeNs, ctimeNs].join(" ");
        if (this.#content?.state !== state) this.#content = { state, lines: linesOf(await file.readFile("utf8")) };
        return this.#content;
      } finally {
        await file.close();
      }
    } catch (error) {
      throw this.#error(reasonOf(error), error);
    }
  }

  #error(reason: string, cause?: unknown): VsmtpError {
    return new VsmtpError("USERS_FILE", { file: this.#path, reason }, { cause });
  }
}

/** By name. Of two lines with one name the first counts, as with passwd. */
function linesOf(text: string): Map<string, Line> {
  const lines = new Map<string, Line>();
  for (const [i, line] of text.split("\n").entries()) {
    const name = line.split(":", 1)[0]?.trim().toLowerCase() ?? "";
    if (name !== "" && !name.startsWith("#") && !lines.has(name)) {
      lines.set(name, { number: i + 1, text: line.replace(/\r$/, "") });
    }
  }
  return lines;
}

/** What is wrong with the line, if it says something that cannot be. */
function ownerOf(line: string): Owner | string {
  const [, , lineUid = "", lineGid = "", , lineHome = "", , ...rest] = line.split(":");
  const settings: Record<string, string> = {};
  for (const field of rest.join(":").split(" ")) {
    const [, key, value = "yes"] = /^userdb_([^=]+)(?:=(.*))?$/.exec(field) ?? [];
    if (key !== undefined) settings[key] = value;
  }
  const { mail, home = lineHome, uid = lineUid, gid = lineGid, ...others } = settings;
  if ((uid === "") !== (gid === "")) return "uid and gid go together";
  if (![uid, gid].every((id) => id === "" || isId(id))) return "uid and gid are numbers";
  if (mail !== undefined && !isLocation(mail)) return "userdb_mail is no location of a Maildir";
  if (home !== "" && !home.startsWith("/")) return "the home is no absolute path";
  return {
    home: home || undefined,
    location: mail,
    uid: uid === "" ? undefined : Number(uid),
    gid: gid === "" ? undefined : Number(gid),
    settings: others,
  };
}

/** The largest one means "no change" to chown(2). */
function isId(text: string): boolean {
  return /^\d{1,10}$/.test(text) && Number(text) < 0xffff_ffff;
}
