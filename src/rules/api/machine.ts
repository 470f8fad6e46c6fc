/** What rules may ask the machine: `env`, `hostname` and `user_exist`, without a path, as `unix::…` and as `utils::…`. */

import { env, findUser, hostname } from "../../config/index.ts";
import { NativeModule, native, type Value } from "../../vsl/index.ts";
import { textOf } from "./object.ts";

const envFunction = native(
  "env",
  "name: string|object -> string|()",
  "The value of an environment variable, or `()`.",
  (_, name: Value) => env(textOf(name)),
);
const hostnameFunction = native("hostname", "-> string", "The name of this machine.", () => hostname());
const userExistFunction = native(
  "user_exist",
  "name: string|object -> bool",
  "Whether the system has a user of that name.",
  (_, name: Value) => findUser(textOf(name)),
  { suspends: true },
);

export const machineFunctions = [envFunction, hostnameFunction, userExistFunction];

export function machineModule(): NativeModule {
  return new NativeModule("unix", "What the machine knows.").add(...machineFunctions);
}
