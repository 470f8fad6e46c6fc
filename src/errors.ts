/**
 * The catalogue of everything that can go wrong in a way a person should read about.
 *
 * One row a failure: what happened and where (`what`), and what to do about it (`fix`). `{name}` is filled from the
 * facts given where the failure is found. A failure is a value of {@link VsmtpError}; whoever finds it returns or
 * throws that, never a bare `Error`. docs/errors.md explains every code; a test holds the two against each other.
 * Codes are never renamed or reused: scripts of admins match them.
 */

import { pluginErrors } from "./errors/plugin.ts";
import { serverErrors } from "./errors/server.ts";
import { storageErrors } from "./errors/storage.ts";
import { vslErrors } from "./errors/vsl.ts";

/** One row of the catalogue. */
export interface ErrorRow {
  /** What failed and where, a sentence without its final stop. */
  readonly what: string;
  /** What the reader can do about it, a sentence without its final stop. */
  readonly fix: string;
}

export const catalogue = { ...pluginErrors, ...vslErrors, ...serverErrors, ...storageErrors };

export type ErrorCode = keyof typeof catalogue;

/** Where in a text a failure was found. Lines and columns count from 1, columns in code points. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Code points to underline, at least 1. */
  readonly length?: number;
  /** The text of that line, for the caret under it. */
  readonly source?: string;
}

export type Facts = Readonly<Record<string, string | number | bigint>>;

export interface ErrorOptions {
  readonly place?: Place;
  readonly cause?: unknown;
}

/** The one error type of this project. `message` is the filled `what`; `fix` the filled advice. */
export class VsmtpError extends Error {
  override readonly name = "VsmtpError";
  readonly code: ErrorCode;
  readonly facts: Facts;
  readonly fix: string;
  readonly place: Place | undefined;

  constructor(code: ErrorCode, facts: Facts = {}, options: ErrorOptions = {}) {
    const row: ErrorRow = catalogue[code];
    super(fill(row.what, facts), options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.facts = facts;
    this.fix = fill(row.fix, facts);
    this.place = options.place;
  }

  /** The shape that `--json` prints. */
  toJSON(): Record<string, unknown> {
    return {
      code: this.code,
      message: this.message,
      fix: this.fix,
      ...(this.place && { file: this.place.file, line: this.place.line, column: this.place.column }),
    };
  }
}

/** Several lines for a terminal: place, sentence, source line with a caret, advice. */
export function describe(error: VsmtpError): string {
  const { place } = error;
  const lines = [`${place ? `${place.file}:${place.line}:${place.column}: ` : ""}${error.message} [${error.code}]`];
  if (place?.source !== undefined) {
    const gutter = String(place.line);
    const indent = [...place.source].slice(0, place.column - 1).map((c) => (c === "\t" ? "\t" : " "));
    lines.push(`  ${gutter} | ${place.source}`);
    lines.push(`  ${" ".repeat(gutter.length)} | ${indent.join("")}${"^".repeat(Math.max(1, place.length ?? 1))}`);
  }
  if (error.fix) lines.push(`  help: ${error.fix}`);
  return lines.join("\n");
}

/** Anything caught, as text for a log line. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function fill(template: string, facts: Facts): string {
  return template.replace(/\{(\w+)\}/g, (_, key: string) => String(facts[key] ?? `{${key}}`));
}
