/**
 * As whom the processes of the host run. The supervisor keeps root's rights if it was given them; a process that meets
 * clients or runs plugins gives them away first of all.
 *
 * A configuration that names no user on a system that has no `vsmtp` is served with the rights of root, and told so.
 */

import { execFile } from "node:child_process";
import { type Config, SYSTEM_PROGRAMS } from "../config/index.ts";
import { accountOf, groupId } from "../delivery/index.ts";
import { reasonOf, VsmtpError } from "../errors.ts";
import { native, type Privileges } from "../native/index.ts";
import type { Role } from "./messages.ts";

/** Made by the package, with a group of that name. */
const PACKAGED = "vsmtp";

/** Undefined: the process stays as it is. @throws VsmtpError PRIVILEGES_USER, USERS_SYSTEM */
export async function privilegesOf(config: Config, role: Role): Promise<Privileges | undefined> {
  if (!isRoot()) return undefined;
  switch (role.kind) {
    case "smtp":
      return ofServer(config);
    case "storage":
      return ofStorage(config);
    case "isolated":
      return ofIsolated(config, role.plugin);
    case "mbox":
      return undefined;
  }
}

/** What an admin has to know when rules and plugins run with the rights of root; undefined: they do not. */
export async function rootWarning(config: Config): Promise<VsmtpError | undefined> {
  if (!isRoot() || (await ofServer(config)) !== undefined) return undefined;
  return new VsmtpError("PRIVILEGES_ROOT", { user: ownerOf(config).user });
}

/**
 * Becomes what `privileges` says, and can gain no rights by what it runs from then on. First thing in a process: what
 * threads do that were there before is not covered in all respects. A failure must end the process.
 *
 * @throws VsmtpError PRIVILEGES_DROP
 */
export function takePrivileges(privileges: Privileges | undefined): void {
  try {
    if (!privileges) return native().noNewPrivileges();
    native().dropPrivileges(privileges);
    for (const name of OF_THE_USER) delete process.env[name];
  } catch (error) {
    const user = privileges ? `${privileges.uid}:${privileges.gid}` : "who gains no rights";
    throw new VsmtpError("PRIVILEGES_DROP", { user, reason: reasonOf(error) }, { cause: error });
  }
}

/** Variables that say where the things of the user are who started the host; libraries of plugins look there. */
const OF_THE_USER = [
  "HOME",
  "LOGNAME",
  "USER",
  "XDG_CACHE_HOME",
  "XDG_CONFIG_HOME",
  "XDG_DATA_HOME",
  "XDG_RUNTIME_DIR",
];

/** Undefined: it is root, or there is nobody else to be. */
async function ofServer(config: Config): Promise<Privileges | undefined> {
  const { user, group } = ownerOf(config);
  if (!config.namesUser && (await accountOf(user)) === undefined) return undefined;
  const found = await ofUser(user, "server.system.user");
  return found && { ...found, gid: (await groupId(group)) ?? found.gid };
}

/** With what holds where the configuration names nobody. */
function ownerOf({ server }: Config): { readonly user: string; readonly group: string } {
  const { user = PACKAGED, group = user } = server.system;
  return { user, group };
}

/** Where mailboxes belong to their owners, it works as each of them; it never needs root's other rights. */
async function ofStorage(config: Config): Promise<Privileges | undefined> {
  const { uid, users } = config.app.storage;
  const server = await ofServer(config);
  if (uid === null) return server && { ...server, keep: users === "any" ? [] : ["setuid", "setgid"] };
  const own = await ofUser(uid, "app.storage.uid");
  // The group of the server's own files is how it gets at the log.
  return own && server ? { ...own, groups: [...own.groups, server.gid] } : own;
}

async function ofIsolated(config: Config, plugin: string): Promise<Privileges | undefined> {
  const { named, defaults } = config.app.plugins;
  const [isolate, key] = [named[plugin]?.isolate ?? defaults.isolate, `app.plugins.named.${plugin}.isolate.user`];
  if (typeof isolate === "object" && isolate.user !== null) return ofUser(isolate.user, key);
  return ofServer(config);
}

/** Undefined: it is root. @throws VsmtpError PRIVILEGES_USER: there is none such */
async function ofUser(user: string | number, key: string): Promise<Privileges | undefined> {
  const account = await accountOf(user);
  if (account === undefined) throw new VsmtpError("PRIVILEGES_USER", { key, user });
  if (account.uid === 0) return undefined;
  return { ...account, groups: await groupsOf(user), keep: [] };
}

/** All that the system puts a user in, the primary one too. */
function groupsOf(user: string | number): Promise<number[]> {
  return new Promise((resolve, reject) => {
    execFile("id", ["-G", "--", String(user)], SYSTEM_PROGRAMS, (error, stdout) => {
      if (error === null) return resolve(stdout.trim().split(" ").map(Number));
      const facts = { database: "group", key: String(user), reason: error.message.trim() };
      reject(new VsmtpError("USERS_SYSTEM", facts, { cause: error }));
    });
  });
}

function isRoot(): boolean {
  return process.geteuid?.() === 0;
}
