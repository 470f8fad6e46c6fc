/**
 * How one C value crosses the border. `prototype.ts` makes a {@link Signature} of the C text of a manifest; `guard.ts`
 * and `call.ts` make calls of it; koffi's own prototype parser is never given a text that we did not make.
 */

export type Passing =
  | { readonly kind: "int"; readonly bits: 8 | 16 | 32 | 64; readonly signed: boolean }
  | { readonly kind: "bool" }
  | { readonly kind: "double" }
  /** `const char *`, UTF-8 ended by NUL. */
  | { readonly kind: "string" }
  /** `const vsmtp_value *`: any vSL value, encoded (wire.ts). */
  | { readonly kind: "value" }
  /** `T *` of an object type that the manifest declares; `cType` is T. */
  | { readonly kind: "object"; readonly cType: string }
  /** `vsmtp_transaction *`, of the rule that calls; `changes` is false when it is const. Scripts do not pass it. */
  | { readonly kind: "transaction"; readonly changes: boolean };

/** A result is never a `const vsmtp_value *`: values go out through `vsmtp_out *`. */
export type Returning =
  | Exclude<Passing, { kind: "value" | "transaction" }>
  | { readonly kind: "void" }
  /** A `char *` marked as given: the host frees it. */
  | { readonly kind: "given-string" };

export interface Parameter {
  readonly name: string;
  readonly passing: Passing;
}

/** What a script passes. */
export type Argument = Parameter & { readonly passing: Exclude<Passing, { kind: "transaction" }> };

export interface Signature {
  /** Those of the C function, in their order; {@link argumentsOf} are those that a script passes. */
  readonly parameters: readonly Parameter[];
  /** True: a last parameter `vsmtp_out *` that vSL does not see; what is written there is the result. */
  readonly out: boolean;
  readonly result: Returning;
}

export function isArgument(parameter: Parameter): parameter is Argument {
  return parameter.passing.kind !== "transaction";
}

export function argumentsOf({ parameters }: Signature): Argument[] {
  return parameters.filter(isArgument);
}

/** How the function uses the transaction of the rule that calls it; undefined: it does not take it. */
export function transactionUse({ parameters }: Signature): "reads" | "changes" | undefined {
  for (const { passing } of parameters)
    if (passing.kind === "transaction") return passing.changes ? "changes" : "reads";
  return undefined;
}

/** What the calling convention passes in registers, and so what a call thread can call (design.md §4.3). */
export const MAX_INTEGER_ARGUMENTS = 6;
export const MAX_DOUBLE_ARGUMENTS = 8;

/** Doubles are passed in registers of their own; integers, booleans and pointers share the others. */
export function isDouble(passing: Passing): boolean {
  return passing.kind === "double";
}
