/**
 * `vsmtp mail fetch`: what is known of mails, and their bytes, as they come: of a large mailbox nothing is kept.
 */

import { isUtf8 } from "node:buffer";
import type { Command } from "commander";
import { printable } from "../plugin/index.ts";
import type { FetchPart, FetchValue } from "../storage/index.ts";
import { mailsCommand } from "./mail-mails.ts";
import { inSession } from "./mail-session.ts";
import { manual } from "./manual.ts";

interface Options {
  readonly mailbox: string;
  readonly json?: boolean;
}

/** Fields whose values are bytes of the mail. */
const BYTES: readonly string[] = ["hdr", "body", "text"];

export function fetchCommand(): Command {
  const made = mailsCommand("fetch", "print fields of mails, or their bytes")
    .argument("<fields>", "what to print, in one argument")
    .argument("<query...>", "which mails");
  manual(made, {
    about: [
      "FIELDS are words of: uid seq guid mailbox user flags keywords modseq storageid size.physical size.virtual date.sent date.received date.saved imap.envelope imap.body imap.bodystructure hdr.NAME; and of hdr, body and text, which are the bytes of the mail's header, of its body and of all of it.",
      "For each mail its fields are printed in the order asked for, then bytes below the name of their field, and an empty line between mails. When only bytes are asked for, they are printed as they are and nothing else.",
      'With --json each mail is one line of JSON. Dates are seconds since 1970 there, fields of the header are lists, null is what a mail does not have, and bytes that are no UTF-8 are {"base64": …}.',
    ],
    exit: { 0: "everything was printed, also when no mail was found", 1: "something could not be read" },
    examples: [
      ["vsmtp mail -u john fetch 'uid flags hdr.subject' unseen", "what is new"],
      ["vsmtp mail -u john fetch text uid 7 > mail.eml", "a whole mail as it is"],
    ],
  });
  return made.action(
    inSession<Options>(async (session, { mailbox, json = false }, self) => {
      const [words = "", ...query] = self.args;
      const fields = words.split(/[\s,]+/).filter((word) => word !== "");
      const parts = session.fetch(mailbox, query.join(" "), fields);
      for await (const piece of json ? jsonLines(parts) : texts(parts, fields)) await write(piece);
    }),
  );
}

/** Waits for a reader that is slower than the storage. */
function write(piece: string | Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    if (process.stdout.write(piece)) resolve();
    else process.stdout.once("drain", resolve);
  });
}

type Piece = string | Uint8Array;

/** As people read it. */
async function* texts(parts: AsyncIterable<FetchPart>, fields: readonly string[]): AsyncGenerator<Piece> {
  const page = new Page(fields);
  for await (const part of parts) yield* part.kind === "mail" ? page.mail(part.fields) : page.bytes(part);
  yield* page.end();
}

const LF = 0x0a;

class Page {
  /** Nothing but bytes is asked for. */
  readonly #raw: boolean;
  readonly #width: number;
  #isFirst = true;
  /** The field whose bytes come. */
  #field: string | undefined;
  /** The byte that was printed last. */
  #last = LF;

  constructor(fields: readonly string[]) {
    const named = fields.filter((field) => !BYTES.includes(field));
    this.#raw = named.length === 0;
    this.#width = Math.max(...named.map((field) => field.length));
  }

  *mail(fields: Readonly<Record<string, FetchValue>>): Generator<Piece> {
    yield* this.end();
    if (!this.#raw && !this.#isFirst) yield "\n";
    this.#isFirst = false;
    for (const [field, value] of Object.entries(fields)) {
      for (const line of linesOf(field, value)) yield `${`${field.padEnd(this.#width)}  ${line}`.trimEnd()}\n`;
    }
  }

  *bytes({ field, bytes }: FetchPart & { kind: "bytes" }): Generator<Piece> {
    if (!this.#raw && field !== this.#field) {
      yield* this.end();
      yield `${field}:\n`;
    }
    this.#field = field;
    this.#last = bytes.at(-1) ?? this.#last;
    yield bytes;
  }

  /** What follows begins in a line of its own. */
  *end(): Generator<Piece> {
    if (!this.#raw && this.#last !== LF) yield "\n";
    this.#last = LF;
    this.#field = undefined;
  }
}

/** A header field may be there several times. */
function linesOf(field: string, value: FetchValue): string[] {
  if (value === null) return [""];
  if (typeof value === "number" && field.startsWith("date.")) return [new Date(value * 1000).toISOString()];
  if (typeof value !== "object") return [printable(String(value))];
  return field.startsWith("hdr.") ? value.map(printable) : [value.map(printable).join(" ")];
}

/** A line for each mail. */
async function* jsonLines(parts: AsyncIterable<FetchPart>): AsyncGenerator<string> {
  let mail: Record<string, unknown> | undefined;
  const bytes = new Map<string, Uint8Array[]>();
  const line = () => {
    for (const [field, pieces] of bytes) Object.assign(mail ?? {}, { [field]: textOf(Buffer.concat(pieces)) });
    bytes.clear();
    return `${JSON.stringify(mail)}\n`;
  };
  for await (const part of parts) {
    if (part.kind === "bytes") {
      const pieces = bytes.get(part.field);
      if (pieces) pieces.push(part.bytes);
      else bytes.set(part.field, [part.bytes]);
      continue;
    }
    if (mail) yield line();
    mail = { ...part.fields };
  }
  if (mail) yield line();
}

function textOf(bytes: Buffer): unknown {
  return isUtf8(bytes) ? bytes.toString("utf8") : { base64: bytes.toString("base64") };
}
