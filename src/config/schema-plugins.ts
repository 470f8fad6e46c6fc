/** `config.app.plugins`: where plugins are, how long their functions may take, and what happens to those that fail. */

import { resolve } from "node:path";
import * as z from "zod";
import { count, duration, oneOf, orNone, type Path, section } from "./schema-parts.ts";

export function pluginsSection(path: Path, directory: string) {
  return section({
    directory: path.default(resolve(directory, "plugins")),
    /** A plugin is built for exactly one version of the host. */
    compatibility: oneOf(["exact"]).default("exact"),
    /** How long a quick function may hold the event loop before it is named in the log. */
    stall: duration.default("1s"),
    quarantine: section({
      /** A plugin is taken out of service after so many crashes within that time. */
      crashes: count(1).default(3),
      within: duration.default("10m"),
      /** Or after so many calls that did not come back. */
      losses: count(1).default(8),
      /** A mail is held after so many crashes while it was in flight. */
      mail_crashes: count(1).default(2),
    }),
    defaults: section({
      /** How long one call of a blocking function may take; a quick one that takes as long costs the process. */
      deadline: duration.default("30s"),
      required: z.boolean().default(true),
      isolate: isolation.default(false),
    }),
    /** By the plugin's name, what differs from the defaults. */
    named: z
      .record(
        z.string().regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, { error: 'the name of a plugin, such as "mysql"' }),
        z.strictObject({
          deadline: duration.optional(),
          /** By the name of the function in vSL, `query`, or of a method, `db.query`. */
          deadlines: z.record(z.string(), duration).optional(),
          required: z.boolean().optional(),
          isolate: isolation.optional(),
        }),
      )
      .default({}),
  });
}

/** In a process of its own, which may have a user of its own, and limits to what the plugin takes there. */
const isolation = z.union(
  [
    z.boolean(),
    z.strictObject({
      /** A name; only root can give it; `()`: that of the server. */
      user: orNone(z.string().min(1, { error: "the name of a user" })),
      /** MiB of memory that can be written to; `()`: no limit, as with the others. */
      memory: orNone(count(64)),
      files: orNone(count(32)),
      processes: orNone(count(1)),
      /** Seconds of processor time, after which the process is replaced. */
      cpu: orNone(count(1)),
    }),
  ],
  { error: "true, false or a map of limits" },
);

export type Isolation = z.output<typeof isolation>;
