/** Function pointers. Calling and currying them is part of the language. */

import type { FnPtr } from "../function-pointer.ts";
import { native } from "../native.ts";

export const pointerFunctions = [
  native("name", "f: Fn -> string", "The name of the function.", (_, f: FnPtr) => f.name),
  native("is_anonymous", "f: Fn -> bool", "Whether it is a closure.", (_, f: FnPtr) => f.name.startsWith("anon$")),
];
