/**
 * Assignments, and everything else that changes what a place holds: a variable, `this`, a property, an element.
 *
 * A place is changed from its root: the root's container is made the holder's own, then the next one down, and each
 * level is written back into the one above, because a string or an integer can only be replaced.
 */

import type { Assign, Expression } from "../syntax/ast.ts";
import { emitOptionalChange, openLink } from "./chains.ts";
import { type Emitter, holderOf } from "./emitter.ts";
import { emitExpression, emitStored, OPERATORS } from "./expressions.ts";
import { isFresh, isPlace, mayHaveEffects, needsStatements } from "./shape.ts";

/** The value is computed first, then the place (Rhai's order). */
export function emitAssign(e: Emitter, { target, operator, value, at }: Assign): void {
  let stored = emitStored(e, value);
  if (target.kind !== "variable" && (!isFresh(value) || mayHaveEffects(value) || needsStatements(target)))
    stored = e.spill(stored);
  const change =
    operator === "="
      ? () => stored
      : (current: () => string) =>
          `${e.mark(at)}${operator === "+" ? "addAssign($, " : `${OPERATORS[operator]}(`}${current()}, ${stored})`;
  emitChange(e, target, change, at);
}

/** Nothing changes where a `?` of the target finds `()`. */
function emitChange(e: Emitter, target: Expression, change: Change, at: number): void {
  const link = openLink(e, target);
  if (link) emitOptionalChange(e, link, () => emitChange(e, target, change, at));
  else e.write(`${emitUpdate(e, target, change, at)};`);
}

/** Given what reads the place's value, made the holder's own: what the place holds afterwards. */
export type Change = (current: () => string) => string;

/** A JavaScript expression that changes a place. */
export function emitUpdate(e: Emitter, target: Expression, change: Change, at = target.at): string {
  const standIn = e.standIns.get(target);
  if (standIn !== undefined) return change(() => `owned(${standIn})`);
  switch (target.kind) {
    case "variable": {
      const meaning = e.names.variables.get(target);
      if (meaning?.kind !== "binding") break;
      const name = holderOf(meaning.binding);
      return `${name} = ${change(() => `owned($, ${name})`)}`;
    }
    case "this":
      return `$this.v = ${change(() => "owned($, $this.v)")}`;
    case "property": {
      const held = e.temporary();
      const name = JSON.stringify(target.name);
      const inner = (current: () => string) =>
        `(${held} = ${current()}, ${e.mark(at)}setProperty($, ${held}, ${name}, ${change(() => `ownedProperty($, ${held}, ${name})`)}))`;
      return emitUpdate(e, target.object, inner, at);
    }
    case "index": {
      const held = e.temporary();
      const index = e.temporary();
      const position = emitExpression(e, target.index);
      const key = needsStatements(target.index) ? e.spill(position) : position;
      const inner = (current: () => string) =>
        `(${held} = ${current()}, ${index} = ${key}, ${e.mark(at)}setIndex($, ${held}, ${index}, ${change(() => `${e.mark(at)}ownedIndex($, ${held}, ${index})`)}))`;
      return emitUpdate(e, target.object, inner, at);
    }
  }
  // A value that no place holds: it changes in a copy of its own, which nobody sees afterwards.
  if (isPlace(target)) throw new Error(`no way to change ${target.kind}`);
  return change(() => `owned($, ${emitExpression(e, target)})`);
}
