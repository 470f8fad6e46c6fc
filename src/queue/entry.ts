/**
 * How a mail lies in the spool: one file, a line of JSON and then the bytes of the mail as they came.
 *
 * The line says who gets the mail, who has it already, what was done and what comes next; so the file alone is enough
 * to go on after a crash. `size` tells a file that lost its end from a whole one.
 */

import * as z from "zod";
import { type Address, type Recipient, type Route, type SavedTransaction, Transaction } from "../rules/index.ts";

/** What a mail has to go through next; `preq` only when it was held before those rules saw it. */
export type Step = "preq" | "postq" | "delivery" | "transport";

export interface Entry {
  /** Names the file in the spool, and the files that deliveries make of it. */
  readonly name: string;
  /** The machine's name when the mail came, part of Maildir names. */
  readonly host: string;
  /** What the mail came with, for its trace: SMTP or ESMTP. */
  readonly protocol: string;
  readonly transaction: Transaction;
  step: Step;
  /** Addresses of recipients who have their copy. */
  readonly done: Set<string>;
  /** Addresses of recipients who will not get one, and why. */
  readonly failed: Map<string, string>;
  /** It lies in the quarantine of held mails because of its fingerprint, and comes back when that is released. */
  held: boolean;
}

/** The parts of the file; the last one is the mail itself, not copied. */
export function encodeEntry({ host, protocol, step, done, failed, held, transaction }: Entry): Uint8Array[] {
  const { bytes } = transaction.message;
  const fates = { done: [...done], ...(failed.size > 0 && { failed: Object.fromEntries(failed) }) };
  const head = { version: 1, host, protocol, step, ...(held && { held }), ...fates, size: bytes.length, transaction };
  return [Buffer.from(`${JSON.stringify(head)}\n`), bytes];
}

/** Throws an Error that says what is wrong with the file. The mail is a view of `file`. */
export function decodeEntry(name: string, file: Uint8Array): Entry {
  const end = file.indexOf(0x0a);
  if (end < 0) throw new Error("it has no line of facts");
  const head = readHead(Buffer.from(file.buffer, file.byteOffset, end).toString());
  const raw = file.subarray(end + 1);
  if (raw.length !== head.size) throw new Error(`it holds ${raw.length} of the ${head.size} bytes of its mail`);
  const { host, protocol, step } = head;
  const transaction = Transaction.fromJSON(head.transaction as SavedTransaction, raw);
  const failed = new Map(Object.entries(head.failed ?? {}));
  return { name, host, protocol, step, done: new Set(head.done), failed, held: head.held ?? false, transaction };
}

function readHead(line: string): z.output<typeof Head> {
  const { data, error } = Head.safeParse(JSON.parse(line));
  if (data !== undefined) return data;
  const [{ path, message } = { path: [], message: "" }] = error.issues;
  throw new Error(`its facts are wrong: ${path.join(".")}: ${message}`);
}

const AddressShape = z.object({ localPart: z.string(), domain: z.string() }) satisfies z.ZodType<Address>;

const EndpointShape = z.object({ ip: z.string(), port: z.number() });

const TransportShape = z.union([
  z.object({ kind: z.enum(["deliver", "maildir", "mbox"]) }),
  z.object({ kind: z.literal("forward"), target: z.string() }),
]);

const RecipientShape = z.object({ address: AddressShape, transport: TransportShape }) satisfies z.ZodType<Recipient>;

const RouteShape = z.union([
  z.object({ role: z.literal("root") }),
  z.object({ role: z.enum(["incoming", "outgoing", "internal"]), domain: z.string() }),
]) satisfies z.ZodType<Route>;

const TransactionShape = z.object({
  version: z.literal(1),
  id: z.string(),
  since: z.number(),
  mailFrom: AddressShape.nullable(),
  recipients: z.array(RecipientShape),
  route: RouteShape.optional(),
  fingerprint: z.string().optional(),
  connection: z.object({
    client: EndpointShape,
    server: EndpointShape,
    serverName: z.string(),
    secured: z.boolean(),
    helo: z.string().nullable(),
    since: z.number(),
  }),
});

const Head = z.object({
  version: z.literal(1),
  host: z.string(),
  protocol: z.string(),
  step: z.enum(["preq", "postq", "delivery", "transport"]),
  held: z.boolean().optional(),
  done: z.array(z.string()),
  failed: z.record(z.string(), z.string()).optional(),
  size: z.int(),
  transaction: TransactionShape,
});
