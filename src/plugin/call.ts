/**
 * The guard around a blocking function: what vSL calls in place of a C function that may wait. Arguments are checked
 * and copied at once, the call runs on a thread of the addon, and a promise carries the result.
 *
 * Calls on one object run one after the other (handle-turns.ts), unless the plugin does its own locking; none takes
 * longer than its deadline (deadline.ts). Another process may carry them out (caller.ts): nothing here knows.
 */

import type { CallRequest, CallResult } from "../native/index.ts";
import { marker } from "../observe/index.ts";
import type { Run, Value } from "../vsl/index.ts";
import type { Caller } from "./caller.ts";
import { inTime, type Schedule } from "./deadline.ts";
import {
  boolReader,
  doubleReader,
  integerReader,
  type Kinds,
  kindOf,
  objectReader,
  refused,
  stringReader,
} from "./guard-arguments.ts";
import { fromRegister, registerOf, resultReader } from "./guard-results.ts";
import type { Site } from "./guard-site.ts";
import { handTransaction, slotOf, transactionIndex, viewOf } from "./guard-transaction.ts";
import type { Handle } from "./handle.ts";
import { inTurn, together } from "./handle-turns.ts";
import {
  type Argument,
  isArgument,
  isDouble,
  MAX_DOUBLE_ARGUMENTS,
  MAX_INTEGER_ARGUMENTS,
  type Parameter,
  type Signature,
} from "./signature.ts";
import type { Watch } from "./watch.ts";
import { Block } from "./wire-block.ts";
import { decode } from "./wire-decode.ts";
import { encode, encodeString } from "./wire-encode.ts";
import { applyChanges } from "./wire-transaction.ts";

export type BlockingGuard = (run: Run, ...args: Value[]) => Promise<Value>;

/** A call that is being made up. */
class Draft {
  readonly ints = new BigInt64Array(MAX_INTEGER_ARGUMENTS);
  readonly doubles = new Float64Array(MAX_DOUBLE_ARGUMENTS);
  readonly block = Block.forCopy(256);
  readonly relocations: number[] = [];
  readonly handles = new Set<Handle>();
  addressSlots = 0;

  /** Puts the address of what was written last into a slot. */
  address(slot: number): void {
    this.ints[slot] = BigInt(this.block.start);
    this.addressSlots |= 1 << slot;
  }
}

/** Checks an argument and puts it into its place. Throws a VsmtpError when it is not what the parameter takes. */
type Writer = (draft: Draft, value: Value) => void;

export function blockingGuard(
  fn: bigint,
  signature: Signature,
  watch: Watch,
  options: { readonly kinds: Kinds; readonly threadsafe: boolean; readonly caller: Pick<Caller, "call"> },
): BlockingGuard {
  const { kinds, threadsafe, caller } = options;
  const { site, figures } = watch;
  const writers = writersOf(signature.parameters, site, kinds);
  const outSlot = signature.out ? slotOf(signature.parameters, signature.parameters.length) : -1;
  const result = registerOf(signature.result);
  const inItsTurn = threadsafe ? together : inTurn;
  const finish = finisher(signature, watch, kinds);

  const transaction = transactionIndex(signature);
  const transactionSlot = slotOf(signature.parameters, transaction);

  return (run, ...args) => {
    watch.admit();
    if (args.length !== writers.length) {
      throw site.error("PLUGIN_ARGUMENT_COUNT", { expected: writers.length, found: args.length });
    }
    const draft = new Draft();
    for (const [i, write] of writers.entries()) write(draft, args[i]);
    const view = transaction === -1 ? undefined : viewOf(run, site);
    const handed = view && handTransaction(draft.block, view, transactionSlot, site);
    const { ints, doubles, addressSlots } = draft;
    const block = draft.block.bytes.subarray(0, draft.block.at);
    const relocations = Uint32Array.from(draft.relocations);
    const request: CallRequest = {
      fn,
      result,
      ints,
      addressSlots,
      outSlot,
      doubles,
      block,
      relocations,
      transaction: handed,
      marked: { function: watch.mark.id, situation: run.label },
    };
    const handles = [...draft.handles];
    const schedule = handles.length === 0 ? atOnce : inItsTurn;
    const since = performance.now();
    const begin = () => {
      watch.admit();
      return caller.call(request);
    };
    const lost = (): void => marker().keep(run.label);
    figures.calls++;
    return inTime({ site, handles, schedule, begin, lost }).then((answer) => {
      figures.times.add(performance.now() - since);
      const value = finish(answer);
      if (view && answer.changes !== undefined) applyChanges(answer.changes, view.mail, site.toString());
      return value;
    });
  };
}

const atOnce: Schedule = (_handles, work) => work();

/** Every parameter has its slot: integers and pointers count for themselves, doubles too. What a script passes is written. */
function writersOf(parameters: readonly Parameter[], site: Site, kinds: Kinds): Writer[] {
  let slot = 0;
  let doubles = 0;
  return parameters.flatMap((parameter) => {
    const own = isDouble(parameter.passing) ? doubles++ : slot++;
    return isArgument(parameter) ? writerOf(parameter, own, site, kinds) : [];
  });
}

function writerOf(parameter: Argument, slot: number, site: Site, kinds: Kinds): Writer {
  const { name, passing } = parameter;
  switch (passing.kind) {
    case "int": {
      const read = integerReader(name, passing.bits, passing.signed, site);
      return (draft, value) => {
        draft.ints[slot] = BigInt(read(value));
      };
    }
    case "bool": {
      const read = boolReader(name, site);
      return (draft, value) => {
        draft.ints[slot] = read(value) ? 1n : 0n;
      };
    }
    case "double": {
      const read = doubleReader(name, site);
      return (draft, value) => {
        draft.doubles[slot] = read(value);
      };
    }
    case "string": {
      const read = stringReader(name, site);
      return (draft, value) => {
        const refusal = encodeString(draft.block, read(value));
        if (refusal !== undefined) throw refused(site, parameter, refusal);
        draft.address(slot);
      };
    }
    case "value":
      return (draft, value) => {
        const refusal = encode(draft.block, value);
        if (refusal !== undefined) throw refused(site, parameter, refusal);
        draft.address(slot);
        draft.relocations.push(draft.block.start, draft.block.start + 8);
      };
    case "object": {
      const read = objectReader(name, kindOf(kinds, passing.cType), site);
      return (draft, value) => {
        const { handle } = read(value);
        draft.ints[slot] = handle.pointer;
        draft.handles.add(handle);
      };
    }
  }
}

function finisher(signature: Signature, watch: Watch, kinds: Kinds): (result: CallResult) => Value {
  const { site } = watch;
  const read = resultReader(signature.result, site, kinds);
  return ({ failure, value, out }) => {
    if (failure !== undefined) throw watch.failed(failure);
    if (signature.out) return out === undefined ? undefined : decode(out, site.toString());
    return read(fromRegister(signature.result, value));
  };
}
