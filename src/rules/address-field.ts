/**
 * The addresses in a header field that holds a list of them (RFC 5322 section 3.4): `a@b`, `Name <a@b>`, groups,
 * comments, quoted names, folded lines and obsolete routes.
 *
 * A field is edited where an address stands in it and keeps every other byte. Values are texts of one character a
 * byte, as {@link Message.edit} gives them.
 */

import { type Address, parseAddress, showAddress } from "./address.ts";

interface Mailbox {
  /** Of the whole element, between the separators around it. */
  readonly from: number;
  readonly to: number;
  /** Of the address in it. */
  readonly addressFrom: number;
  readonly addressTo: number;
  readonly address: Address | undefined;
}

/** With another address wherever that one stands. */
export function replaceAddress(value: string, old: Address, fresh: Address): string {
  const cuts = mailboxes(value)
    .filter((box) => isAddress(box, old))
    .map(({ addressFrom, addressTo }) => ({ from: addressFrom, to: addressTo }));
  return withCuts(value, cuts, bytesOf(fresh));
}

/** The sender's address is replaced and a name before it stays; of several senders none does. */
export function replaceSender(value: string, fresh: Address): string {
  const [only, ...more] = mailboxes(value);
  if (!only || more.length > 0) return ` ${bytesOf(fresh)}`;
  return `${value.slice(0, only.addressFrom)}${bytesOf(fresh)}${value.slice(only.addressTo)}`;
}

/** Behind all others. */
export function addAddress(value: string, fresh: Address): string {
  const end = value.trimEnd();
  return end === "" ? ` ${bytesOf(fresh)}` : `${end}, ${bytesOf(fresh)}`;
}

/** Without the elements that hold that address; undefined when nothing else is left. */
export function removeAddress(value: string, gone: Address): string | undefined {
  const cuts: Cut[] = [];
  for (const box of mailboxes(value).reverse()) {
    if (!isAddress(box, gone)) continue;
    const next = cuts.at(-1);
    const isNeighbour = next?.from === box.to;
    if (isNeighbour) cuts.pop();
    cuts.push(removal(value, box, isNeighbour ? next.to : box.to));
  }
  const text = withCuts(value, cuts.reverse(), "");
  return text.trim() === "" && value.trim() !== "" ? undefined : text;
}

/** A part of a value that goes. */
interface Cut {
  readonly from: number;
  readonly to: number;
}

/**
 * One comma goes with an element: the one before it, or the one after the first of a list. `rest` is where the text
 * goes on, behind elements that are gone already.
 */
function removal(value: string, { from, to }: Mailbox, rest: number): Cut {
  if (value[from - 1] === ",") return { from: from - 1, to: rest };
  if (value[rest] !== ",") return { from, to: rest };
  const behind = rest + 1 + whiteSpaceAt(value, rest + 1);
  // The element that takes its place stands where this one stood, unless it has a line of its own.
  const isOnLine = value[behind] !== "\r" && value[behind] !== "\n";
  return isOnLine ? { from: Math.min(from + foldAt(value, from), to), to: behind } : { from, to: rest + 1 };
}

/** Spaces and tabs. */
function whiteSpaceAt(value: string, at: number): number {
  let end = at;
  while (value[end] === " " || value[end] === "\t") end += 1;
  return end - at;
}

/** White space, line ends included. */
function foldAt(value: string, at: number): number {
  let end = at;
  while (end < value.length && /\s/.test(value[end] as string)) end += 1;
  return end - at;
}

/** Cuts are in their order; `fresh` takes the place of each. */
function withCuts(value: string, cuts: readonly Cut[], fresh: string): string {
  const pieces: string[] = [];
  let at = 0;
  for (const { from, to } of cuts) {
    pieces.push(value.slice(at, from), fresh);
    at = to;
  }
  return [...pieces, value.slice(at)].join("");
}

function isAddress({ address }: Mailbox, wanted: Address): boolean {
  return address !== undefined && showAddress(address) === showAddress(wanted);
}

function bytesOf(address: Address): string {
  return Buffer.from(showAddress(address), "utf8").toString("latin1");
}

function mailboxes(value: string): Mailbox[] {
  const found: Mailbox[] = [];
  let from = 0;
  for (let i = 0; i <= value.length; ) {
    const character = value[i];
    if (character === undefined || character === "," || character === ";") {
      const box = mailboxIn(value, from, i);
      if (box) found.push(box);
      from = i + 1;
    } else if (character === ":") from = i + 1;
    i = endOfPart(value, i);
  }
  return found;
}

/** Behind a quoted string, a comment, an address in angle brackets, a domain literal, or one character. */
function endOfPart(value: string, at: number): number {
  switch (value[at]) {
    case '"':
      return closing(value, at, '"');
    case "(":
      return closing(value, at, ")", "(");
    case "<":
      return closing(value, at, ">");
    case "[":
      return closing(value, at, "]");
    default:
      return at + 1;
  }
}

/** What is never closed ends with the value. */
function closing(value: string, at: number, close: string, open?: string): number {
  let depth = 1;
  for (let i = at + 1; i < value.length; i++) {
    const character = value[i];
    if (character === "\\") i += 1;
    else if (character === close && --depth === 0) return i + 1;
    else if (character === open) depth += 1;
    else if (character === '"' && close === ">") i = closing(value, i, '"') - 1;
  }
  return value.length;
}

/** Undefined for an element without an address: empty, or a comment alone. */
function mailboxIn(value: string, from: number, to: number): Mailbox | undefined {
  const bare: [number, number][] = [];
  for (let i = from; i < to; ) {
    const end = Math.min(endOfPart(value, i), to);
    if (value[i] === "<") return angled(value, from, to, i + 1, end - 1);
    if (value[i] !== "(" && !/\s/.test(value[i] as string)) bare.push([i, end]);
    i = end;
  }
  const [first, last] = [bare[0], bare.at(-1)];
  if (!first || !last) return undefined;
  const text = bare.map(([start, end]) => value.slice(start, end)).join("");
  return { from, to, addressFrom: first[0], addressTo: last[1], address: addressOf(text) };
}

/** `<a@b>`, or `<@relay,@relay:a@b>` as mails of old have it. */
function angled(value: string, from: number, to: number, start: number, end: number): Mailbox {
  const inside = value.slice(start, end);
  const route = /^\s*@[^"]*?:/.exec(inside)?.[0].length ?? 0;
  const rest = inside.slice(route);
  const addressFrom = start + route + (rest.length - rest.trimStart().length);
  const addressTo = addressFrom + rest.trim().length;
  return { from, to, addressFrom, addressTo, address: addressOf(rest.replace(/\s+/g, "")) };
}

function addressOf(latin1: string): Address | undefined {
  return parseAddress(Buffer.from(latin1, "latin1").toString("utf8"));
}
