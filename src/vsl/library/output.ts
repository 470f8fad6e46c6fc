/** What scripts print goes where the embedder says, a line at a time; by itself to stdout. */

import type { NativeFunction } from "../host.ts";
import { native } from "../native.ts";
import { debug, show } from "../runtime/text.ts";
import type { Value } from "../value.ts";

export function outputFunctions(print: (line: string) => void = toStdout): NativeFunction[] {
  return [
    native("print", "", "Prints an empty line.", () => void print("")),
    native(
      "print",
      "value: any",
      "Prints a line with the text of a value.",
      (_, value: Value) => void print(show(value)),
    ),
    native("debug", "", "Prints an empty line.", () => void print("")),
    native(
      "debug",
      "value: any",
      "Prints a line with what `to_debug` gives.",
      (_, value: Value) => void print(debug(value)),
    ),
  ];
}

function toStdout(line: string): void {
  process.stdout.write(`${line}\n`);
}
