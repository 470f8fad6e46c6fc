/** Functions of all values: showing, comparing. */

import { native } from "../native.ts";
import { compare, contains } from "../runtime/compare.ts";
import { debug, show } from "../runtime/text.ts";
import type { Value } from "../value.ts";

export const valueFunctions = [
  native("to_string", "value: any -> string", "The text of a value, as interpolation shows it.", (_, value: Value) =>
    show(value),
  ),
  native(
    "to_debug",
    "value: any -> string",
    "The text of a value with its type to be seen: strings in quotes.",
    (_, value: Value) => debug(value),
  ),
  native(
    "contains",
    "container: any, item: any -> bool",
    "What `item in container` tells.",
    (_, container: Value, item: Value) => contains(container, item),
  ),
  native(
    "max",
    "a: number|string|char, b: number|string|char -> any",
    "The greater of two values.",
    (_, a: Value, b: Value) => ((compare(a, b) ?? 0) >= 0 ? a : b),
  ),
  native(
    "min",
    "a: number|string|char, b: number|string|char -> any",
    "The smaller of two values.",
    (_, a: Value, b: Value) => ((compare(a, b) ?? 0) <= 0 ? a : b),
  ),
];
