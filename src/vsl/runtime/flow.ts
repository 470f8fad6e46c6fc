/** What compiled code needs around its operators: conditions, loops, errors, templates, closures and directives. */

import { VsmtpError } from "../../errors.ts";
import { placeOf } from "../compiler/located.ts";
import { FnPtr, type Target } from "../function-pointer.ts";
import { Unavailable } from "../host.ts";
import type { Run } from "../run.ts";
import { Failure, ScriptError, Thrown, Uncatchable } from "../script-error.ts";
import { Blob, type Cell, charOf, Range, type Value, VslArray, VslMap } from "../value.ts";
import { share } from "./containers.ts";
import { int, isInt } from "./operators.ts";
import { Sequence } from "./sequence.ts";
import { debug, typeName } from "./text.ts";

/** Conditions are booleans and nothing else. */
export function truth(value: Value): boolean {
  if (typeof value === "boolean") return value;
  throw new Failure("ErrorMismatchDataType", `a condition must be a bool, not ${typeName(value)}`);
}

/** `from..to`. */
export function range(from: Value, to: Value, inclusive: boolean): Range {
  if (isInt(from) && isInt(to)) return new Range(from, to, inclusive);
  throw new Failure(
    "ErrorMismatchDataType",
    `a range goes from i64 to i64, not from ${typeName(from)} to ${typeName(to)}`,
  );
}

/** What `for` goes through. A container is taken as it is at the beginning. */
export function iterate(source: Value): Iterable<Value> {
  if (source instanceof VslArray) return share(source).items;
  if (source instanceof Range) return integers(source);
  if (typeof source === "string") return characters(source);
  if (source instanceof Blob) return share(source).bytes;
  if (source instanceof Sequence) return source;
  throw new Failure("ErrorFor", `\`for\` cannot go through ${typeName(source)}`);
}

function* integers({ from, to, inclusive }: Range): Generator<Value> {
  if (typeof from === "number" && typeof to === "number") {
    const end = inclusive ? to + 1 : to;
    for (let i = from; i < end; i++) yield i;
    return;
  }
  for (let i = BigInt(from), end = BigInt(to); inclusive ? i <= end : i < end; i++) yield int(i, "the range");
}

function* characters(text: string): Generator<Value> {
  for (const c of text) yield charOf(c.codePointAt(0) as number);
}

/** What `throw` throws: values of all kinds, and failures that were caught before. */
export function thrown(value: Value): ScriptError {
  return new Thrown(messageOf(value), share(value));
}

function messageOf(value: Value): string {
  const message = value instanceof VslMap && value.has("error") ? value.get("message") : value;
  return typeof message === "string" ? message : `threw ${debug(value)}`;
}

/** What `catch` binds; rethrows what scripts must not catch. */
export function caught(error: unknown): Value {
  if (error instanceof Uncatchable) throw error;
  if (error instanceof Failure) return failureMap(error);
  if (error instanceof ScriptError) return error.value;
  if (error instanceof VsmtpError) return error.message;
  throw error;
}

function failureMap(failure: Failure): VslMap {
  const { kind, message } = failure;
  const { line = 0, column: position = 0 } = failure.place ?? placeOf(failure) ?? {};
  return VslMap.of({ error: kind, message, line, position });
}

/** The text of a template once it is put together. */
export function template(run: Run, text: string): string {
  if (text.length > run.longString) run.joinsString(text.length);
  return text;
}

export function closure(
  name: string,
  arity: number,
  usesThis: boolean,
  bind: Target["bind"],
  cells: readonly Cell[],
): FnPtr {
  return new FnPtr({ name, arity, usesThis, bind }, cells);
}

/** The value of `rule "name" body` and its like: a map that whoever runs directives reads. */
export function directive(kind: string, name: string, body: Value, service: Value): VslMap {
  const map = VslMap.of({ name, type: kind });
  if (kind === "delegate") map.set("service", service);
  if (body instanceof FnPtr) map.set("evaluate", body);
  else if (body instanceof VslMap) {
    for (const [key, value] of body.entries) map.set(key, share(value));
    if (!(map.get("evaluate") instanceof FnPtr))
      throw new Failure("ErrorMismatchDataType", `the ${kind} \`${name}\` has no function \`evaluate\``);
  } else
    throw new Failure(
      "ErrorMismatchDataType",
      `the body of the ${kind} \`${name}\` must be a closure or a map, not ${typeName(body)}`,
    );
  return map;
}

/** The service of a `delegate`; `()` when it could not be built: that is told once, and when the directive runs. */
export function service(value: Value | Unavailable): Value {
  return value instanceof Unavailable ? undefined : imported(value);
}

/** A variable of another module: closures come with cells of their own, so that nothing is shared through them. */
export function imported(value: Value | Unavailable): Value {
  if (value instanceof Unavailable) throw value.error();
  return value instanceof FnPtr ? value.fresh() : share(value);
}
