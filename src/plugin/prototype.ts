/**
 * Reads C prototypes as `VSMTP_FUNCTION` writes them into the manifest, and says which cannot be bridged and why.
 *
 * Not a C parser: it knows the declarations that cross the border (integer words in any order, `bool`, `double`,
 * `const char *`, values, declared objects, the transaction) and refuses the rest by parameter and reason. The text comes out of a
 * file that nobody has vetted yet, so it may be anything: work is linear in it, and nothing is ever thrown.
 */

import { type CDeclaration, parseDeclaration } from "./prototype-declaration.ts";
import type { Parameter, Passing, Returning, Signature } from "./signature.ts";
import { MAX_DOUBLE_ARGUMENTS, MAX_INTEGER_ARGUMENTS } from "./signature.ts";

export type { Parameter, Passing, Returning, Signature } from "./signature.ts";

export interface Refusal {
  /** A clause that names the parameter or the result: `parameter 2 (ratio) is a float: declare it as double`. */
  readonly reason: string;
}

/**
 * @param text a prototype: result, name, parameters in parentheses; parameter names are optional
 * @param objects C types of the objects that the manifest declares
 * @param options `given`: the function is marked VSMTP_GIVEN, so its `char *` result belongs to the host
 */
export function parsePrototype(
  text: string,
  objects: ReadonlySet<string>,
  options: { readonly given: boolean },
): Signature | Refusal {
  const parts = takeApart(text);
  if (parts === undefined) return { reason: "the prototype is not of the form `result name(parameters)`" };

  const result = readResult(parts.result, objects, options.given);
  if ("reason" in result) return result;

  const parameters: Parameter[] = [];
  let out = false;
  for (const [index, declaration] of parts.parameters.entries()) {
    if (out) return { reason: "`vsmtp_out *` is not the last parameter" };
    const read = readParameter(declaration, index, objects);
    if ("reason" in read) return read;
    if (read.passing === "out") out = true;
    else parameters.push({ name: read.name, passing: read.passing });
  }
  if (parameters.filter(({ passing }) => passing.kind === "transaction").length > 1) {
    return { reason: "it takes the transaction twice: there is one for a call" };
  }
  if (out && result.kind !== "void") {
    return { reason: "it has both a result and a `vsmtp_out *`: return void, or leave that parameter out" };
  }
  return tooMany(parameters, out) ?? { parameters, out, result };
}

const MAX_TEXT = 4096;

function takeApart(text: string): { readonly result: string; readonly parameters: readonly string[] } | undefined {
  const trimmed = text.trim();
  const open = trimmed.indexOf("(");
  if (text.length > MAX_TEXT || open < 0 || !trimmed.endsWith(")")) return undefined;
  const head = trimmed.slice(0, open).trimEnd();
  const name = /[A-Za-z_]\w*$/.exec(head)?.[0];
  const list = trimmed.slice(open + 1, -1).trim();
  if (name === undefined || name.length === head.length) return undefined;
  return { result: head.slice(0, -name.length), parameters: list === "" || list === "void" ? [] : list.split(",") };
}

function readParameter(
  text: string,
  index: number,
  objects: ReadonlySet<string>,
): { readonly name: string; readonly passing: Passing | "out" } | Refusal {
  const position = `parameter ${index + 1}`;
  if (text.trim() === "...") return { reason: `${position} is \`...\`: a function with varargs cannot be bridged` };
  if (/[()]/.test(text)) return { reason: `${position} is a function pointer or has an attribute` };
  if (text.includes("[")) return { reason: `${position} is an array: take \`const vsmtp_value *\`` };
  const declaration = parseDeclaration(text);
  if (declaration === undefined) return { reason: `${position} cannot be understood: \`${excerpt(text)}\`` };

  const name = declaration.name ?? `a${index + 1}`;
  const called = declaration.name === undefined ? position : `${position} (${excerpt(name)})`;
  if (isOut(declaration)) {
    return declaration.constant ? { reason: `${called} is const: write \`vsmtp_out *\`` } : { name, passing: "out" };
  }
  const passing = passingOf(declaration, objects);
  return "reason" in passing ? { reason: `${called} ${passing.reason}` } : { name, passing };
}

function readResult(text: string, objects: ReadonlySet<string>, given: boolean): Returning | Refusal {
  const declaration = parseDeclaration(text);
  if (declaration === undefined || declaration.name !== undefined) {
    return { reason: `the result cannot be understood: \`${excerpt(text)}\`` };
  }
  const { type, stars, constant } = declaration;
  if (type === "char" && stars === 1 && !constant) {
    if (given) return { kind: "given-string" };
    return {
      reason: "the result is `char *`: return `const char *`, or mark it VSMTP_GIVEN if the host shall free it",
    };
  }
  if (given) return { reason: "it is marked VSMTP_GIVEN, but its result is not `char *`" };
  if (type === "void" && stars === 0) return { kind: "void" };
  if (isOut(declaration)) return { reason: "the result is `vsmtp_out *`, which can only be a last parameter" };

  const passing = passingOf(declaration, objects);
  if ("reason" in passing) return { reason: `the result ${passing.reason}` };
  if (passing.kind === "value") {
    return { reason: "the result is `const vsmtp_value *`: return void and write to a last parameter `vsmtp_out *`" };
  }
  if (passing.kind === "transaction") {
    return { reason: "the result is `vsmtp_transaction *`, which is the host's: it can only be a parameter" };
  }
  if (passing.kind === "object" && constant) {
    return { reason: `the result is \`const ${passing.cType} *\`: vSL will own and destroy it, so drop the const` };
  }
  return passing;
}

function isOut({ type, stars }: CDeclaration): boolean {
  return type === "vsmtp_out" && stars === 1;
}

function passingOf(declaration: CDeclaration, objects: ReadonlySet<string>): Passing | Refusal {
  const { type, stars, constant } = declaration;
  if (stars === 0) return scalarOf(declaration, objects);
  if (stars > 1) return { reason: `is a pointer to a pointer, \`${excerpt(type)} ${"*".repeat(Math.min(stars, 8))}\`` };
  if (type === "char") {
    return constant ? { kind: "string" } : { reason: "is `char *`: vSL strings are read only, take `const char *`" };
  }
  if (type === "vsmtp_value") {
    return constant ? { kind: "value" } : { reason: "is `vsmtp_value *`: values are read only, so add const" };
  }
  if (type === "vsmtp_transaction") return { kind: "transaction", changes: !constant };
  if (objects.has(type)) return { kind: "object", cType: type };
  return { reason: `is \`${excerpt(type)} *\`, a pointer to a type that no VSMTP_OBJECT declares` };
}

/** Their pointers may be passed. */
const HOST_STRUCTS: ReadonlySet<string> = new Set(["vsmtp_value", "vsmtp_out", "vsmtp_transaction"]);

function scalarOf({ type, integer, tagged }: CDeclaration, objects: ReadonlySet<string>): Passing | Refusal {
  if (type === "bool" || type === "_Bool") return { kind: "bool" };
  if (type === "double") return { kind: "double" };
  if (integer !== undefined) return { kind: "int", ...integer };

  if (type === "char") return { reason: "is a char, signed on some machines only: declare it as int8_t or uint8_t" };
  if (type === "float") return { reason: "is a float: declare it as double" };
  if (type === "void") return { reason: "is void" };
  if (tagged === "enum") return { reason: `is an enum, whose size the compiler chooses: declare it as int32_t` };
  if (tagged !== undefined || objects.has(type) || HOST_STRUCTS.has(type)) {
    return { reason: `is a ${tagged ?? "struct"} by value, \`${excerpt(type)}\`: take a pointer to a declared object` };
  }
  return { reason: `is of type \`${excerpt(type)}\`, which cannot be bridged` };
}

function tooMany(parameters: readonly Parameter[], out: boolean): Refusal | undefined {
  const doubles = parameters.filter(({ passing }) => passing.kind === "double").length;
  const integers = parameters.length - doubles + (out ? 1 : 0);
  if (integers > MAX_INTEGER_ARGUMENTS) {
    return {
      reason: `it has ${integers} integer and pointer parameters, at most ${MAX_INTEGER_ARGUMENTS} can be passed: put some into a map and take \`const vsmtp_value *\``,
    };
  }
  if (doubles > MAX_DOUBLE_ARGUMENTS) {
    return { reason: `it has ${doubles} double parameters, at most ${MAX_DOUBLE_ARGUMENTS} can be passed` };
  }
  return undefined;
}

/** What of an unvetted text may be shown to a person. */
function excerpt(text: string): string {
  const shown = text.trim().replace(/[^\x20-\x7e]/g, "?");
  return shown.length > 60 ? `${shown.slice(0, 57)}...` : shown;
}
