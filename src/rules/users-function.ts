/** The function of the root filter that `app.storage.users` may name. */

import type { Config } from "../config/index.ts";
import { VsmtpError } from "../errors.ts";

/** What is wrong with it; `has`: the root filter has a function of that name with one parameter. */
export function usersProblem({ app }: Pick<Config, "app">, has: (name: string) => boolean): VsmtpError | undefined {
  const { users } = app.storage;
  if (typeof users !== "object" || has(users.function)) return undefined;
  return new VsmtpError("RULES_USERS", { function: users.function });
}
