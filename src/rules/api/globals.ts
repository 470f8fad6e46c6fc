/** Functions that rules call without a path. */

import { type NativeFunction, native, type Run, type Value } from "../../vsl/index.ts";
import { addressOf, fqdnOf, ObjectValue, textOf } from "./object.ts";
import { logger } from "./situation.ts";
import { codeFunctions, stateGlobals } from "./state.ts";

export function globalFunctions(): NativeFunction[] {
  return [
    ...codeFunctions,
    ...stateGlobals(),
    native("address", "text: string -> object", "A mail address.", (_, text: string) => addressOf(text)),
    native("fqdn", "text: string -> object", "A host name.", (_, text: string) => fqdnOf(text)),
    native("identifier", "text: string -> object", "Any name, such as a local part.", (_, text: string) => {
      return new ObjectValue({ variant: "identifier", text });
    }),
    native(
      "log",
      "level: string|object, text: string|object",
      "Writes a line to the application log.",
      (run: Run, level: Value, text: Value) => {
        logger(run)?.(textOf(level), textOf(text));
      },
    ),
  ];
}
