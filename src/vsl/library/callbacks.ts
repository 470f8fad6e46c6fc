/**
 * How functions of the library call the functions that they are given.
 *
 * A function takes as much of what there is as it has parameters for: an element may come as `this`, as the first
 * parameter, or with its position as the second. Which of them it is, is found once for a whole loop.
 */

import type { FnPtr } from "../function-pointer.ts";
import type { Run } from "../run.ts";
import { share } from "../runtime/containers.ts";
import { ScriptError } from "../script-error.ts";
import { Cell, type Value } from "../value.ts";

type Answer = Value | Promise<Value>;

/** `|item|`, `|item, index|`, or no parameters and `this`. */
export function perElement(run: Run, f: FnPtr, caller: string): (item: Value, index: number) => Answer {
  const { depth } = run;
  // What a callback calls in turn leaves its own depth behind.
  if (f.takes(1)) {
    return (item, _) => {
      run.depth = depth;
      return f.invokeOne(run, share(item));
    };
  }
  if (f.takes(0)) {
    return (item, _) => {
      run.depth = depth;
      return f.invoke(run, [], new Cell(share(item)));
    };
  }
  if (f.takes(2)) {
    return (item, index) => {
      run.depth = depth;
      return f.invokeTwo(run, share(item), index);
    };
  }
  throw unfit(f, caller, "(), (item) or (item, index)");
}

/** `this` is the element, and may be changed; its position is the one parameter, if there is one. */
export function onElement(run: Run, f: FnPtr, caller: string): (self: Cell, index: number) => Answer {
  const { depth } = run;
  const one = f.takes(1) && !f.takes(0);
  if (!one && !f.takes(0)) throw unfit(f, caller, "() or (index), with the element as `this`");
  return (self, index) => {
    run.depth = depth;
    return f.invoke(run, one ? [index] : [], self);
  };
}

/** `|result, item|`, `|result, item, index|`, or `|result|` and the element as `this`. */
export function perResult(run: Run, f: FnPtr, caller: string): (result: Value, item: Value, index: number) => Answer {
  const { depth } = run;
  if (f.takes(2)) {
    return (result, item, _) => {
      run.depth = depth;
      return f.invokeTwo(run, result, share(item));
    };
  }
  if (!f.takes(1) && !f.takes(3)) throw unfit(f, caller, "(result), (result, item) or (result, item, index)");
  const three = f.takes(3);
  return (result, item, index) => {
    run.depth = depth;
    return three ? f.invoke(run, [result, share(item), index]) : f.invoke(run, [result], new Cell(share(item)));
  };
}

/** `|key, value|`, or `|key|` and the value as `this`. */
export function perEntry(run: Run, f: FnPtr, caller: string): (key: string, value: Value) => Answer {
  const { depth } = run;
  const both = f.takes(2);
  if (!both && !f.takes(1)) throw unfit(f, caller, "(key) or (key, value)");
  return (key, value) => {
    run.depth = depth;
    return both ? f.invokeTwo(run, key, share(value)) : f.invoke(run, [key], new Cell(share(value)));
  };
}

/** `|a, b|`. */
export function perPair(run: Run, f: FnPtr, caller: string): (a: Value, b: Value) => Answer {
  const { depth } = run;
  if (!f.takes(2)) throw unfit(f, caller, "(a, b)");
  return (a, b) => {
    run.depth = depth;
    return f.invokeTwo(run, share(a), share(b));
  };
}

export function unfit(f: FnPtr, caller: string, parameters: string): ScriptError {
  return new ScriptError(`${caller} calls ${f.name} with ${parameters}, which is not what it takes`);
}
