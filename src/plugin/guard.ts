/**
 * The guard around a quick function: what vSL calls on the event loop in place of the C function.
 *
 * It checks every argument, hands containers over in memory outside V8 (nested calls stack theirs), notes the call where
 * others see it (watch.ts), makes it through koffi, and raises what the plugin said with `vsmtp_fail`. Guards are
 * closures of a few shapes: JavaScript text made for each function was measured to be no quicker.
 */

import type { Native } from "../native/index.ts";
import type { Run, Value } from "../vsl/index.ts";
import {
  boolReader,
  doubleReader,
  integerReader,
  type Kinds,
  kindOf,
  objectReader,
  type Reader,
  refused,
  stringReader,
} from "./guard-arguments.ts";
import { type ResultReader, resultReader } from "./guard-results.ts";
import type { Site } from "./guard-site.ts";
import { fillTransaction, transactionIndex, withTransaction } from "./guard-transaction.ts";
import { type Raw, type RawFunction, rawFunction } from "./prototype-koffi.ts";
import { type Argument, argumentsOf, type Signature, transactionUse } from "./signature.ts";
import type { Watch } from "./watch.ts";
import { Block } from "./wire-block.ts";
import { decode } from "./wire-decode.ts";
import { encode } from "./wire-encode.ts";

export type Guard = (run: Run, ...args: Value[]) => Value;

/** Room for the arguments of most calls; it grows. */
const CAPACITY = 64 * 1024;

/** What all quick calls hand over lies here: on one thread a call runs inside another at most. */
let memory: Block | undefined;

function memoryOf(native: Native): Block {
  memory ??= Block.shared((bytes) => native.allocate(bytes), CAPACITY);
  return memory;
}

export function quickGuard(
  address: bigint,
  signature: Signature,
  watch: Watch,
  { kinds, native }: { readonly kinds: Kinds; readonly native: Native },
): Guard {
  const { site } = watch;
  const block = memoryOf(native);
  const parameters = argumentsOf(signature);
  const readers = parameters.map((parameter) => readerOf(parameter, site, kinds, block));
  const fn = callable(address, signature, native);
  const result = signature.out ? outReader(native, watch) : resultReader(signature.result, site, kinds);

  const guard = guardOf(fn, readers, result, watch, native);
  if (transactionUse(signature) !== undefined) return stacked(withTransaction(guard, block, watch, native), block);
  return parameters.some(({ passing }) => passing.kind === "value") ? stacked(guard, block) : guard;
}

/** The function for what a script passes: what the host passes itself is filled in. */
function callable(address: bigint, signature: Signature, native: Native): RawFunction {
  const raw = rawFunction(address, signature);
  const at = transactionIndex(signature);
  const fn = at === -1 ? raw : fillTransaction(raw, at, native);
  const { out } = native;
  return signature.out ? (...args) => fn(...args, out) : fn;
}

/** The common arities are written out: an array of arguments in between would cost as much as the call. */
function guardOf(
  fn: RawFunction,
  readers: readonly Reader<Raw>[],
  result: ResultReader,
  watch: Watch,
  native: Native,
): Guard {
  const { failed } = native;
  const arity = readers.length;
  const [first, second, third, fourth] = readers as [Reader<Raw>, Reader<Raw>, Reader<Raw>, Reader<Raw>];
  const finish = (raw: Raw): Value => {
    if (failed[0] !== 0) throw watch.failed(native.takeFailure());
    return result(raw);
  };
  const count = (found: number): void => {
    if (found !== arity) throw watch.site.error("PLUGIN_ARGUMENT_COUNT", { expected: arity, found });
  };
  switch (arity) {
    case 0:
      return (run, ...args) => {
        count(args.length);
        watch.begin(run.label);
        let raw: Raw;
        try {
          raw = fn();
        } finally {
          watch.end();
        }
        return finish(raw);
      };
    case 1:
      return (run, ...args) => {
        count(args.length);
        const one = first(args[0]);
        watch.begin(run.label);
        let raw: Raw;
        try {
          raw = fn(one);
        } finally {
          watch.end();
        }
        return finish(raw);
      };
    case 2:
      return (run, ...args) => {
        count(args.length);
        const one = first(args[0]);
        const two = second(args[1]);
        watch.begin(run.label);
        let raw: Raw;
        try {
          raw = fn(one, two);
        } finally {
          watch.end();
        }
        return finish(raw);
      };
    case 3:
      return (run, ...args) => {
        count(args.length);
        const one = first(args[0]);
        const two = second(args[1]);
        const three = third(args[2]);
        watch.begin(run.label);
        let raw: Raw;
        try {
          raw = fn(one, two, three);
        } finally {
          watch.end();
        }
        return finish(raw);
      };
    case 4:
      return (run, ...args) => {
        count(args.length);
        const one = first(args[0]);
        const two = second(args[1]);
        const three = third(args[2]);
        const four = fourth(args[3]);
        watch.begin(run.label);
        let raw: Raw;
        try {
          raw = fn(one, two, three, four);
        } finally {
          watch.end();
        }
        return finish(raw);
      };
    default:
      return (run, ...args) => {
        count(args.length);
        const all: Raw[] = [];
        for (let i = 0; i < arity; i++) all.push((readers[i] as Reader<Raw>)(args[i]));
        watch.begin(run.label);
        let raw: Raw;
        try {
          raw = fn(...all);
        } finally {
          watch.end();
        }
        return finish(raw);
      };
  }
}

/** Gives back the memory that the arguments took, however the call ends. */
function stacked(guard: Guard, block: Block): Guard {
  return (run, ...args) => {
    const mark = block.mark();
    try {
      return guard(run, ...args);
    } finally {
      block.release(mark);
    }
  };
}

function readerOf(parameter: Argument, site: Site, kinds: Kinds, block: Block): Reader<Raw> {
  const { name, passing } = parameter;
  switch (passing.kind) {
    case "int":
      return integerReader(name, passing.bits, passing.signed, site);
    case "bool":
      return boolReader(name, site);
    case "double":
      return doubleReader(name, site);
    case "string":
      return stringReader(name, site);
    case "value":
      return (value) => {
        const refusal = encode(block, value);
        if (refusal !== undefined) throw refused(site, parameter, refusal);
        return block.startAddress;
      };
    case "object": {
      const read = objectReader(name, kindOf(kinds, passing.cType), site);
      return (value) => read(value).handle.pointer;
    }
  }
}

/** Reads what the function wrote to this thread's `vsmtp_out`; a mistake in writing it fails the call. */
function outReader(native: Native, watch: Watch): ResultReader {
  const { failed } = native;
  return () => {
    const bytes = native.takeOut();
    if (failed[0] !== 0) throw watch.failed(native.takeFailure());
    return bytes === undefined ? undefined : decode(bytes, watch.site.toString());
  };
}
