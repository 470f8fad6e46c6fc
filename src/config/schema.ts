/**
 * What a configuration may say, and what holds where it says nothing.
 *
 * One section an object, every key with its default, so that a script may replace a whole section and give only the
 * keys it cares about; the few that must then be given are required here too. Unknown keys are refused everywhere. The
 * result is plain data with the names and texts of the script (durations stay texts), because rules read it as
 * `cfg::server` and `cfg::app`; only paths are made absolute, from the directory of vsmtp.vsl.
 */

import * as z from "zod";
import { appSection } from "./schema-app.ts";
import { pathIn } from "./schema-parts.ts";
import { serverSection } from "./schema-server.ts";
import { isFulfilled, isVersionRequirement, LANGUAGE_VERSION, ownVersion } from "./version.ts";

/** For the configuration of `directory`. */
export function configSchema(directory: string) {
  const path = pathIn(directory);
  return z.strictObject({
    version_requirement: z
      .string()
      .refine(isVersionRequirement, { error: 'a requirement such as ">=2.2.1, <3.0.0"', abort: true })
      .refine((text) => isFulfilled(text), {
        error: `one that this vSMTP fulfils: it is ${ownVersion} and reads configurations of ${LANGUAGE_VERSION}`,
      })
      .default(">=2.2.1, <3.0.0"),
    server: serverSection(path, directory),
    app: appSection(path, directory),
  });
}

/** The validated values, as rules see them too. */
export type Settings = Readonly<z.output<ReturnType<typeof configSchema>>>;
