/** The functions of unix.ts as vSL has them, callable without a prefix in configuration scripts. */

import { NativeModule, native } from "../vsl/index.ts";
import { env, hostname, userExists } from "./unix.ts";

/** A module to be given to an engine as its globals, or to take functions from. */
export function unixModule(): NativeModule {
  return new NativeModule("unix", "What the machine knows").add(
    native("env", "name: string -> string|()", "The value of an environment variable, or `()`.", (_, name) =>
      env(name),
    ),
    native("hostname", "-> string", "The name of this machine.", () => hostname()),
    native("user_exist", "name: string -> bool", "Whether the system has a user of that name.", (_, name) =>
      userExists(name),
    ),
  );
}
