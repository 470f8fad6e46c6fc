/**
 * Positions in strings. vSL counts code points, JavaScript counts UTF-16 units; they are the same as long as no
 * character beyond the BMP occurs, which is nearly always, so that is looked up first and the rest is the exception.
 */

const SURROGATE = /[\ud800-\udfff]/;
const SHORT = 24;
const MIDDLE = 512;
const LONG = 1024 * 1024;

/** The last longer string that was asked about: loops over the characters of one string ask again and again. */
let asked = "";
let answer = false;
/** Where its characters begin, and where the last one ends; made when somebody wants to know. */
let starts: Uint32Array | undefined;

/** Whether units and code points differ. */
export function hasSurrogates(text: string): boolean {
  if (text.length < SHORT) return shortHasSurrogates(text);
  // In strings of Latin characters, which hold a byte for each, the engine need not even look.
  if (text.length < MIDDLE || text.length > LONG) return SURROGATE.test(text);
  if (text !== asked) {
    asked = text;
    answer = SURROGATE.test(text);
    starts = undefined;
  }
  return answer;
}

function shortHasSurrogates(text: string): boolean {
  for (let i = 0; i < text.length; i++) if ((text.charCodeAt(i) & 0xf800) === 0xd800) return true;
  return false;
}

/** How many characters a string has. */
export function countCharacters(text: string): number {
  return hasSurrogates(text) ? startsOf(text).length - 1 : text.length;
}

/** The unit at which the character of that number begins; the length of the string when it has fewer. */
export function unitAt(text: string, character: number): number {
  if (!hasSurrogates(text)) return Math.min(character, text.length);
  return startsOf(text)[character] ?? text.length;
}

/** The characters from one number to another, the last not included. */
export function sliceCharacters(text: string, from: number, to: number): string {
  return hasSurrogates(text) ? text.slice(unitAt(text, from), unitAt(text, to)) : text.slice(from, to);
}

/** The code point of the character of that number, which must be there. */
export function codeAt(text: string, character: number): number {
  return text.codePointAt(unitAt(text, character)) as number;
}

/** For a string in which they are not simply all units. */
function startsOf(text: string): Uint32Array {
  if (text === asked && starts !== undefined) return starts;
  const units = new Uint32Array(text.length + 1);
  let count = 0;
  for (let unit = 0; unit < text.length; count++) {
    units[count] = unit;
    unit += (text.codePointAt(unit) as number) > 0xffff ? 2 : 1;
  }
  units[count] = text.length;
  const found = units.slice(0, count + 1);
  if (text === asked) starts = found;
  return found;
}

/** Sorts them in place. */
export function sortedTexts(texts: string[]): string[] {
  return texts.some((text) => SURROGATE.test(text)) ? texts.sort(byCodePoint) : texts.sort();
}

/** UTF-8 order, which UTF-16 order is not beyond the BMP. */
export function byCodePoint(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

/** Surrogates stand for code points above all other UTF-16 units. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit < 0xe000 ? unit + 0x2000 : unit >= 0xe000 ? unit - 0x800 : unit;
}
