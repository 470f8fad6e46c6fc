/**
 * Hands the transaction to functions that take it, and applies what they want changed once they have succeeded.
 *
 * A quick function gets the one `vsmtp_transaction` of its thread, filled for the call; a call on another thread gets
 * one of its own (native/addon). Either way the mail's bytes are read where they are.
 */

import type { HandedTransaction, Native } from "../native/index.ts";
import type { Run, Value } from "../vsl/index.ts";
import type { Guard } from "./guard.ts";
import type { Site } from "./guard-site.ts";
import type { RawFunction } from "./prototype-koffi.ts";
import { isDouble, type Parameter, type Signature } from "./signature.ts";
import { type TransactionView, transactionSource } from "./transaction-source.ts";
import type { Watch } from "./watch.ts";
import type { Block } from "./wire-block.ts";
import { applyChanges, encodeTransaction } from "./wire-transaction.ts";

/** Throws a VsmtpError, which scripts can catch, where there is no client. */
export function viewOf(run: Run, site: Site): TransactionView {
  const source = transactionSource(run.host);
  if (source === undefined) throw site.error("PLUGIN_NO_TRANSACTION");
  return source.transactionView();
}

/** Where the transaction stands among the parameters; -1: the function does not take it. */
export function transactionIndex({ parameters }: Signature): number {
  return parameters.findIndex(({ passing }) => passing.kind === "transaction");
}

/** The integer slot of a parameter: doubles have slots of their own. */
export function slotOf(parameters: readonly Parameter[], index: number): number {
  return parameters.slice(0, index).filter(({ passing }) => !isDouble(passing)).length;
}

/** The function without the parameter at `index`, which is always the transaction of quick calls. */
export function fillTransaction(fn: RawFunction, index: number, { transaction }: Native): RawFunction {
  return (...args) => fn(...args.slice(0, index), transaction, ...args.slice(index));
}

/** What {@link fillTransaction} relies on. The block's user gives back what is written here. */
export function withTransaction(guard: Guard, block: Block, watch: Watch, native: Native): Guard {
  const { site } = watch;
  return (run, ...args) => {
    const view = viewOf(run, site);
    write(block, view, site);
    const facts = block.bytes.subarray(block.start, block.at);
    let result: Value;
    try {
      if (!native.beginTransaction(facts, view.mail?.bytes)) throw unreadable(site);
      result = guard(run, ...args);
    } catch (error) {
      native.endTransaction();
      native.takeFailure();
      throw error;
    }
    const changes = native.endTransaction();
    if (native.failed[0] !== 0) throw watch.failed(native.takeFailure());
    if (changes !== undefined) applyChanges(changes, view.mail, site.toString());
    return result;
  };
}

/** The part of a request that hands the transaction over. */
export function handTransaction(block: Block, view: TransactionView, slot: number, site: Site): HandedTransaction {
  write(block, view, site);
  return { slot, begin: block.start, end: block.at, data: view.mail?.bytes };
}

function write(block: Block, view: TransactionView, site: Site): void {
  const refusal = encodeTransaction(block, view);
  if (refusal !== undefined) throw site.error("PLUGIN_TRANSACTION", { reason: `it ${refusal.reason}` });
}

function unreadable(site: Site): Error {
  return site.error("PLUGIN_TRANSACTION", { reason: "a name or an address in it holds a NUL character" });
}
