/**
 * `a?.b.c[d].e()`: where `a` is `()`, so is the whole chain, and nothing that stands behind `a` is evaluated.
 *
 * The object before `?` is evaluated once into a temporary that stands in for it; a place, though, is read a second
 * time by whatever goes on from it, so that it can be changed. What its indexes compute is kept for that.
 */

import type { Expression, Index, MethodCall, Property } from "../syntax/ast.ts";
import type { Emitter } from "./emitter.ts";
import { emitExpression } from "./expressions.ts";
import { isPlace, mayHaveEffects, needsStatements } from "./shape.ts";

type Link = Property | Index | MethodCall;

/** The first `?` of a chain that was not dealt with yet. */
export function openLink(e: Emitter, node: Expression): Link | undefined {
  let first: Link | undefined;
  for (let at = node; isLink(at) && !e.standIns.has(at); at = at.object) {
    if (at.optional && !e.settledLinks.has(at)) first = at;
  }
  return first;
}

/** The chain as an expression that is `()` when the object of `link` is. */
export function emitChain(e: Emitter, node: Expression, link: Link): string {
  const test = linkTest(e, link);
  if (!needsStatements(node)) return settled(e, link, () => `(${test} ? undefined : ${emitExpression(e, node)})`);
  const result = e.temporary();
  e.write(`${result} = undefined;`);
  const rest = settled(e, link, () => e.nested(() => e.write(`${result} = ${emitExpression(e, node)};`)));
  e.write(`if (!(${test})) {\n${rest}\n}`);
  return result;
}

/** A change of a place that is left out when the object of `link` is `()`. */
export function emitOptionalChange(e: Emitter, link: Link, change: () => void): void {
  const test = linkTest(e, link);
  e.write(`if (!(${test})) {\n${settled(e, link, () => e.nested(change))}\n}`);
}

/** Whether the object is `()`; from then on its stand-ins are in force. */
function linkTest(e: Emitter, { object }: Link): string {
  if (!isPlace(object)) {
    const held = e.temporary();
    const test = `(${held} = ${emitExpression(e, object)}) === undefined`;
    e.standIns.set(object, held);
    return test;
  }
  const kept: [Expression, string][] = [];
  for (let at: Expression = object; isLink(at) && at.kind !== "method"; at = at.object) {
    if (at.kind !== "index" || !mayHaveEffects(at.index)) continue;
    const held = e.temporary();
    kept.push([at.index, held]);
    e.standIns.set(at.index, `(${held} = ${emitExpression(e, at.index)})`);
  }
  const test = `${emitExpression(e, object)} === undefined`;
  for (const [index, held] of kept) e.standIns.set(index, held);
  return test;
}

function settled(e: Emitter, link: Link, emit: () => string): string {
  e.settledLinks.add(link);
  const text = emit();
  e.settledLinks.delete(link);
  return text;
}

function isLink(node: Expression): node is Link {
  return node.kind === "property" || node.kind === "index" || node.kind === "method";
}
