/** `config.app.storage`: where mailboxes are, how users see them, and which storage plugins take part. */

import { resolve } from "node:path";
import * as z from "zod";
import { count, duration, oneOf, orNone, type Path, section } from "./schema-parts.ts";

export function storageSection(path: Path, directory: string) {
  return section({
    location: location(directory).default("maildir:/var/mail/%d/%n"),
    users: users(path).default("any"),
    /** How long one operation may hold the mailboxes of a process before that process is replaced. */
    deadline: duration.default("2m"),
    /** Whose files mailboxes are, a name or a number; `()`: their owners', or the server's user's if they have none. */
    uid: orNone(z.union([z.string().min(1), count(0)], { error: "the name or number of a user" })),
    /** None: one, with the INBOX and without a prefix. */
    namespaces: z.array(namespace(directory)).superRefine(fitTogether).default([]),
    /** Which storage plugins take part; `()`: all of the plugin directory. */
    plugins: orNone(z.array(z.string().min(1, { error: "the name of a plugin" }))),
    /** For storage plugins, as they ask for them. */
    settings: z
      .record(
        z.string(),
        z
          .union([z.string(), z.int(), z.boolean()], { error: "a string, a whole number or a boolean" })
          .transform(String),
      )
      .default({}),
  }).superRefine(knowHomes);
}

/**
 * `any`: every address has a mailbox; `system`: users of the system do; else a file in the form of passwd, or a
 * function of the root filter that is given an address.
 */
function users(path: Path) {
  const named = z.strictObject({ function: z.string().regex(/^[A-Za-z_]\w*$/, { error: "the name of a function" }) });
  return z.union([oneOf(["any", "system"]), path, named], {
    error: '"any", "system", the path of a file, or #{ function: "name" }',
  });
}

interface Homes {
  readonly users: unknown;
  readonly location: string;
  readonly namespaces: readonly { readonly location: string | null }[];
}

/** Where every address has a mailbox, nobody knows of homes. */
function knowHomes({ users, location, namespaces }: Homes, context: z.core.$RefinementCtx<Homes>): void {
  if (users !== "any") return;
  const refuse = (path: PropertyKey[]) =>
    context.addIssue({ code: "custom", path, message: "a location without %h, unless users says who has which home" });
  if (location.includes("%h")) refuse(["location"]);
  for (const [i, one] of namespaces.entries()) if (one.location?.includes("%h")) refuse(["namespaces", i, "location"]);
}

function namespace(directory: string) {
  return z.strictObject({
    /** Whose mails: the user's, another user's, or everybody's. */
    type: oneOf(["private", "shared", "public"]).default("private"),
    prefix: z.string().default(""),
    separator: z.string().length(1, { error: "one character" }).default("/"),
    inbox: z.boolean().default(false),
    hidden: z.boolean().default(false),
    list: z.boolean().default(true),
    subscriptions: z.boolean().default(true),
    /** `()`: that of the user. */
    location: orNone(location(directory)),
    /** The prefix of the namespace whose mailboxes these are too. */
    alias_for: orNone(z.string()),
    mailboxes: z.array(mailbox).default([]),
  });
}

const mailbox = z.strictObject({
  /** Without the prefix of the namespace. */
  name: z.string().min(1, { error: "the name of a mailbox" }),
  /** Whether it is made when it is first needed, and subscribed then. */
  auto: oneOf(["no", "create", "subscribe"]).default("no"),
  /** RFC 6154; several stand apart by spaces. */
  special_use: orNone(z.string().regex(/^\\[A-Za-z]+( \\[A-Za-z]+)*$/, { error: 'such as "\\\\Trash"' })),
});

type Namespace = z.output<ReturnType<typeof namespace>>;

function fitTogether(namespaces: readonly Namespace[], context: z.core.$RefinementCtx<readonly Namespace[]>): void {
  const refuse = (path: PropertyKey[], message: string) =>
    context.addIssue({ code: "custom", path, message, input: namespaces });
  if (namespaces.length > 0 && namespaces.filter(({ inbox }) => inbox).length !== 1) {
    refuse([], "namespaces of which exactly one is the user's inbox (`inbox: true`)");
  }
  const listed = namespaces.find(({ list }) => list)?.separator;
  for (const [i, { prefix, separator, list, alias_for: alias }] of namespaces.entries()) {
    const others = namespaces.filter((_, other) => other !== i);
    if (namespaces.slice(0, i).some((other) => other.prefix === prefix)) {
      refuse([i, "prefix"], "a prefix that no other namespace has");
    }
    if (prefix !== "" && !prefix.endsWith(separator)) {
      refuse([i, "prefix"], `a prefix that ends with "${separator}", the separator`);
    }
    if (list && separator !== listed) {
      refuse([i, "separator"], `a separator like that of the others that are listed, "${listed}"`);
    }
    if (alias !== null && !others.some((other) => other.prefix === alias)) {
      refuse([i, "alias_for"], "the prefix of another namespace");
    }
  }
}

/** Relative paths start at the directory of the configuration, `~/` at the home of the user. */
function location(directory: string) {
  return z
    .string()
    .regex(/^maildir:(?:[^%\0]|%[undh])+$/, { error: '"maildir:PATH", in which %u, %n, %d and %h may stand' })
    .transform((text) => {
      const place = text.slice("maildir:".length).replace(/^~(?=\/|:|$)/, "%h");
      return `maildir:${place.startsWith("%h") ? place : resolve(directory, place)}`;
    });
}
