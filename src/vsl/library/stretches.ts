/**
 * Functions on a part of an array, a blob or a string come in forms that differ only in how they name the part: by
 * where it begins and how long it is, by a range, and some of them by its beginning alone.
 */

import type { NativeFunction } from "../host.ts";
import { type NativeOptions, native } from "../native.ts";
import type { Run } from "../run.ts";
import type { Int } from "../runtime/operators.ts";
import { type Bounds, rangeBounds, stretch } from "../runtime/positions.ts";
import type { Range, Value } from "../value.ts";

/** Where the part is in something of that length. */
export type Locate = (length: number) => Bounds;

type Implementation = (run: Run, self: never, locate: Locate, extra: never) => Value;

export interface Stretched {
  /** The first parameter, such as `array: array`. */
  readonly self: string;
  /** A parameter behind the part. */
  readonly extra?: string;
  readonly returns: string;
  /** Also by the beginning alone. */
  readonly tail?: boolean;
  readonly mutates?: NativeOptions["mutates"];
}

export function onStretches(name: string, form: Stretched, doc: string, body: Implementation): NativeFunction[] {
  const { self, extra, returns, tail, mutates } = form;
  const options = mutates === undefined ? {} : { mutates };
  const implement = body as (run: Run, self: Value, locate: Locate, extra: Value) => Value;
  const signature = (part: string) => `${[self, part, ...(extra ? [extra] : [])].join(", ")} -> ${returns}`;
  const forms = [
    native(
      name,
      signature("range: range"),
      doc,
      (run, value: Value, range: Range, more: Value) =>
        implement(run, value, (length) => rangeBounds(range, length), more),
      options,
    ),
    native(
      name,
      signature("start: i64, count: i64"),
      doc,
      (run, value: Value, start: Int, count: Int, more: Value) =>
        implement(run, value, (length) => stretch(start, count, length), more),
      options,
    ),
  ];
  if (!tail) return forms;
  const toEnd = (run: Run, value: Value, start: Int) =>
    implement(run, value, (length) => stretch(start, length, length), undefined);
  return [...forms, native(name, signature("start: i64"), doc, toEnd, options)];
}
