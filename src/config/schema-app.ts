/** `config.app`: what rules, plugins and mailboxes are given. */

import { count, oneOf, orNone, type Path, section } from "./schema-parts.ts";
import { pluginsSection } from "./schema-plugins.ts";
import { storageSection } from "./schema-storage.ts";

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
    plugins: pluginsSection(path, directory),
    storage: storageSection(path, directory),
    /** The mbox files of local users, `<directory>/<local part>`. */
    mbox: section({
      directory: path.default("/var/mail"),
      /** `system`: only users of the system have one; `any`: every local part does. */
      users: oneOf(["any", "system"]).default("system"),
    }),
  });
}
