/** An error in the words of another process: what cannot be loaded there is told here, to whoever wants to call it. */

import { catalogue, type ErrorCode, type Facts, VsmtpError } from "../../errors.ts";

export function writeProblem({ code, facts }: VsmtpError): string {
  const plain = Object.entries(facts).map(([key, fact]) => [key, typeof fact === "bigint" ? String(fact) : fact]);
  return JSON.stringify({ code, facts: Object.fromEntries(plain) });
}

/** Undefined: it is none. */
export function readProblem(text: string): VsmtpError | undefined {
  let told: unknown;
  try {
    told = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { code, facts } = (told ?? {}) as { readonly code?: unknown; readonly facts?: unknown };
  if (typeof code !== "string" || !Object.hasOwn(catalogue, code) || !areFacts(facts)) return undefined;
  return new VsmtpError(code as ErrorCode, facts);
}

function areFacts(facts: unknown): facts is Facts {
  if (typeof facts !== "object" || facts === null) return false;
  return Object.values(facts).every((fact) => typeof fact === "string" || typeof fact === "number");
}
