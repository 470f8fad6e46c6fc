/** Functions of all values: showing, comparing. */

import { native } from "../native.ts";
import { compare, contains } from "../runtime/compare.ts";
import { debug, show } from "../runtime/text.ts";
import { Exit } from "../script-error.ts";
import { type Cell, Float, type Value } from "../value.ts";

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
    "take",
    "value: any -> any",
    "Takes the value out of a variable, which holds `()` afterwards.",
    (_, cell: Cell) => {
      const { v } = cell;
      cell.v = undefined;
      return v;
    },
    { mutates: "cell" },
  ),
  native("exit", "-> any", "Ends the run.", () => {
    throw new Exit(undefined);
  }),
  native("exit", "value: any -> any", "Ends the run with a result.", (_, value: Value) => {
    throw new Exit(value);
  }),
  ...["number", "string", "char"].flatMap((type) => [
    native("max", `a: ${type}, b: ${type} -> ${type}`, "The greater of two values.", (_, a: Value, b: Value) =>
      chosen(a, b, (compare(a, b) ?? -1) >= 0),
    ),
    native("min", `a: ${type}, b: ${type} -> ${type}`, "The smaller of two values.", (_, a: Value, b: Value) =>
      chosen(a, b, (compare(a, b) ?? 1) <= 0),
    ),
  ]),
];

/** Of an integer and a float, either comes as a float. */
function chosen(a: Value, b: Value, first: boolean): Value {
  const value = first ? a : b;
  const mixed = a instanceof Float !== b instanceof Float;
  return mixed && !(value instanceof Float) ? new Float(Number(value)) : value;
}
