/** Turns what zod finds into errors that name the key, where it is set, what it is and what was expected. */

import type * as z from "zod";
import { type Place, VsmtpError } from "../errors.ts";
import { nearest } from "../vsl/index.ts";

export interface Judged {
  /** The configuration file. */
  readonly file: string;
  /** What its script returned. */
  readonly value: unknown;
  /** The default configuration, which has every key. */
  readonly defaults: unknown;
  /** Where the value belongs in the whole configuration, when it is a part of it. */
  readonly section?: readonly PropertyKey[];
  readonly places: { of(path: readonly PropertyKey[]): Place | undefined };
}

type Issue = z.core.$ZodIssue;

/** One error a key. */
export function configProblems(judged: Judged, error: z.ZodError): VsmtpError[] {
  return error.issues.flatMap(innermost).flatMap((issue) => {
    return issue.code === "unrecognized_keys" ? unknownKeys(judged, issue) : [invalid(judged, issue)];
  });
}

function unknownKeys({ file, defaults, section = [], places }: Judged, issue: Issue & { code: "unrecognized_keys" }) {
  const known = Object.keys(at(defaults, issue.path) ?? {});
  const where = pathOf([...section, ...issue.path]);
  return issue.keys.map((key) => {
    const place = places.of([...issue.path, key]);
    const path = pathOf([...section, ...issue.path, key]);
    const near = nearest(key, known);
    const keys = known.length === 0 ? `${where} has no such key` : `The keys of ${where} are ${known.join(", ")}`;
    const hint = near === undefined ? keys : `Did you mean \`${near}\`? ${keys}`;
    return new VsmtpError("CONFIG_UNKNOWN_KEY", { file, path, hint }, { ...(place && { place }) });
  });
}

function invalid({ file, value, section = [], places }: Judged, issue: Issue): VsmtpError {
  const place = places.of(issue.path);
  const path = pathOf([...section, ...issue.path]);
  const facts = { file, path, got: show(at(value, issue.path)), expected: expected(issue) };
  return new VsmtpError("CONFIG_INVALID", facts, { ...(place && { place }) });
}

/** Of a value that may be of several shapes: what is wrong inside of the shape that it comes closest to. */
function innermost(issue: Issue): Issue[] {
  if (issue.code === "invalid_key") return [{ ...issue, message: issue.issues[0]?.message ?? issue.message }];
  if (issue.code !== "invalid_union") return [issue];
  const inside = issue.errors.flat().filter((inner) => inner.path.length > 0 || inner.code === "unrecognized_keys");
  const fitting = issue.errors.find((errors) => errors.every((inner) => inner.code === "custom"));
  if (inside.length > 0)
    return inside.flatMap((inner) => innermost({ ...inner, path: [...issue.path, ...inner.path] }));
  return fitting?.[0] ? [{ ...fitting[0], path: issue.path }] : [issue];
}

function expected(issue: Issue): string {
  if (issue.code !== "invalid_type") return issue.message;
  return TYPES[issue.expected] ?? issue.expected;
}

const TYPES: Readonly<Record<string, string>> = {
  int: "a whole number",
  number: "a whole number",
  string: "a string",
  object: "a map",
  record: "a map",
  array: "an array",
  boolean: "true or false",
};

function pathOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    return /^\w+$/.test(String(key)) ? `${text}.${String(key)}` : `${text}[${JSON.stringify(String(key))}]`;
  }, "config");
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown> | undefined | null)?.[key], value);
}

function show(value: unknown): string {
  if (value === undefined || value === null) return "()";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object") return "a map";
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}
