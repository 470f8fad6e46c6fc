/** The functions that every script has, in the packages in which Rhai documents them. */

import { NativeModule } from "../host.ts";
import { arrayFunctions } from "./arrays.ts";
import { mapFunctions } from "./maps.ts";
import { numberFunctions } from "./numbers.ts";
import { stringFunctions } from "./strings.ts";
import { valueFunctions } from "./values.ts";

let library: NativeModule | undefined;

export function standardLibrary(): NativeModule {
  library ??= new NativeModule("standard").add(
    ...valueFunctions,
    ...numberFunctions,
    ...stringFunctions,
    ...arrayFunctions,
    ...mapFunctions,
  );
  return library;
}
