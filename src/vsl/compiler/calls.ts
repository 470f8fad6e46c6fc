/**
 * Calls: of script functions directly, of natives through what was found when the script was loaded, of methods
 * through a call site that knows the types it has seen.
 */

import { rootOf } from "../check/names.ts";
import type { NativeFunction } from "../host.ts";
import { overloadedCall } from "../runtime/methods.ts";
import type { Call, Expression, FunctionDeclaration, MethodCall } from "../syntax/ast.ts";
import { functionKey } from "../unit.ts";
import type { Emitter } from "./emitter.ts";
import { emitExpression, emitOperands, emitStored, emitStoredOperands } from "./expressions.ts";
import { emitUpdate } from "./places.ts";
import { isPlace } from "./shape.ts";
import { needsThis } from "./this.ts";

export function emitCall(e: Emitter, node: Call): string {
  const meaning = e.names.calls.get(node);
  if (meaning === undefined) throw new Error(`unresolved call of ${node.name}`);
  switch (meaning.kind) {
    case "constant":
      return String(meaning.value);
    case "keyword":
      return emitKeyword(e, node, meaning.name);
    case "native":
      return emitNative(e, node, meaning.name, meaning.functions);
    case "script": {
      const args = emitStoredOperands(e, node.args);
      const self = needsThis(e, meaning.unit, meaning.declaration) ? ["unboundThis"] : [];
      const name = functionName(e, meaning.unit === e.context.unit, meaning);
      return waiting(e, node, `${name}(${["$", "$d + 1", ...self, ...args].join(", ")})`);
    }
  }
}

/** The JavaScript name of a compiled function. */
export function localName({ name, parameters, thisType }: FunctionDeclaration): string {
  return `f$${name}$${parameters.length}${thisType === undefined ? "" : `$${thisType.replace(/\W/g, "_")}`}`;
}

function functionName(
  e: Emitter,
  local: boolean,
  meaning: { unit: Parameters<Emitter["context"]["instanceOf"]>[0]; declaration: FunctionDeclaration },
): string {
  if (local) return localName(meaning.declaration);
  const overloads = e.context
    .instanceOf(meaning.unit)
    .functions.get(functionKey(meaning.declaration.name, meaning.declaration.parameters.length));
  const compiled = overloads?.find((candidate) => candidate.thisType === undefined);
  if (!compiled) throw new Error(`${meaning.declaration.name} is not compiled`);
  return e.context.external(compiled.code);
}

/** In code that waits, a call that may answer with a promise is awaited, but only when it does. */
function waiting(e: Emitter, node: Call | MethodCall, call: string): string {
  const marked = `${e.mark(node.kind === "method" ? node.nameAt : node.at)}${call}`;
  if (!mayWait(e, node)) return marked;
  const held = e.temporary();
  return `((${held} = ${marked}) instanceof Promise ? await $here(${held}, ${node.at}) : ${held})`;
}

function mayWait(e: Emitter, node: Call | MethodCall): boolean {
  return e.code.suspends && e.context.suspension.waits(e.names.callees.get(node) ?? []);
}

function emitNative(e: Emitter, node: Call, name: string, functions: readonly NativeFunction[]): string {
  const changed = changedVariable(e, node, functions);
  if (changed) return emitMutatingMethod(e, changed);
  const args = emitStoredOperands(e, node.args);
  const code = e.context.external(overloadedCall(name, functions));
  const call = `${code}(${["$", ...args].join(", ")})`;
  return waiting(e, node, functions.some((fn) => fn.callsBack) ? `($.depth = $d, ${call})` : call);
}

/** `push(x, 1)` with a plain variable changes it as `x.push(1)` does; any other argument is a copy. */
function changedVariable(e: Emitter, node: Call, functions: readonly NativeFunction[]): MethodCall | undefined {
  const [object, ...args] = node.args;
  if (node.path.length > 0 || object?.kind !== "variable" || !isChangeable(e, object)) return undefined;
  if (!functions.some((fn) => fn.mutates !== undefined)) return undefined;
  const { name, at, end } = node;
  const method: MethodCall = { kind: "method", object, name, nameAt: at, args, optional: false, at, end };
  e.names.callees.set(method, e.names.callees.get(node) ?? []);
  return method;
}

function emitKeyword(e: Emitter, node: Call, name: string): string {
  const args = emitStoredOperands(e, node.args);
  switch (name) {
    case "type_of":
      return `typeName(${args[0]})`;
    case "Fn":
      return `${e.mark(node.at)}$pointer(${args[0]})`;
    case "curry":
      return `${e.mark(node.at)}curry(${args[0]}, [${args.slice(1).join(", ")}])`;
    default:
      return waiting(e, node, `callPointer($, $d, ${args[0]}, [${args.slice(1).join(", ")}], ${mayWait(e, node)})`);
  }
}

export function emitMethod(e: Emitter, node: MethodCall): string {
  const own = e.context.unit.functions.get(functionKey(node.name, node.args.length));
  if (own) return emitOwnMethod(e, node, own);
  if (isChangeable(e, node.object)) {
    if (node.name === "call" && changesReceivers(e, node)) return emitCallOn(e, node);
    if (e.context.surroundings.mayMutate(node.name)) return emitMutatingMethod(e, node);
  }
  return emitPlainMethod(e, node);
}

/** Whether what a method makes of its receiver has a place to go back to. */
function isChangeable(e: Emitter, object: Expression): boolean {
  if (!isPlace(object)) return false;
  const root = rootOf(object);
  if (root.kind !== "variable") return true;
  const meaning = e.names.variables.get(root);
  return meaning?.kind === "binding" && !meaning.binding.constant;
}

/** The receiver is only read, or is nobody's. */
function emitPlainMethod(e: Emitter, node: MethodCall): string {
  const [self, ...args] = emitReceiverAndArguments(e, node);
  return emitMethodOn(e, node, self as string, args);
}

function emitReceiverAndArguments(e: Emitter, node: MethodCall): string[] {
  const { object } = node;
  return emitOperands(e, [object, ...node.args], (emitter, operand) =>
    operand === object ? emitExpression(emitter, operand) : emitStored(emitter, operand),
  );
}

function emitMethodOn(e: Emitter, node: MethodCall, self: string, args: readonly string[]): string {
  const { name } = node;
  if (name === "type_of" && args.length === 0) return `typeName(${self})`;
  if (name === "curry") return `${e.mark(node.nameAt)}curry(${self}, [${args.join(", ")}])`;
  if (name === "call") return waiting(e, node, `callMethod($, $d, ${self}, [${args.join(", ")}], ${mayWait(e, node)})`);
  const site = e.context.external(e.context.surroundings.methods.site(name, args.length, mayWait(e, node)));
  return waiting(e, node, depthNoted(e, node, `${site}(${["$", self, ...args].join(", ")})`));
}

/** A native that calls back, or a function pointer in a map, must know how deep it is. */
function depthNoted(e: Emitter, node: MethodCall, call: string): string {
  const natives = e.context.surroundings.named(node.name);
  const callsBack = natives.size === 0 || [...natives].some((fn) => fn.callsBack);
  return callsBack ? `($.depth = $d, ${call})` : call;
}

function emitMutatingMethod(e: Emitter, node: MethodCall): string {
  const { names: args, first } = heldArguments(e, node);
  const site = e.context.external(
    e.context.surroundings.methods.mutatingSite(node.name, args.length, mayWait(e, node)),
  );
  const result = e.temporary();
  const update = emitUpdate(e, node.object, (current) => {
    const call = `${site}(${["$", current(), ...args].join(", ")})`;
    return `(${result} = ${waiting(e, node, depthNoted(e, node, call))}, $.replaced)`;
  });
  return `(${first}${update}, ${result})`;
}

/** Arguments are computed before the receiver is made the holder's own: they may read or change it. */
function heldArguments(e: Emitter, node: MethodCall): { names: string[]; first: string } {
  let first = "";
  const names = emitStoredOperands(e, node.args).map((arg, i) => {
    if (node.args[i]?.kind === "literal") return arg;
    const name = e.temporary();
    first += `${name} = ${arg}, `;
    return name;
  });
  return { names, first };
}

/** `x.call(f, a)` may change `x` if some function that `f` can be changes its `this`. */
function changesReceivers(e: Emitter, { args }: MethodCall): boolean {
  return args.length > 0 && args[0]?.kind !== "literal" && [...e.names.codes.values()].some((code) => code.changesThis);
}

/** `x` as `this` goes back to its place when the function has changed it. */
function emitCallOn(e: Emitter, node: MethodCall): string {
  const { names: args, first } = heldArguments(e, node);
  const cell = e.temporary();
  const result = e.temporary();
  const update = emitUpdate(e, node.object, (current) => {
    const call = `callOn($, $d, ${cell} = new Cell(${current()}), [${args.join(", ")}], ${mayWait(e, node)})`;
    return `(${result} = ${waiting(e, node, call)}, ${cell}.v)`;
  });
  return `(${first}${update}, ${result})`;
}

/** Functions of this script, called as methods: `this` is the receiver, and goes back to its place if it changed. */
function emitOwnMethod(e: Emitter, node: MethodCall, own: readonly FunctionDeclaration[]): string {
  const { names: args, first } = heldArguments(e, node);
  const changes = own.some((declaration) => e.names.codes.get(declaration)?.changesThis);
  const cell = e.temporary();
  const result = e.temporary();
  const call = () => `${result} = ${emitDispatch(e, node, own, cell, args)}`;
  if (changes && isChangeable(e, node.object)) {
    const update = emitUpdate(e, node.object, (current) => `(${cell} = new Cell(${current()}), ${call()}, ${cell}.v)`);
    return `(${first}${update}, ${result})`;
  }
  return `(${first}${cell} = new Cell(${emitStored(e, node.object)}), ${call()})`;
}

/** Typed overloads by the type of `this`, then the untyped one, then natives. */
function emitDispatch(
  e: Emitter,
  node: MethodCall,
  own: readonly FunctionDeclaration[],
  cell: string,
  args: readonly string[],
): string {
  const invoke = (declaration: FunctionDeclaration) => {
    const self = needsThis(e, e.context.unit, declaration) ? [cell] : [];
    return waiting(e, node, `${localName(declaration)}(${["$", "$d + 1", ...self, ...args].join(", ")})`);
  };
  const untyped = own.find((declaration) => declaration.thisType === undefined);
  const otherwise = untyped ? invoke(untyped) : emitMethodOn(e, node, `${cell}.v`, args);
  return own
    .filter((declaration) => declaration.thisType !== undefined)
    .reduceRight(
      (rest, declaration) =>
        `(typeName(${cell}.v) === ${JSON.stringify(declaration.thisType)} ? ${invoke(declaration)} : ${rest})`,
      otherwise,
    );
}
