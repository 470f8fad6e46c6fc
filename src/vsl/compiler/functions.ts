/** The JavaScript function of a script function or closure. */

import type { Code } from "../check/names.ts";
import { needsCell } from "../check/names.ts";
import { declaration, Emitter, type UnitContext, variableName } from "./emitter.ts";
import { emitStatements } from "./statements.ts";

/** A function expression: the run, its depth, `this` if it is used, then the parameters. */
export function emitFunction(context: UnitContext, code: Code, name: string): string {
  const { node } = code;
  if (node.kind === "script") throw new Error("a script is no function");
  const e = new Emitter(context, code);
  const body = e.nested(() => {
    const { at } = node.body;
    e.write(`${e.mark(at)}if ($d > $.maxDepth) $.tooDeep();`);
    e.tick(at);
    for (const parameter of node.parameters) {
      const binding = context.names.declarations.get(parameter);
      if (binding && needsCell(binding)) e.write(declaration(binding, `$${variableName(binding)}`));
    }
    emitStatements(e, node.body.statements, { kind: "return" });
  });
  const parameters = node.parameters.map((parameter) => {
    const binding = context.names.declarations.get(parameter);
    if (!binding) throw new Error(`unresolved parameter ${parameter.name}`);
    return needsCell(binding) ? `$${variableName(binding)}` : variableName(binding);
  });
  const list = ["$", "$d", ...(code.usesThis ? ["$this"] : []), ...parameters].join(", ");
  return `${code.suspends ? "async " : ""}function ${name}(${list}) {\n${e.prologue()}${body}\n}`;
}
