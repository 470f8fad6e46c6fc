/** The names that compiled code uses, as one object: the border between emitted text and this folder. */

import { FnPtr, unboundThis } from "../function-pointer.ts";
import type { Run } from "../run.ts";
import { Failure } from "../script-error.ts";
import { narrow } from "../syntax/numbers.ts";
import { Cell, Char, Float, type Value, VslArray, VslMap } from "../value.ts";
import {
  getIndex,
  getProperty,
  ownedIndex,
  ownedProperty,
  type PropertyReader,
  setIndex,
  setProperty,
} from "./access.ts";
import * as comparison from "./compare.ts";
import { owned, share } from "./containers.ts";
import { caught, closure, directive, imported, iterate, range, service, template, thrown, truth } from "./flow.ts";
import { type MethodTable, settled } from "./methods.ts";
import * as operators from "./operators.ts";
import { show, typeName } from "./text.ts";

export function scopeFor(methods: MethodTable): Readonly<Record<string, unknown>> {
  return {
    ...operatorNames,
    ...accessNames,
    ...flowNames,
    property: propertyOf(methods),
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
  service,
  iterate,
  range,
  template,
  thrown,
  truth,
  typeName,
  narrow,
  rangeEnd,
  show,
  inCase,
  sameCase,
  callPointer,
  callMethod,
  callOn,
  curry,
  unboundThis,
};

/** `len` of a string and its like: functions of one argument read as properties. */
function propertyOf(methods: MethodTable) {
  const standard: PropertyReader = (run, value, name) => {
    const fn = methods.reader(name, value);
    if (!fn) throw new Failure("ErrorPropertyNotFound", `${typeName(value)} has no property \`${name}\``);
    return fn.call(run, value) as Value;
  };
  return (run: Run, object: Value, name: string) => getProperty(run, object, name, standard);
}

function rangeEnd(value: Value): operators.Int {
  if (operators.isInt(value)) return value;
  throw new Failure("ErrorMismatchDataType", `a range needs integers, not ${typeName(value)}`);
}

/** A case `from..to` matches numbers of both kinds. */
function inCase(value: Value, from: operators.Int, to: operators.Int, inclusive: boolean): boolean {
  const number = value instanceof Float ? value.value : value;
  if (!operators.isInt(number)) return false;
  return number >= from && (inclusive ? number <= to : number < to);
}

/** A case matches values of its own type only: `1` is not `1.0`. */
function sameCase(value: Value, literal: Value): boolean {
  if (literal instanceof Float) return value instanceof Float && value.value === literal.value;
  if (literal instanceof Char) return value instanceof Char && value.code === literal.code;
  return typeName(value) === typeName(literal) && comparison.equal(value, literal);
}

function callPointer(
  run: Run,
  depth: number,
  pointer: Value,
  args: readonly Value[],
  waits: boolean,
): Value | Promise<Value> {
  if (!(pointer instanceof FnPtr)) throw new Failure("ErrorMismatchDataType", `${typeName(pointer)} cannot be called`);
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
  return self instanceof FnPtr
    ? callPointer(run, depth, self, args, waits)
    : callOn(run, depth, new Cell(self), args, waits);
}

/** As `callMethod`, with the receiver in a cell that shows afterwards what became of it. */
function callOn(run: Run, depth: number, self: Cell, args: readonly Value[], waits: boolean): Value | Promise<Value> {
  if (self.v instanceof FnPtr) return callPointer(run, depth, self.v, args, waits);
  const [pointer, ...rest] = args;
  if (!(pointer instanceof FnPtr)) throw new Failure("ErrorMismatchDataType", `${typeName(self.v)} cannot be called`);
  run.depth = depth;
  return settled(pointer.invoke(run, rest, self), waits);
}

function curry(pointer: Value, args: readonly Value[]): FnPtr {
  if (pointer instanceof FnPtr) return pointer.curry(args);
  throw new Failure("ErrorMismatchDataType", `${typeName(pointer)} cannot be curried`);
}
