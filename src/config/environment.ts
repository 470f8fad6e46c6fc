/** The file of `-e`: variables that are added to the environment before the configuration is evaluated. */

import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { reasonOf, VsmtpError } from "../errors.ts";

/** Variables that are set already stay as they are. */
export function loadEnvironment(file: string): VsmtpError | undefined {
  try {
    for (const [name, value] of Object.entries(parseEnv(readFileSync(file, "utf8")))) process.env[name] ??= value;
    return undefined;
  } catch (error) {
    return new VsmtpError("ENV_FILE", { file, reason: reasonOf(error) }, { cause: error });
  }
}
