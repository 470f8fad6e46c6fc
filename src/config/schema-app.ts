/** `config.app`: what rules, plugins and mailboxes are given. */

import { resolve } from "node:path";
import * as z from "zod";
import { count, duration, oneOf, orNone, type Path, section } from "./schema-parts.ts";

export function appSection(path: Path, directory: string) {
  return section({
    dirpath: path.default("/var/spool/vsmtp/app"),
    vsl: section({
      /** `()`: filter.vsl beside vsmtp.vsl. */
      filter_path: orNone(path),
      domain_dir: orNone(path),
      /** Of one run of a script; see Limits of vsl. */
      limits: section({
        operations: count(1).default(5_000_000),
        depth: count(1).default(128),
        string_size: count(1).default(16 * 1024 * 1024),
        array_size: count(1).default(1_000_000),
        map_size: count(1).default(1_000_000),
      }),
    }),
    logs: section({
      /** What `log()` writes; `()`: the server's log. */
      filename: path.nullable().default("/var/log/vsmtp/app.log"),
    }),
    plugins: section({
      directory: path.default(resolve(directory, "plugins")),
      /** A plugin is built for exactly one version of the host. */
      compatibility: oneOf(["exact"]).default("exact"),
      defaults: section({
        /** How long one call may take. */
        deadline: duration.default("30s"),
        required: z.boolean().default(true),
        /** In a process of its own. */
        isolate: z.boolean().default(false),
      }),
      /** By the plugin's name, what differs from the defaults. */
      named: z
        .record(
          z.string().regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, { error: 'the name of a plugin, such as "mysql"' }),
          z.strictObject({
            deadline: duration.optional(),
            required: z.boolean().optional(),
            isolate: z.boolean().optional(),
          }),
        )
        .default({}),
    }),
    storage: storageSection(path, directory),
    /** The mbox files of local users, `<directory>/<local part>`. */
    mbox: section({
      directory: path.default("/var/mail"),
      /** `system`: only users of the system have one; `any`: every local part does. */
      users: oneOf(["any", "system"]).default("system"),
    }),
  });
}

function storageSection(path: Path, directory: string) {
  return section({
    location: location(directory).default("maildir:/var/mail/%d/%n"),
    /** `any`: every address has a mailbox; `system`: users of the system do; else a file in the form of passwd. */
    users: z.union([oneOf(["any", "system"]), path], { error: '"any", "system" or the path of a file' }).default("any"),
    /** Whose files mailboxes are, a name or a number; `()`: those of the server's user. */
    uid: orNone(z.union([z.string().min(1), count(0)], { error: "the name or number of a user" })),
    namespaces: z
      .array(
        z.strictObject({
          prefix: z.string().default(""),
          separator: z.string().length(1, { error: "one character" }).default("/"),
          inbox: z.boolean().default(false),
          hidden: z.boolean().default(false),
          list: z.boolean().default(true),
          subscriptions: z.boolean().default(true),
          location: orNone(location(directory)),
        }),
      )
      .default([]),
    plugins: z.array(z.string().min(1, { error: "the name of a plugin" })).default([]),
    /** For storage plugins, as they ask for them. */
    settings: z
      .record(
        z.string(),
        z
          .union([z.string(), z.int(), z.boolean()], { error: "a string, a whole number or a boolean" })
          .transform(String),
      )
      .default({}),
  });
}

function location(directory: string) {
  return z
    .string()
    .regex(/^maildir:(?:[^%\0]|%[und])+$/, { error: '"maildir:PATH", in which %u, %n and %d may stand' })
    .transform((text) => `maildir:${resolve(directory, text.slice("maildir:".length))}`);
}
