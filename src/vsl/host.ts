/**
 * How an embedder adds to the language: opaque objects with types, functions, and modules of functions.
 *
 * The language calls what is declared here and knows nothing else of its host. A native function checks its arguments
 * itself (`native` in native.ts makes one that does); what it throws becomes a catchable error of the script.
 */

import type { VsmtpError } from "../errors.ts";
import type { Run } from "./run.ts";
import { ScriptError, Uncatchable } from "./script-error.ts";
import type { Value } from "./value.ts";

/** An opaque value. Scripts hold it, hand it back, and use what its type offers. */
export abstract class HostObject {
  abstract readonly type: HostType;
  /** What `to_string` and interpolation show. */
  abstract toText(): string;
}

export interface HostType {
  /** What `type_of` answers. */
  readonly name: string;
  readonly doc?: string;
  /** By vSL name; overloads differ in arity or parameter types. The object is the first argument. */
  readonly methods: Map<string, NativeFunction[]>;
  /** `object.name` without parentheses. */
  readonly getters: Map<string, (self: HostObject) => Value>;
  /** `==` with a value of any type; undefined: not comparable, so not equal. Without it: identity. */
  equals?(self: HostObject, other: Value): boolean;
  /** `item in self`. */
  contains?(self: HostObject, item: Value): boolean;
  /** `item in [self]`; without it: `equals`. For values that stand for many, such as ranges of addresses. */
  element?(self: HostObject, item: Value): boolean;
}

export interface NativeParameter {
  readonly name: string;
  /** As `type_of` names types, `any`, or alternatives such as `string|address`. */
  readonly type: string;
}

export interface NativeFunction {
  readonly name: string;
  readonly parameters: readonly NativeParameter[];
  readonly returns: string;
  /** May answer with a promise: the compiler makes its callers wait. */
  readonly suspends: boolean;
  /** Calls function pointers that it is given, so that it waits if they do. */
  readonly callsBack?: boolean;
  /**
   * Changes its first argument, which must then be something that can be assigned to: `container` in place,
   * `cell`: the argument is a Cell that holds the value.
   */
  readonly mutates?: "container" | "cell";
  readonly doc: string;
  /** The embedder's word for when the function can first be called; the language only hands it on. */
  readonly stage?: string;
  call(run: Run, ...args: Value[]): Value | Promise<Value>;
  /** As `call`, for arguments whose types were tested before. */
  readonly direct?: (run: Run, ...args: Value[]) => Value | Promise<Value>;
}

/** Stands where something should be that could not be made; using it fails, having it does not. */
export class Unavailable {
  readonly reason: VsmtpError;
  /** Whether scripts may catch the error of using it. */
  readonly optional: boolean;

  constructor(reason: VsmtpError, optional: boolean) {
    this.reason = reason;
    this.optional = optional;
  }

  error(): ScriptError {
    const { message } = this.reason;
    return this.optional
      ? new ScriptError(message, message, this.reason)
      : new Uncatchable(message, message, this.reason);
  }

  /** A function in the place of any function of a module that is not there. */
  function(name: string): NativeFunction {
    const call = () => {
      throw this.error();
    };
    return { name, parameters: [], returns: "any", suspends: false, doc: this.reason.message, call };
  }
}

/** What `name::` reaches: a built-in module, or one that an import made. */
export class NativeModule {
  /** Set for a module that could not be loaded: scripts that name its functions compile, and fail when they call. */
  readonly unavailable: Unavailable | undefined;
  readonly name: string;
  readonly doc: string;
  readonly functions = new Map<string, NativeFunction[]>();
  readonly variables = new Map<string, Value>();
  readonly modules = new Map<string, NativeModule>();
  readonly types = new Map<string, HostType>();

  constructor(name: string, doc = "", unavailable?: Unavailable) {
    this.name = name;
    this.doc = doc;
    this.unavailable = unavailable;
  }

  add(...functions: readonly NativeFunction[]): this {
    for (const fn of functions) {
      const overloads = this.functions.get(fn.name);
      if (overloads) overloads.push(fn);
      else this.functions.set(fn.name, [fn]);
    }
    return this;
  }
}
