/** `msg::…`: the header fields and the text of the mail. Fields added before DATA come first in the mail. */

import { NativeModule, native, type Run, type Value, VslArray } from "../../vsl/index.ts";
import type { Message } from "../message.ts";
import { textOf } from "./object.ts";
import { transactionAt } from "./situation.ts";

export function msgModule(): NativeModule {
  return new NativeModule("msg", "The mail itself.").add(
    native(
      "has_header",
      "name: string|object -> bool",
      "Whether there is a field of that name.",
      (run: Run, name: Value) => {
        return message(run, "has_header").count(textOf(name)) > 0;
      },
    ),
    native(
      "count_header",
      "name: string|object -> i64",
      "How many fields of that name there are.",
      (run: Run, name: Value) => {
        return message(run, "count_header").count(textOf(name));
      },
    ),
    native(
      "get_header",
      "name: string|object -> string",
      "The first field's value, unfolded; empty without one.",
      (run: Run, name: Value) => {
        return message(run, "get_header").values(textOf(name))[0] ?? "";
      },
    ),
    native(
      "get_all_headers",
      "name: string|object -> array",
      "The values of all fields of that name.",
      (run: Run, name: Value) => {
        return new VslArray(message(run, "get_all_headers").values(textOf(name)));
      },
    ),
    native(
      "prepend_header",
      "name: string, value: string|object",
      "Adds a field in front of all others.",
      (run: Run, name: string, value: Value) => {
        message(run, "prepend_header").prepend(name, textOf(value));
      },
    ),
    native(
      "append_header",
      "name: string, value: string|object",
      "Adds a field behind all others.",
      (run: Run, name: string, value: Value) => {
        message(run, "append_header").append(name, textOf(value));
      },
    ),
    native(
      "set_header",
      "name: string, value: string|object",
      "Replaces the first field of that name, or adds one.",
      (run: Run, name: string, value: Value) => {
        message(run, "set_header").set(name, textOf(value));
      },
    ),
    native(
      "rename_header",
      "from: string|object, to: string|object",
      "Renames the first field of a name.",
      (run: Run, from: Value, to: Value) => {
        message(run, "rename_header").rename(textOf(from), textOf(to));
      },
    ),
    native(
      "rm_header",
      "name: string|object -> bool",
      "Removes the first field of that name; whether there was one.",
      (run: Run, name: Value) => {
        return message(run, "rm_header").remove(textOf(name));
      },
    ),
    native("mail", "-> string", "The whole mail.", (run: Run) => message(run, "mail").toString()),
  );
}

function message(run: Run, name: string): Message {
  return transactionAt(run, `msg::${name}`, "mail").message;
}
