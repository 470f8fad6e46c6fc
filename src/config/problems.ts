/** Turns what zod finds into errors that name the key, what it is and what was expected. */

import type * as z from "zod";
import { VsmtpError } from "../errors.ts";

export interface Judged {
  /** The configuration file. */
  readonly file: string;
  /** What its script returned. */
  readonly value: unknown;
  /** The default configuration, which has every key. */
  readonly defaults: unknown;
}

/** One error a key. */
export function configProblems({ file, value, defaults }: Judged, error: z.ZodError): VsmtpError[] {
  return error.issues.flatMap((issue) => {
    if (issue.code === "unrecognized_keys") {
      const known = Object.keys(at(defaults, issue.path) ?? {}).join(", ");
      return issue.keys.map((key) => {
        const path = pathOf([...issue.path, key]);
        return new VsmtpError("CONFIG_UNKNOWN_KEY", { file, path, section: pathOf(issue.path), known });
      });
    }
    const got = show(at(value, issue.path));
    return [new VsmtpError("CONFIG_INVALID", { file, path: pathOf(issue.path), got, expected: expected(issue) })];
  });
}

function expected(issue: z.core.$ZodIssue): string {
  if (issue.code !== "invalid_type") return issue.message;
  return TYPES[issue.expected] ?? issue.expected;
}

const TYPES: Readonly<Record<string, string>> = {
  int: "a whole number",
  number: "a whole number",
  string: "a string",
  object: "a map",
  array: "an array",
  boolean: "true or false",
};

function pathOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, key) => (typeof key === "number" ? `${text}[${key}]` : `${text}.${String(key)}`),
    "config",
  );
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key], value);
}

function show(value: unknown): string {
  if (value === undefined || value === null) return "()";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object") return "a map";
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}
