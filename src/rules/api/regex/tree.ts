/** The tree of a regular expression, and what is wrong with a pattern that has none. */

import type { CharacterSet } from "./sets.ts";

export type Assertion = "text start" | "text end" | "line start" | "line end" | "word boundary" | "inside word";

export type Node =
  | { readonly kind: "set"; readonly set: CharacterSet }
  | { readonly kind: "sequence" | "choice"; readonly nodes: readonly Node[] }
  /** `most` undefined: no limit. */
  | { readonly kind: "repeat"; readonly node: Node; readonly least: number; readonly most: number | undefined }
  | { readonly kind: "assertion"; readonly assertion: Assertion };

/** A pattern that is none; `at` counts code points from 0. */
export class RegexError extends Error {
  override readonly name = "RegexError";

  constructor(reason: string, at: number) {
    super(`${reason}, at character ${at + 1}`);
  }
}
