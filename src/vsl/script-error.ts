/**
 * Errors of a running script. They carry what the script can see of them; where they happened is found from the
 * JavaScript stack only when a person asks (compiler/located.ts), so that throwing and catching stays cheap.
 */

import type { Place } from "../errors.ts";
import type { Value } from "./value.ts";

/** Catchable by `try … catch (e)`. */
export class ScriptError extends Error {
  override readonly name: string = "ScriptError";
  /** What `catch (e)` binds: the thrown value, or the text of a failure. */
  readonly value: Value;
  /** Set when the place is known at once. */
  place: Place | undefined;

  constructor(message: string, value: Value = message, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.value = value;
  }
}

/** What the language itself refuses, such as a division by zero: scripts see a map of what and where (Rhai's way). */
export class Failure extends ScriptError {
  override readonly name = "Failure";
  /** Rhai's word for it: `ErrorArithmetic`. */
  readonly kind: string;

  constructor(kind: string, message: string) {
    super(message);
    this.kind = kind;
  }
}

/** What `throw` threw: any value, also `()`. */
export class Thrown extends ScriptError {
  override readonly value: Value;

  constructor(message: string, value: Value) {
    super(message);
    this.value = value;
  }
}

/** What scripts cannot catch: it ends the run, whatever stands around it. */
export class Uncatchable extends ScriptError {
  override readonly name: string = "Uncatchable";
}

/** `exit(value)`: the run ends here, and its result is the value. */
export class Exit extends Uncatchable {
  override readonly name = "Exit";
  readonly result: Value;

  constructor(result: Value) {
    super("the script ended itself");
    this.result = result;
  }
}

/** A limit was passed. */
export class LimitExceeded extends Uncatchable {
  override readonly name = "LimitExceeded";

  constructor(what: string) {
    super(`the script used ${what}`);
  }
}
