/** Users as the core takes them. */

import { hostname } from "node:os";
import type { StoragePlugin } from "../plugin/index.ts";
import type { MailNamespace, MailUser } from "./user.ts";

export type LoadedPlugins = readonly Pick<StoragePlugin, "name" | "base">[];

/** The namespace of a user who has none in particular. */
const ONLY: MailNamespace = {
  prefix: "",
  separator: "/",
  inbox: true,
  hidden: false,
  list: true,
  subscriptions: true,
  location: null,
};

/** Which plugins are active is a line of names, as Dovecot's mail_plugins has them: `mail_log quota`. */
export function forCore(
  { plugins, namespaces = [], ...user }: MailUser,
  loaded: LoadedPlugins,
): Readonly<Record<string, unknown>> {
  const active = plugins === undefined ? loaded : loaded.filter(({ name }) => plugins.includes(name));
  return {
    ...user,
    namespaces: namespaces.length > 0 ? namespaces : [ONLY],
    plugins: active.map(({ base }) => base.replace(/_plugin$/, "")).join(" "),
    hostname: hostname(),
  };
}
