/** What the sections of the configuration are made of: strict maps, and texts with a meaning. */

import { resolve } from "node:path";
import * as z from "zod";
import { isLevelDirective } from "../observe/index.ts";
import { isDuration } from "./duration.ts";
import { isHostName } from "./host-name.ts";
import { parseListenAddress, parseLmtpAddress, type SocketAddress, showListenAddress } from "./listen.ts";

export type Path = z.ZodType<string, string>;

/** Paths of the configuration of `directory`; they come out absolute. */
export function pathIn(directory: string): Path {
  return z
    .string()
    .min(1, { error: "a path" })
    .refine((text) => !text.includes("\0"), { error: "a path" })
    .transform((text) => resolve(directory, text));
}

/** A strict map all of whose keys have defaults, and which has itself one. */
export function section<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape).prefault({} as never);
}

/** A strict map some of whose keys must be given when it is replaced; `defaults` holds while it is not. */
export function sectionOf<Shape extends z.ZodRawShape>(
  shape: Shape,
  defaults: z.input<z.ZodObject<Shape, z.core.$strict>>,
) {
  return z.strictObject(shape).prefault(defaults as never);
}

/** `()` where a script may leave something out; plain data has null for it. */
export function orNone<T extends z.ZodType>(type: T) {
  return type.nullish().transform((value) => (value ?? null) as Exclude<typeof value, undefined> | null);
}

/** At least `least`. */
export function count(least: number) {
  return z.int().min(least, { error: `${least} or more` });
}

export const duration = z.string().refine(isDuration, { error: 'a duration such as "100ms", "30s" or "5m"' });

export const hostName = z.string().refine(isHostName, { error: "a host name" });

export const listenAddress = z.string().refine((text) => parseListenAddress(text) !== undefined, {
  error: 'an address and port such as "127.0.0.1:25", "[::1]:25" or "mx.example.com:25"',
});

/** An address and port, or the path of a socket in `directory`. */
export function lmtpAddress(directory: string) {
  return z
    .string()
    .refine((text) => parseLmtpAddress(text, directory) !== undefined, {
      error: 'an address and port such as "127.0.0.1:24", or a path such as "unix:/run/vsmtp/lmtp" of up to 107 bytes',
    })
    .transform((text) => showListenAddress(parseLmtpAddress(text, directory) as SocketAddress));
}

export const levelDirective = z.string().refine(isLevelDirective, {
  error: 'a level (trace, debug, info, warn, error, off) or "AREA=LEVEL"',
});

/** One of some words, told with all of them when it is another. */
export function oneOf<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z.enum(words, {
    error: (issue) => (typeof issue.input === "string" ? `one of ${words.join(", ")}` : "a string"),
  });
}
