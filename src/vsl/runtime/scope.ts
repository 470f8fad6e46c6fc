/** The names that compiled code uses, as one object: the border between emitted text and this folder. */

import { FnPtr } from "../function-pointer.ts";
import type { Run } from "../run.ts";
import { ScriptError } from "../script-error.ts";
import { narrow } from "../syntax/numbers.ts";
import { Cell, Char, Float, type Value, VslArray, VslMap } from "../value.ts";
import { getIndex, getProperty, ownedIndex, ownedProperty, setIndex, setProperty } from "./access.ts";
import * as comparison from "./compare.ts";
import { owned, share } from "./containers.ts";
import { caught, closure, directive, imported, iterate, range, template, thrown, truth } from "./flow.ts";
import { type MethodTable, settled } from "./methods.ts";
import * as operators from "./operators.ts";
import { typeName } from "./text.ts";

export function scopeFor(methods: MethodTable): Readonly<Record<string, unknown>> {
  return {
    ...operatorNames,
    ...accessNames,
    ...flowNames,
    property: (object: Value, name: string) =>
      getProperty(object, name, (value, property) => standardProperty(methods, value, property)),
  };
}

const operatorNames = {
  add: operators.add,
  addAssign: operators.addAssign,
  subtract: operators.subtract,
  multiply: operators.multiply,
  divide: operators.divide,
  remainder: operators.remainder,
  power: operators.power,
  shiftLeft: operators.shiftLeft,
  shiftRight: operators.shiftRight,
  bitAnd: operators.bitAnd,
  bitOr: operators.bitOr,
  bitXor: operators.bitXor,
  negate: operators.negate,
  plus: operators.plus,
  not: operators.not,
  equal: comparison.equal,
  notEqual: comparison.notEqual,
  less: comparison.less,
  lessOrEqual: comparison.lessOrEqual,
  greater: comparison.greater,
  greaterOrEqual: comparison.greaterOrEqual,
  isIn: (item: Value, container: Value) => comparison.contains(container, item),
};

const accessNames = { getIndex, setIndex, setProperty, ownedProperty, ownedIndex, owned, share };

const flowNames = {
  Cell,
  VslArray,
  VslMap,
  caught,
  closure,
  directive,
  imported,
  iterate,
  range,
  template,
  thrown,
  truth,
  typeName,
  narrow,
  rangeEnd,
  inCase,
  sameCase,
  callPointer,
  callMethod,
  curry,
};

/** `len` of a string and its like: functions of one argument read as properties. */
function standardProperty(methods: MethodTable, value: Value, name: string): Value {
  const [fn] = methods.overloads(name, 1).filter((candidate) => candidate.mutates === undefined && !candidate.suspends);
  if (!fn) throw new ScriptError(`${typeName(value)} has no property \`${name}\``);
  return fn.call(undefined as unknown as Run, value) as Value;
}

function rangeEnd(value: Value): operators.Int {
  if (operators.isInt(value)) return value;
  throw new ScriptError(`a range needs integers, not ${typeName(value)}`);
}

/** A case `from..to` matches integers only. */
function inCase(value: Value, from: Value, to: Value, inclusive: boolean): boolean {
  return (
    operators.isInt(value) &&
    operators.isInt(from) &&
    operators.isInt(to) &&
    value >= from &&
    (inclusive ? value <= to : value < to)
  );
}

/** A case matches values of its own type only: `1` is not `1.0`. */
function sameCase(value: Value, literal: Value): boolean {
  if (literal instanceof Float) return value instanceof Float && value.value === literal.value;
  return value instanceof Char && literal instanceof Char && value.code === literal.code;
}

function callPointer(
  run: Run,
  depth: number,
  pointer: Value,
  args: readonly Value[],
  waits: boolean,
): Value | Promise<Value> {
  if (!(pointer instanceof FnPtr)) throw new ScriptError(`${typeName(pointer)} cannot be called`);
  run.depth = depth;
  return settled(pointer.invoke(run, args), waits);
}

/** `f.call(a)`, or `x.call(f, a)` with `x` as `this`. */
function callMethod(
  run: Run,
  depth: number,
  self: Value,
  args: readonly Value[],
  waits: boolean,
): Value | Promise<Value> {
  if (self instanceof FnPtr) return callPointer(run, depth, self, args, waits);
  const [pointer, ...rest] = args;
  if (!(pointer instanceof FnPtr)) throw new ScriptError(`${typeName(self)} cannot be called`);
  run.depth = depth;
  return settled(pointer.invoke(run, rest, new Cell(self)), waits);
}

function curry(pointer: Value, args: readonly Value[]): FnPtr {
  if (pointer instanceof FnPtr) return pointer.curry(args);
  throw new ScriptError(`${typeName(pointer)} cannot be curried`);
}
