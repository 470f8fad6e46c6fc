/** One C declaration of a parameter or a result, taken apart into type, stars, constness and name. */

export interface CDeclaration {
  /** The type's name without qualifiers, stars and `struct`: `cmd`, `char`, `long double`. */
  readonly type: string;
  /** Size and sign where the type, without stars, is an integer of C; plain `char` is none. */
  readonly integer: CInteger | undefined;
  /** The keyword in front of the type, if there was one. */
  readonly tagged: "struct" | "union" | "enum" | undefined;
  readonly stars: number;
  /** Whether what it is, or what the first star points to, is const. */
  readonly constant: boolean;
  readonly name: string | undefined;
}

export interface CInteger {
  readonly bits: 8 | 16 | 32 | 64;
  readonly signed: boolean;
}

/** Undefined when the text is no such declaration. */
export function parseDeclaration(text: string): CDeclaration | undefined {
  const tokens: readonly string[] = text.match(/[A-Za-z_]\w*|\S/g) ?? [];
  if (!tokens.every((token) => token === "*" || /^\w+$/.test(token))) return undefined;
  const firstStar = tokens.indexOf("*");
  const before = firstStar < 0 ? tokens : tokens.slice(0, firstStar);
  const after = firstStar < 0 ? [] : tokens.slice(firstStar);

  const words = before.filter((word) => !QUALIFIERS.has(word));
  const tagged = words[0] === "struct" || words[0] === "union" || words[0] === "enum" ? words.shift() : undefined;
  const length = tagged === undefined ? Math.max(1, basicWords(words)) : 1;
  const type = words.slice(0, length);
  const names = [...words.slice(length), ...after.filter((word) => word !== "*" && !QUALIFIERS.has(word))];
  const nameIsInside = firstStar >= 0 && words.length > length;
  const nameIsLast = names.length === 0 || names[0] === tokens.at(-1);
  if (type.length === 0 || names.length > 1 || nameIsInside || !nameIsLast) return undefined;

  return {
    type: type.join(" "),
    integer: tagged === undefined ? integerOf(type) : undefined,
    tagged: tagged as CDeclaration["tagged"],
    stars: after.filter((token) => token === "*").length,
    constant: before.includes("const"),
    name: names[0],
  };
}

const QUALIFIERS: ReadonlySet<string> = new Set([
  ...["const", "volatile", "restrict", "__restrict", "__restrict__", "register", "_Atomic"],
]);

/** How many of the words in front belong to a type that C spells with several words (C11 section 6.7.2). */
function basicWords(words: readonly string[]): number {
  const end = words.findIndex((word) => !BASIC.has(word));
  return end < 0 ? words.length : end;
}

const BASIC: ReadonlySet<string> = new Set([
  ...["void", "char", "short", "int", "long", "signed", "unsigned", "float", "double", "bool", "_Bool", "_Complex"],
]);

/** The words come in any order, and `int` may be left out beside others. */
function integerOf(words: readonly string[]): CInteger | undefined {
  const others = words.length > 1 && words.includes("int") ? words.toSpliced(words.indexOf("int"), 1) : words;
  return INTEGERS.get([...others].sort().join(" "));
}

const INTEGERS: ReadonlyMap<string, CInteger> = new Map(
  (
    [
      [8, true, ["char signed", "int8_t"]],
      [8, false, ["char unsigned", "uint8_t"]],
      [16, true, ["short", "short signed", "int16_t"]],
      [16, false, ["short unsigned", "uint16_t"]],
      [32, true, ["int", "signed", "int32_t"]],
      [32, false, ["unsigned", "uint32_t"]],
      // long has 64 bits on every Linux machine that we run on (LP64)
      [64, true, ["long", "long signed", "long long", "long long signed", "int64_t"]],
      [64, true, ["ssize_t", "ptrdiff_t", "intptr_t", "intmax_t", "time_t"]],
      [64, false, ["long unsigned", "long long unsigned", "uint64_t", "size_t", "uintptr_t", "uintmax_t"]],
    ] as const
  ).flatMap(([bits, signed, names]) => names.map((name): [string, CInteger] => [name, { bits, signed }])),
);
