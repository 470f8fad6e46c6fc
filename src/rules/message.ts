/**
 * The bytes of a mail and its header section (RFC 5322 section 2.2), edited without touching a byte that nobody asked
 * to change: unknown charsets, odd folding and bad line ends come out as they came in.
 *
 * Before DATA there is no mail yet: fields added then wait, and come first when the bytes arrive. Fields are kept as
 * latin1 text, one character a byte; names and values cross the face of this class as Unicode.
 */

import { Buffer } from "node:buffer";
import { VsmtpError } from "../errors.ts";

export class Message {
  /** The mail as it came; undefined before, and once fields were changed. */
  #raw: Uint8Array | undefined;
  /** Fields with their line ends; undefined until somebody asks for them. */
  #fields: string[] | undefined;
  /** The empty line and what follows it. */
  #body: Uint8Array = NOTHING;
  #received: boolean;
  /** What `fields` answered last. */
  #rawFields: readonly RawField[] | undefined;

  constructor(raw?: Uint8Array) {
    this.#raw = raw;
    this.#received = raw !== undefined;
    if (!this.#received) this.#fields = [];
  }

  /** Another message with the same bytes and fields; what is done to one is not done to the other. */
  copy(): Message {
    const copy = new Message(this.#raw);
    copy.#fields = this.#fields?.slice();
    copy.#body = this.#body;
    copy.#received = this.#received;
    return copy;
  }

  /** Whether the client's bytes are here. */
  get received(): boolean {
    return this.#received;
  }

  /** Takes the client's bytes; fields that rules added before come in front of them. */
  receive(raw: Uint8Array): void {
    const early = this.#fields ?? [];
    this.#raw = early.length === 0 ? raw : Buffer.concat([Buffer.from(early.join(""), "latin1"), raw]);
    this.#fields = undefined;
    this.#rawFields = undefined;
    this.#received = true;
  }

  /** The mail as it will be delivered. */
  get bytes(): Uint8Array {
    if (this.#raw) return this.#raw;
    this.#raw = Buffer.concat([Buffer.from((this.#fields ?? []).join(""), "latin1"), this.#body]);
    return this.#raw;
  }

  /** Values of all fields of a name, unfolded, in their order. */
  values(name: string): string[] {
    return this.#matching(name).map((field) => unfold(field.slice(field.indexOf(":") + 1)));
  }

  /** All fields, each on one line. */
  lines(): string[] {
    return this.#list().map(unfold);
  }

  /** Fields of a name (or all), as they stand in the mail. */
  untouched(name?: string): string[] {
    return (name === undefined ? this.#list() : this.#matching(name)).map(decode);
  }

  /**
   * All fields in their order, with what follows the colon as it stands there, one character a byte. The same array
   * until a field changes.
   */
  fields(): readonly RawField[] {
    this.#rawFields ??= this.#list().flatMap(rawField);
    return this.#rawFields;
  }

  count(name: string): number {
    return this.#matching(name).length;
  }

  prepend(name: string, value: string): void {
    this.#change((fields) => fields.unshift(fieldOf(name, value)));
  }

  append(name: string, value: string): void {
    this.#change((fields) => push(fields, fieldOf(name, value)));
  }

  /** Replaces the first field of that name, folded lines and all; appends it when there is none. */
  set(name: string, value: string): void {
    this.#change((fields) => {
      const at = fields.findIndex(named(name));
      if (at === -1) push(fields, fieldOf(name, value));
      else fields[at] = fieldOf(name, value);
    });
  }

  /** Renames the first field of that name; its value stays to the byte. */
  rename(from: string, to: string): void {
    this.#change((fields) => {
      const at = fields.findIndex(named(from));
      const field = fields[at];
      if (field !== undefined) fields[at] = `${nameOf(to)}${field.slice(field.indexOf(":"))}`;
    });
  }

  /**
   * Gives the values of all fields of a name to `edit`, one character a byte, from the colon to the last line end,
   * both excluded. What it returns takes the value's place; undefined removes the field.
   */
  edit(name: string, edit: (value: string) => string | undefined): void {
    const fields = this.#list();
    const isNamed = named(name);
    const edited = fields.map((field) => (isNamed(field) ? editedField(field, edit) : field));
    if (edited.every((field, i) => field === fields[i])) return;
    this.#fields = edited.filter((field) => field !== undefined);
    this.#changed();
  }

  /** Removes the first field of that name; whether there was one. */
  remove(name: string): boolean {
    const at = this.#list().findIndex(named(name));
    if (at !== -1) this.#change((fields) => fields.splice(at, 1));
    return at !== -1;
  }

  /** The whole mail as text; bytes that are no UTF-8 become replacement characters. */
  toString(): string {
    return Buffer.from(this.bytes).toString("utf8");
  }

  #matching(name: string): string[] {
    return this.#list().filter(named(name));
  }

  #change(edit: (fields: string[]) => void): void {
    edit(this.#list());
    this.#changed();
  }

  #changed(): void {
    this.#raw = undefined;
    this.#rawFields = undefined;
  }

  #list(): string[] {
    if (this.#fields) return this.#fields;
    const raw = Buffer.from(this.#raw ?? NOTHING);
    const end = endOfHeader(raw);
    this.#fields = splitFields(raw.toString("latin1", 0, end));
    this.#body = raw.subarray(end);
    return this.#fields;
  }
}

/** A field as it stands in the mail. */
export interface RawField {
  readonly name: string;
  readonly raw: string;
}

const NOTHING = new Uint8Array(0);
const LF = 10;
const CR = 13;

/** The offset of the empty line that ends the header section; the length when there is none. */
function endOfHeader(raw: Buffer): number {
  for (let line = 0; line < raw.length; ) {
    const first = raw[line];
    if (first === LF || (first === CR && raw[line + 1] === LF)) return line;
    const end = raw.indexOf(LF, line);
    if (end === -1) break;
    line = end + 1;
  }
  return raw.length;
}

/** A field begins at a line that does not begin with white space; it keeps its folded lines. */
function splitFields(header: string): string[] {
  const fields: string[] = [];
  let start = 0;
  for (let line = header.indexOf("\n") + 1; line > 0 && line < header.length; line = header.indexOf("\n", line) + 1) {
    if (header[line] === " " || header[line] === "\t") continue;
    fields.push(header.slice(start, line));
    start = line;
  }
  if (start < header.length) fields.push(header.slice(start));
  return fields;
}

/** None for a line without a colon. */
function rawField(field: string): RawField[] {
  const colon = field.indexOf(":");
  if (colon === -1) return [];
  return [{ name: field.slice(0, colon).trimEnd(), raw: field.slice(colon + 1).replace(/\r?\n$/, "") }];
}

function named(name: string): (field: string) => boolean {
  const wanted = encode(name).toLowerCase();
  return (field) => {
    const colon = field.indexOf(":");
    return colon !== -1 && field.slice(0, colon).trimEnd().toLowerCase() === wanted;
  };
}

/** One field; line breaks in the value would be fields of somebody else's making, so they become folds. */
function fieldOf(name: string, value: string): string {
  const folded = value.replace(/(?:\r\n|\r|\n)+$/, "").replace(/(?:\r\n|\r|\n)[ \t]*/g, "\r\n ");
  if (/[^\P{Cc}\t\r\n]/u.test(folded)) throw new VsmtpError("MAIL_FIELD_VALUE", { name });
  return `${nameOf(name)}: ${encode(folded)}\r\n`;
}

/** RFC 5322 section 3.6.8: anything else would end up as something else than a field of that name. */
function nameOf(name: string): string {
  if (!/^[!-9;-~]+$/.test(name)) throw new VsmtpError("MAIL_FIELD_NAME", { name: JSON.stringify(name) });
  return name;
}

/** A last line that has no end gets one, or the new field would be a part of it. */
function push(fields: string[], field: string): void {
  const last = fields.at(-1);
  if (last !== undefined && !last.endsWith("\n")) fields[fields.length - 1] = `${last}\r\n`;
  fields.push(field);
}

function editedField(field: string, edit: (value: string) => string | undefined): string | undefined {
  const start = field.indexOf(":") + 1;
  const [end = ""] = /\r?\n$/.exec(field) ?? [];
  const value = edit(field.slice(start, field.length - end.length));
  return value === undefined ? undefined : `${field.slice(0, start)}${value}${end}`;
}

function unfold(value: string): string {
  return decode(value.replace(/\r?\n$/, "").replace(/\r?\n(?=[ \t])/g, "")).trim();
}

function encode(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

function decode(text: string): string {
  return Buffer.from(text, "latin1").toString("utf8");
}
