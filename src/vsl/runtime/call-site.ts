/**
 * The quick way through a place that calls natives: it remembers the types of the last call, and while they stay the
 * same the code that was found then is called again, without asking which it is and without testing its arguments.
 */

import { HostObject, type NativeFunction } from "../host.ts";
import type { Run } from "../run.ts";
import { Float, type Value, VslArray, VslMap } from "../value.ts";

export type Code = NativeFunction["call"];

/** What is called for these arguments, when that depends on nothing but their types; undefined: it is to be asked. */
export type Resolve = (args: readonly Value[]) => Code | undefined;

/** Whether a call must go the slow way whatever the types are. */
export type Exception = ((self: Value) => boolean) | undefined;

const NEVER = -1;

/** The code of a place with so many arguments, the receiver included; `keeps`: `run.replaced` is read afterwards. */
export function callSite(count: number, resolve: Resolve, slow: Code, exception: Exception, keeps: boolean): Code {
  let first = NEVER;
  let second = NEVER;
  let third = NEVER;
  let code = slow;
  let exceptional: Exception;
  const miss: Code = (run, ...args) => {
    const found = resolve(args);
    if (found) {
      first = typeKey(args[0]);
      second = typeKey(args[1]);
      third = typeKey(args[2]);
      code = found;
      exceptional = exception && first === MAP ? exception : undefined;
    }
    return slow(run, ...args);
  };
  switch (count) {
    case 1:
      return (run: Run, a: Value) => {
        if (typeKey(a) !== first || exceptional?.(a)) return miss(run, a);
        if (keeps) run.replaced = a;
        return code(run, a);
      };
    case 2:
      return (run: Run, a: Value, b: Value) => {
        if (typeKey(a) !== first || typeKey(b) !== second || exceptional?.(a)) return miss(run, a, b);
        if (keeps) run.replaced = a;
        return code(run, a, b);
      };
    case 3:
      return (run: Run, a: Value, b: Value, c: Value) => {
        if (typeKey(a) !== first || typeKey(b) !== second || typeKey(c) !== third || exceptional?.(a))
          return miss(run, a, b, c);
        if (keeps) run.replaced = a;
        return code(run, a, b, c);
      };
    default:
      return slow;
  }
}

/**
 * What the tests of a native's arguments look at, as a small integer: all sites share the machine code that compares
 * them, which is quick as long as it sees nothing else.
 */
export function typeKey(value: Value): number {
  if (typeof value === "string") return 1;
  if (typeof value === "number" || typeof value === "bigint") return 2;
  if (typeof value === "boolean") return 3;
  if (value === undefined) return 4;
  if (value instanceof VslArray) return 5;
  if (value instanceof VslMap) return MAP;
  if (value instanceof Float) return 7;
  return classKey(value instanceof HostObject ? value.type : value.constructor);
}

const MAP = 6;
const FIRST_CLASS = 8;
const classKeys = new WeakMap<object, number>();
let classes = FIRST_CLASS;

function classKey(type: object): number {
  const known = classKeys.get(type);
  if (known !== undefined) return known;
  classKeys.set(type, classes);
  return classes++;
}
