/** Time: moments of a clock that is never set, and waiting. */

import { native } from "../native.ts";
import { type Int, isInt } from "../runtime/operators.ts";
import { ScriptError } from "../script-error.ts";
import { Float, Timestamp, type Value } from "../value.ts";

/** The longest that a timer can be set to. */
const LONGEST = 2 ** 31 - 1;

export const timeFunctions = [
  native("timestamp", "-> timestamp", "This moment.", () => new Timestamp(now())),
  native("elapsed", "moment: timestamp -> f64", "The seconds since a moment.", (_, { seconds }: Timestamp) => {
    const elapsed = now() - seconds;
    if (elapsed < 0) throw new ScriptError("the timestamp is later than now");
    return new Float(elapsed);
  }),
  native(
    "sleep",
    "seconds: number",
    "Waits.",
    (_, seconds: Int | Float) => {
      const milliseconds = 1000 * (isInt(seconds) ? Number(seconds) : seconds.value);
      if (!(milliseconds > 0)) return undefined;
      return new Promise<Value>((resolve) => {
        setTimeout(() => resolve(undefined), Math.min(milliseconds, LONGEST));
      });
    },
    { suspends: true },
  ),
];

function now(): number {
  return performance.now() / 1000;
}
