/**
 * What a configuration may say, and what holds where it says nothing.
 *
 * One section an object, every key with its default, so that a script may replace a whole section and give only the
 * keys it cares about. Unknown keys are refused everywhere. The result is plain data with the names and texts of the
 * script (durations stay texts), because rules read it as `cfg::server` and `cfg::app`; only paths are made absolute,
 * from the directory of vsmtp.vsl.
 */

import { hostname } from "node:os";
import { resolve } from "node:path";
import * as z from "zod";
import { isLevelDirective } from "../observe/index.ts";
import { isDuration } from "./duration.ts";
import { parseListenAddress } from "./listen.ts";

/** For the configuration of `directory`. */
export function configSchema(directory: string) {
  const path = z
    .string()
    .min(1, { error: "a path" })
    .transform((text) => resolve(directory, text));
  return z.strictObject({ server: serverSection(path), app: appSection(path, directory) });
}

type Path = z.ZodType<string, string>;

function serverSection(path: Path) {
  return section({
    name: z
      .string()
      .regex(/^[^\s<>()]{1,255}$/, { error: "a host name" })
      .default(hostname()),
    /** Connections at a time; -1: no limit. */
    client_count_max: z.int().min(-1, { error: "-1 or more" }).default(16),
    /** Bytes, after dot-unstuffing. */
    message_size_limit: z.int().min(1, { error: "1 or more" }).default(10_000_000),
    interfaces: section({
      addr: z.array(listenAddress).min(1, { error: "at least one address" }).default(["127.0.0.1:25"]),
    }),
    logs: section({
      /** `()`: stdout. */
      filename: orNone(path),
      level: z.array(levelDirective).default(["warn"]),
    }),
    queues: section({ dirpath: path.default("/var/spool/vsmtp") }),
    smtp: section({
      rcpt_count_max: z.int().min(1, { error: "1 or more" }).default(1000),
      /** Before the greeting: clients that talk earlier are refused. */
      greeting_delay: duration.default("100ms"),
    }),
  });
}

function appSection(path: Path, directory: string) {
  return section({
    dirpath: path.default("/var/spool/vsmtp/app"),
    vsl: section({
      /** `()`: filter.vsl beside vsmtp.vsl. */
      filter_path: orNone(path),
      domain_dir: orNone(path),
      /** Of one run of a script; see Limits of vsl. */
      limits: section({
        operations: limit.default(5_000_000),
        depth: limit.default(128),
        string_size: limit.default(16 * 1024 * 1024),
        array_size: limit.default(1_000_000),
        map_size: limit.default(1_000_000),
      }),
    }),
    plugins: section({ directory: path.default(resolve(directory, "plugins")) }),
    storage: section({
      location: z
        .string()
        .regex(/^maildir:(?:[^%\0]|%[und])+$/, { error: '"maildir:PATH", in which %u, %n and %d may stand' })
        .transform((text) => `maildir:${resolve(directory, text.slice("maildir:".length))}`)
        .default("maildir:/var/mail/%d/%n"),
    }),
  });
}

/** `()` where a script may leave something out; plain data has null for it. */
function orNone(path: Path) {
  return path.nullish().transform((value) => value ?? null);
}

/** A strict object all of whose keys have defaults, and which has itself one. */
function section<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape).prefault({} as never);
}

const limit = z.int().min(1, { error: "1 or more" });

const duration = z.string().refine(isDuration, { error: 'a duration such as "100ms", "30s" or "5m"' });

const listenAddress = z.string().refine((text) => parseListenAddress(text) !== undefined, {
  error: 'an address and port such as "127.0.0.1:25" or "[::1]:25"',
});

const levelDirective = z.string().refine(isLevelDirective, {
  error: 'a level (trace, debug, info, warn, error, off) or "AREA=LEVEL"',
});

/** The validated values, as rules see them too. */
export type Settings = Readonly<z.output<ReturnType<typeof configSchema>>>;
