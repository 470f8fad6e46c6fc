/** The words and symbols of vSL: Rhai's, and the three that begin a directive. */

import type { Value } from "../value.ts";

/** Symbols and keywords are their own kind; the rest is named. */
export type TokenKind = string;

export interface Token {
  /** `identifier`, `int`, `float`, `char`, `string`, `template`, `end`, or the symbol or keyword itself. */
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
  /** Of literals; the name of an identifier. */
  readonly value: Value;
  /** Doc comments right before it, without their marks. */
  readonly doc: string;
}

export const keywords: ReadonlySet<string> = new Set(
  (
    "true false let const if else switch do while until loop for in continue break return throw try catch fn private " +
    "import export as global this rule action delegate"
  ).split(" "),
);

/** Words that Rhai keeps for later and vSL gives back as errors, so that scripts stay portable. */
export const reservedWords: ReadonlySet<string> = new Set(
  (
    "public protected super new use module package var static shared with goto match case default void null nil " +
    "spawn thread go sync async await yield"
  ).split(" "),
);

/** Infix words of vSL: `is` means `==`, `not` means `!=`. */
export const infixWords: ReadonlyMap<string, string> = new Map([
  ["is", "=="],
  ["not", "!="],
]);

/** Longest first, so that the first match is the right one. */
export const symbols: readonly string[] = [
  ..."<<= >>= **= ..= ... === !== ::<".split(" "),
  ..."|| && == != <= >= << >> ** .. ?. ?[ ?? => += -= *= /= %= &= |= ^= :: #{ -> <- := ++ -- (* *) <| |> !.".split(" "),
  ..."( ) { } [ ] , ; : . = < > + - * / % & | ^ ! ? @ $ ~ #".split(" "),
];

/** Symbols of other languages, with what to write instead. */
export const foreignSymbols: ReadonlyMap<string, string> = new Map([
  ["===", "Write `==`"],
  ["!==", "Write `!=`"],
  ["->", "A closure is written `|x| x + 1`; a function's result type is not"],
  ["<-", "Write `x < -y` with a space"],
  [":=", "Write `=`"],
  ["::<", "Functions take no type arguments"],
  ["++", "Write `+= 1`"],
  ["--", "Write `-= 1`"],
  ["(*", "A comment is written `/* … */`"],
  ["*)", "A comment is written `/* … */`"],
  ["<|", "Write an ordinary call"],
  ["|>", "Write an ordinary call"],
  ["!.", "Write `!(x.y)`"],
  ["...", "A range is written `a..b` or `a..=b`"],
  ["?", "Write `if c { a } else { b }`, or `??` for a default"],
  ["@", "Remove it"],
  ["$", "Remove it; interpolation works only between backticks"],
  ["~", "Remove it"],
  ["#", "A map is written `#{ key: value }`"],
]);
