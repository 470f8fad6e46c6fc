/**
 * The transaction in wire form: the facts that a plugin function gets, and the changes that come back.
 *
 * native/core/transaction.h describes both encodings; transaction-source.ts says where the facts come from and what
 * changes mean. The mail's bytes are no part of this: C reads them where they are.
 */

import { VsmtpError } from "../errors.ts";
import { type Value, VslArray } from "../vsl/index.ts";
import type { MailView, RawField, TransactionView } from "./transaction-source.ts";
import { Block } from "./wire-block.ts";
import { decode } from "./wire-decode.ts";
import { beginArray, endContainer, put, putEncoded, putLatin1, type Refusal } from "./wire-encode.ts";

/** Writes the facts from `block.start` to `block.at`. Undefined: they are written. */
export function encodeTransaction(block: Block, view: TransactionView): Refusal | undefined {
  const { stage, client, serverName, helo, mailFrom, id, mail, recipients } = view;
  // C tells the null sender, "", from a sender that is not known yet
  const sender = mailFrom === null ? "" : mailFrom;
  const facts = [stage, client.ip, client.port, serverName, helo, sender, id, mail !== undefined];
  block.begin();
  return putArray(block, facts.length + 2, () => {
    for (const fact of facts) {
      const refusal = put(block, fact, 1);
      if (refusal !== undefined) return refusal;
    }
    return putRecipients(block, recipients) ?? putFields(block, mail?.fields() ?? NO_FIELDS);
  });
}

function putArray(block: Block, count: number, putElements: () => Refusal | undefined): Refusal | undefined {
  const begun = beginArray(block, count);
  if (typeof begun !== "number") return begun;
  const refusal = putElements();
  if (refusal === undefined) endContainer(block, begun);
  return refusal;
}

function putRecipients(block: Block, recipients: readonly string[]): Refusal | undefined {
  return putArray(block, recipients.length, () => {
    for (const recipient of recipients) {
      const refusal = put(block, recipient, 2);
      if (refusal !== undefined) return refusal;
    }
    return undefined;
  });
}

const NO_FIELDS: readonly RawField[] = [];

/** The wire form of fields, for as long as they do not change: several rules ask about one mail. */
const encoded = new WeakMap<readonly RawField[], Uint8Array>();

function putFields(block: Block, fields: readonly RawField[]): Refusal | undefined {
  let bytes = encoded.get(fields);
  if (bytes === undefined) {
    const own = Block.forCopy(4096);
    const refusal = encodeFields(own, fields);
    if (refusal !== undefined) return refusal;
    bytes = own.bytes.subarray(0, own.at);
    encoded.set(fields, bytes);
  }
  return putEncoded(block, bytes);
}

function encodeFields(block: Block, fields: readonly RawField[]): Refusal | undefined {
  return putArray(block, 3 * fields.length, () => {
    for (const { name, raw } of fields) {
      const value = unfold(raw);
      const refusal =
        putLatin1(block, name) ??
        putLatin1(block, raw) ??
        (value === undefined ? put(block, undefined, 2) : putLatin1(block, value));
      if (refusal !== undefined) return refusal;
    }
    return undefined;
  });
}

/** A field's value (RFC 5322 section 2.2.3); undefined when it is `raw` without the white space at its beginning. */
function unfold(raw: string): string | undefined {
  if (!/[\r\n]|[ \t]$/.test(raw)) return undefined;
  // not trim(): it takes bytes of UTF-8 for spaces
  return raw.replace(/\r?\n(?=[ \t])/g, "").replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, "");
}

/** How a change is written; `VSMTP_CHANGE_…` in native/core/transaction.h. */
const changes = ["prepend", "append", "set", "remove"] as const;

/**
 * Applies what a function wants changed, in its order.
 *
 * @param bytes what libvsmtp recorded, in memory that the plugin could reach too. Throws a VsmtpError when it is damaged.
 * @param source whose changes they are, for the error
 */
export function applyChanges(bytes: Uint8Array, mail: MailView | undefined, source: string): void {
  const damaged = (reason: string): VsmtpError =>
    new VsmtpError("PLUGIN_RESULT_DAMAGED", { source, offset: 0, reason });
  const list = decode(bytes, source);
  if (!(list instanceof VslArray) || list.items.length % 3 !== 0) throw damaged("it is no list of changes");
  if (mail === undefined) throw damaged("there is no mail that could be changed");
  const { items } = list;
  const read = (at: number): (() => void) => {
    const [number, name, value] = [items[at], items[at + 1], items[at + 2]];
    const kind = typeof number === "number" ? changes[number] : undefined;
    if (kind === undefined || !isName(name) || !isValue(value)) throw damaged(`change ${at / 3} is none`);
    return kind === "remove" ? () => mail.remove(name) : () => mail[kind](name, value);
  };
  const edits: (() => void)[] = [];
  for (let at = 0; at < items.length; at += 3) edits.push(read(at));
  // all are sound, or none is applied
  for (const edit of edits) edit();
}

/** As transaction-changes.c has it. */
function isName(value: Value): value is string {
  return typeof value === "string" && /^[!-9;-~]+$/.test(value);
}

function isValue(value: Value): value is string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return typeof value === "string" && !/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)|\n(?![ \t])/.test(value);
}
