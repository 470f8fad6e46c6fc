/**
 * Sets of characters, as predicates over code points: what `.`, `\w`, `[a-z]` and `\p{Greek}` stand for.
 *
 * Names of Unicode properties are those of the JavaScript engine, which knows the tables already.
 */

export type CharacterSet = (code: number) => boolean;

export const nothing: CharacterSet = () => false;

export function single(code: number): CharacterSet {
  return (other) => other === code;
}

export function between(first: number, last: number): CharacterSet {
  return (code) => code >= first && code <= last;
}

export function union(sets: readonly CharacterSet[]): CharacterSet {
  const [only] = sets;
  return only && sets.length === 1 ? only : (code) => sets.some((set) => set(code));
}

export function complement(set: CharacterSet): CharacterSet {
  return (code) => !set(code);
}

export function intersection(one: CharacterSet, other: CharacterSet): CharacterSet {
  return (code) => one(code) && other(code);
}

export function difference(one: CharacterSet, other: CharacterSet): CharacterSet {
  return (code) => one(code) && !other(code);
}

export function symmetricDifference(one: CharacterSet, other: CharacterSet): CharacterSet {
  return (code) => one(code) !== other(code);
}

/** With the other case of each of its letters. */
export function withBothCases(set: CharacterSet): CharacterSet {
  return (code) => {
    if (set(code)) return true;
    const text = String.fromCodePoint(code);
    return oneOf(set, text.toLowerCase()) || oneOf(set, text.toUpperCase());
  };
}

/** Variants of several characters (`ß` and `SS`) are none. */
function oneOf(set: CharacterSet, variant: string): boolean {
  const code = variant.codePointAt(0) as number;
  return String.fromCodePoint(code) === variant && set(code);
}

/** Answers of the first 128 characters are kept: most text is ASCII. */
export function remembered(set: CharacterSet): CharacterSet {
  const known = new Uint8Array(128);
  return (code) => {
    if (code >= 128) return set(code);
    if (known[code] === 0) known[code] = set(code) ? 1 : 2;
    return known[code] === 1;
  };
}

function matching(pattern: RegExp): CharacterSet {
  return (code) => pattern.test(String.fromCodePoint(code));
}

export const digit = matching(/^\p{Nd}$/u);
export const space = matching(/^\p{White_Space}$/u);
export const word = matching(/^[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]$/u);

/** `L`, `Letter`, `Greek`, `sc=Greek`, `Alphabetic`; undefined when Unicode has no such property. */
export function property(name: string): CharacterSet | undefined {
  if (!/^\w+(=\w+)?$/.test(name)) return undefined;
  for (const spelling of [name, `Script=${name}`]) {
    try {
      return matching(new RegExp(`^\\p{${spelling}}$`, "u"));
    } catch {
      // Not a property under this spelling.
    }
  }
  return undefined;
}

const POSIX: Readonly<Record<string, RegExp>> = {
  alnum: /^[0-9A-Za-z]$/,
  alpha: /^[A-Za-z]$/,
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what the class is
  ascii: /^[\x00-\x7F]$/,
  blank: /^[\t ]$/,
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what the class is
  cntrl: /^[\x00-\x1F\x7F]$/,
  digit: /^[0-9]$/,
  graph: /^[!-~]$/,
  lower: /^[a-z]$/,
  print: /^[ -~]$/,
  punct: /^[!-/:-@[-`{-~]$/,
  space: /^[\t\n\v\f\r ]$/,
  upper: /^[A-Z]$/,
  word: /^[0-9A-Za-z_]$/,
  xdigit: /^[0-9A-Fa-f]$/,
};

/** `[:alpha:]` and its like, ASCII only. */
export function posix(name: string): CharacterSet | undefined {
  const pattern = POSIX[name];
  return pattern && matching(pattern);
}
