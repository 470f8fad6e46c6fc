/** The functions that every script has, in the packages in which Rhai documents them. */

import { NativeModule } from "../host.ts";
import { arrayLoopFunctions } from "./array-loops.ts";
import { arraySearchFunctions } from "./array-search.ts";
import { arrayStretchFunctions } from "./array-stretches.ts";
import { arrayFunctions } from "./arrays.ts";
import { bitFunctions } from "./bits.ts";
import { blobFieldFunctions } from "./blob-fields.ts";
import { blobFunctions } from "./blobs.ts";
import { charFunctions } from "./chars.ts";
import { floatFunctions } from "./floats.ts";
import { jsonFunctions } from "./json.ts";
import { mapFunctions } from "./maps.ts";
import { numberFunctions } from "./numbers.ts";
import { outputFunctions } from "./output.ts";
import { pointerFunctions } from "./pointers.ts";
import { rangeFunctions } from "./ranges.ts";
import { sortingFunctions } from "./sorting.ts";
import { stringPartFunctions } from "./string-parts.ts";
import { stringFunctions } from "./strings.ts";
import { timeFunctions } from "./time.ts";
import { valueFunctions } from "./values.ts";

let library: NativeModule | undefined;

/** What all programs have alike, and what prints where this one wants it. */
export function standardLibrary(print?: (line: string) => void): NativeModule[] {
  return [common(), new NativeModule("output").add(...outputFunctions(print))];
}

function common(): NativeModule {
  // Of functions that take the same number of arguments, the first that takes their types is called.
  library ??= new NativeModule("standard").add(
    ...numberFunctions,
    ...floatFunctions,
    ...bitFunctions,
    ...charFunctions,
    ...stringFunctions,
    ...stringPartFunctions,
    ...arraySearchFunctions,
    ...arrayLoopFunctions,
    ...arrayStretchFunctions,
    ...sortingFunctions,
    ...arrayFunctions,
    ...mapFunctions,
    ...blobFunctions,
    ...blobFieldFunctions,
    ...rangeFunctions,
    ...timeFunctions,
    ...pointerFunctions,
    ...jsonFunctions,
    ...valueFunctions,
  );
  return library;
}
