/** Whether a script function takes `this`. */

import type { FunctionDeclaration } from "../syntax/ast.ts";
import type { Unit } from "../unit.ts";
import type { Emitter } from "./emitter.ts";

export function needsThis(e: Emitter, unit: Unit, declaration: FunctionDeclaration): boolean {
  const names = unit === e.context.unit ? e.names : e.context.surroundings.namesOf(unit);
  return names.codes.get(declaration)?.usesThis ?? false;
}
