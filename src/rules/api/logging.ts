/** `log(level, text)`, also `logging::log`: a line in the application log. */

import { NativeModule, native, type Run, type Value } from "../../vsl/index.ts";
import { textOf } from "./object.ts";
import { logger } from "./situation.ts";

export const logFunction = native(
  "log",
  "level: string|object, text: string|object",
  "Writes a line to the application log; levels are trace, debug, info, warn and error.",
  (run: Run, level: Value, text: Value) => {
    logger(run)?.(textOf(level).toLowerCase(), textOf(text));
  },
);

export function loggingModule(): NativeModule {
  return new NativeModule("logging", "The application log.").add(logFunction);
}
