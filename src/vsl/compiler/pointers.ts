/** `Fn("name")`: a pointer to whatever function of that name fits the number of arguments it is called with. */

import type { Surroundings } from "../check/surroundings.ts";
import { type Code, FnPtr } from "../function-pointer.ts";
import { overloadedCall } from "../runtime/methods.ts";
import { typeName } from "../runtime/text.ts";
import { Failure } from "../script-error.ts";
import { functionKey } from "../unit.ts";
import type { Cell, Value } from "../value.ts";
import type { Instance } from "./emitter.ts";

export function pointerTo(name: Value, instance: Instance, surroundings: Surroundings): FnPtr {
  if (typeof name !== "string")
    throw new Failure(
      "ErrorMismatchDataType",
      `\`Fn\` takes the name of a function as a string, not ${typeName(name)}`,
    );
  const code: Code = (run, depth, self, ...args) => {
    const compiled = instance.functions.get(functionKey(name, args.length))?.find((fn) => fn.thisType === undefined);
    if (compiled) {
      const call = compiled.code as Code;
      return compiled.usesThis ? call(run, depth, self as Cell, ...args) : call(run, depth, ...args);
    }
    const natives = surroundings.methods.overloads(name, args.length);
    if (natives.length > 0) return overloadedCall(name, natives)(run, ...(args as Value[]));
    throw new Failure("ErrorFunctionNotFound", `there is no function \`${name}\` that takes ${args.length} arguments`);
  };
  const takes = (count: number) =>
    instance.functions.has(functionKey(name, count)) || surroundings.methods.overloads(name, count).length > 0;
  return new FnPtr({ name, arity: -1, usesThis: true, takes, bind: () => code });
}
