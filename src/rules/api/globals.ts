/** Functions that rules call without a path. */

import type { Config } from "../../config/index.ts";
import type { NativeFunction } from "../../vsl/index.ts";
import { logFunction } from "./logging.ts";
import { machineFunctions } from "./machine.ts";
import { constructors, partsOfAddresses } from "./obj.ts";
import { stateGlobals } from "./state.ts";
import { textViews } from "./texts.ts";

export function globalFunctions(config: Config): NativeFunction[] {
  return [
    ...constructors(config.directory),
    ...partsOfAddresses,
    ...stateGlobals(),
    ...machineFunctions,
    ...textViews(config),
    logFunction,
  ];
}
