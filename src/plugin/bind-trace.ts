/** Publishes each call of a plugin function, while somebody listens to `vsmtp:call` (observe/trace.ts). */

import { reasonOf } from "../errors.ts";
import { type Trace, traces } from "../observe/index.ts";
import { type NativeFunction, show, type Value } from "../vsl/index.ts";
import type { Site } from "./guard-site.ts";

type Call = NativeFunction["call"];

/** Asked for when a function is bound: calls of those that were bound before are not published, and cost nothing. */
export function traced(call: Call, site: Site): Call {
  const publish = (args: readonly Value[], outcome: Pick<Trace["call"], "result" | "error">): void => {
    const message: Trace["call"] = {
      plugin: site.plugin,
      function: site.function,
      arguments: args.map(show),
      ...outcome,
    };
    traces.call.publish(message);
  };
  return (run, ...args) => {
    const succeed = (value: Value): Value => {
      publish(args, { result: show(value) });
      return value;
    };
    const fail = (error: unknown): never => {
      publish(args, { error: reasonOf(error) });
      throw error;
    };
    let result: ReturnType<Call>;
    try {
      result = call(run, ...args);
    } catch (error) {
      return fail(error);
    }
    return result instanceof Promise ? result.then(succeed, fail) : succeed(result);
  };
}
