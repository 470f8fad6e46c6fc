/**
 * What a call of a function looks like in registers. Both ends know it from the manifest, so a message does not say
 * it, and cannot say it wrong.
 */

import type { CallRequest } from "../../native/index.ts";
import { registerOf } from "../guard-results.ts";
import { slotOf, transactionIndex } from "../guard-transaction.ts";
import type { Signature } from "../signature.ts";

export interface Shape {
  readonly result: CallRequest["result"];
  /** The C type of the object that the function returns; undefined: it returns none. */
  readonly returned: string | undefined;
  /** Integer slots that hold offsets of strings, and of values. */
  readonly strings: readonly number[];
  readonly values: readonly number[];
  /** Integer slots that hold objects. */
  readonly objects: readonly { readonly slot: number; readonly cType: string }[];
  /** -1: none, as in {@link CallRequest}. */
  readonly outSlot: number;
  /** -1: it does not take the transaction. */
  readonly transactionSlot: number;
}

export function shapeOf(signature: Signature): Shape {
  const { parameters, out, result } = signature;
  const slotted = parameters.map(({ passing }, index) => ({ passing, slot: slotOf(parameters, index) }));
  const slots = (kind: string) => slotted.flatMap(({ passing, slot }) => (passing.kind === kind ? slot : []));
  const transaction = transactionIndex(signature);
  return {
    result: registerOf(result),
    returned: result.kind === "object" ? result.cType : undefined,
    strings: slots("string"),
    values: slots("value"),
    objects: slotted.flatMap(({ passing, slot }) => (passing.kind === "object" ? { slot, cType: passing.cType } : [])),
    outSlot: out ? slotOf(parameters, parameters.length) : -1,
    transactionSlot: transaction === -1 ? -1 : slotOf(parameters, transaction),
  };
}
