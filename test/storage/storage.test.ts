/** The storage as TypeScript sees it, on real Maildirs. */

import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type FetchPart,
  type MailSession,
  openStorage,
  type Storage,
  type StorageEvent,
  type StorageOptions,
  type StorageQuestion,
} from "../../src/storage/index.ts";

const MAIL = "From: x@a.example\r\nSubject: =?utf-8?q?caf=C3=A9?=\r\n\r\nHello\r\n";

let folder = "";
let storage: Storage;
const lines: string[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "vsmtp-storage-"));
  lines.length = 0;
});
afterEach(async () => {
  await storage.close();
  rmSync(folder, { recursive: true });
});

function open(options: Partial<StorageOptions> = {}): Storage {
  storage = openStorage({ plugins: [], log: ({ level, text }) => lines.push(`${level} ${text}`), ...options });
  return storage;
}

const user = () => ({ name: "jane@b.example", location: `maildir:${folder}/jane` });
const bytes = (text: string): Uint8Array[] => [Buffer.from(text)];
const delivery = (name: string, more = {}) => ({ name, parts: bytes(MAIL), again: false, ...more });

async function all(parts: AsyncIterable<FetchPart>): Promise<FetchPart[]> {
  const list: FetchPart[] = [];
  for await (const part of parts) list.push(part);
  return list;
}

describe("a delivery", () => {
  it("resolves with the mail's place", async () => {
    const delivered = await open().deliver(user(), delivery("1.M2P3.mx"));
    const file = join(folder, `jane/new/1.M2P3.mx,S=${MAIL.length},W=${MAIL.length}`);
    expect(delivered).toEqual({ mailbox: "INBOX", uid: 1, file });
    expect(readFileSync(file, "utf8")).toBe(MAIL);
  });

  it("is found when it is tried again, and made when it was not", async () => {
    const first = await open().deliver(user(), delivery("1.M2P3.mx"));
    const again = await storage.deliver(user(), delivery("1.M2P3.mx", { again: true }));
    expect(again).toEqual({ ...first, uid: undefined });
    await storage.deliver(user(), delivery("1.M2P4.mx", { again: true }));
    expect(readdirSync(join(folder, "jane/new"))).toHaveLength(2);
  });

  it("does not mind many at a time", async () => {
    open();
    const names = Array.from({ length: 100 }, (_, n) => `1.M${n}P3.mx`);
    const delivered = await Promise.all(names.map((name) => storage.deliver(user(), delivery(name))));
    expect(delivered.map(({ uid }) => uid)).toEqual(names.map((_, n) => n + 1));
  });

  it("puts nothing in its place that a location or a name could hold", async () => {
    const name = "100%u:x@b.example";
    await open().deliver({ name, location: `maildir:${folder}/100%25u` }, delivery("1.M2P3.mx"));
    expect(readdirSync(join(folder, "100%25u/new"))).toHaveLength(1);
  });

  it("fails with what is in the way", async () => {
    writeFileSync(join(folder, "jane"), "");
    await expect(open().deliver(user(), delivery("1.M2P3.mx"))).rejects.toMatchObject({
      code: "STORAGE_OPERATION",
      message: expect.stringContaining(join(folder, "jane")),
      facts: { operation: "deliver", user: "jane@b.example", mailbox: "INBOX", error: "TEMP" },
    });
  });

  it("fails without a mailbox of that name", async () => {
    await expect(open().deliver(user(), delivery("1.M2P3.mx", { mailbox: "Work" }))).rejects.toMatchObject({
      facts: { error: "NOTFOUND", mailbox: "Work", reason: "Mailbox doesn't exist: Work" },
      fix: "Create it, or correct its name",
    });
  });

  it("makes a mailbox that the configuration wants made", async () => {
    const mailboxes = [{ name: "Work", auto: "create", specialUse: "\\Archive" }] as const;
    const rest = { prefix: "", separator: "/", hidden: false, list: true, subscriptions: true, location: null };
    const made = { ...user(), namespaces: [{ ...rest, inbox: true, mailboxes }] };
    await open().deliver(made, delivery("1.M2P3.mx", { mailbox: "Work" }));
    const session = await storage.open(made);
    const work = (await session.mailboxes()).find(({ name }) => name === "Work");
    expect(work).toMatchObject({ specialUse: "\\Archive", subscribed: false });
    expect(await session.search("Work", "all")).toEqual([1]);
  });
});

describe("a session", () => {
  let session: MailSession;

  beforeEach(async () => {
    session = await open().open(user());
  });

  it("saves from memory and from a file", async () => {
    const date = new Date("2001-09-09T01:46:40Z");
    const saved = await session.save("INBOX", { content: bytes(MAIL), flags: ["\\Seen"], received: date });
    expect(saved).toEqual({ uid: 1, uidValidity: expect.any(Number) });
    writeFileSync(join(folder, "mail"), `skipped\n${MAIL}`);
    const fd = openSync(join(folder, "mail"), "r");
    await session.save("INBOX", { content: { fd }, keywords: ["Work"] });
    closeSync(fd);
    expect(await all(session.fetch("INBOX", "uid 1", ["flags", "keywords", "date.received"]))).toEqual([
      { kind: "mail", uid: 1, fields: { flags: ["\\Seen"], keywords: [], "date.received": 1_000_000_000 } },
    ]);
    expect(await session.search("INBOX", "keyword Work")).toEqual([2]);
  });

  it("fetches in the order asked for, bytes in pieces", async () => {
    const large = `A: 1\r\n\r\n${"x".repeat(70)}\r\n`.padEnd(1_000_000, "0123456789");
    await session.save("INBOX", { content: bytes(MAIL) });
    await session.save("INBOX", { content: bytes(large) });
    const parts = await all(session.fetch("INBOX", "all", ["uid", "hdr.subject", "imap.envelope", "uid", "text"]));
    const mails = parts.filter((part) => part.kind === "mail");
    expect(Object.keys(mails[0]?.fields ?? {})).toEqual(["uid", "hdr.subject", "imap.envelope"]);
    expect(mails.map(({ fields }) => fields["hdr.subject"])).toEqual([["café"], null]);
    const pieces = parts.slice(parts.indexOf(mails[1] as FetchPart) + 1);
    expect(pieces.length).toBeGreaterThan(5);
    expect(Buffer.concat(pieces.map((part) => (part.kind === "bytes" ? part.bytes : Buffer.of()))).toString()).toBe(
      large,
    );
  });

  it("ends a fetch whose loop is left", async () => {
    for (let n = 0; n < 10; n++) await session.save("INBOX", { content: bytes(`A: ${"x".repeat(200_000)}\r\n\r\n`) });
    for await (const part of session.fetch("INBOX", "all", ["text"])) if (part.kind === "bytes") break;
    expect(await session.expunge("INBOX", "all")).toBe(10);
  });

  it("tells what is wrong with a query or a field", async () => {
    await expect(session.search("INBOX", "larger many")).rejects.toMatchObject({ facts: { error: "PARAMS" } });
    await expect(all(session.fetch("INBOX", "all", ["colour"]))).rejects.toThrow("Mails have no field colour");
  });

  it("changes, copies, moves and expunges", async () => {
    for (let n = 0; n < 3; n++) await session.save("INBOX", { content: bytes(MAIL) });
    await session.createMailbox("Work");
    expect(await session.flags("INBOX", "uid 1", { mode: "add", flags: ["\\Seen"], keywords: ["Done"] })).toBe(1);
    expect(await session.copy("INBOX", "seen", "Work")).toBe(1);
    expect(await session.move("INBOX", "uid 2:3", "Work")).toBe(2);
    expect(await session.search("INBOX", "all")).toEqual([1]);
    expect(await session.status("Work")).toMatchObject({ messages: 3, unseen: 2, uidNext: 4 });
    expect(await session.search("Work", "keyword done")).toEqual([1]);
    await expect(session.move("INBOX", "all", "Play")).rejects.toMatchObject({ facts: { operation: "move" } });
    expect(await session.expunge("Work", "unseen")).toBe(2);
    expect(await session.search("Work", "all")).toEqual([1]);
  });

  it("lists, renames, subscribes and deletes mailboxes", async () => {
    await session.createMailbox("Work/Ä");
    await session.subscribeMailbox("Work/Ä", true);
    expect((await session.mailboxes({ subscribed: true })).map(({ name }) => name)).toEqual(["Work/Ä"]);
    await session.renameMailbox("Work/Ä", "Werk");
    expect((await session.mailboxes({ patterns: ["W%"] })).map(({ name }) => name)).toContain("Werk");
    await session.deleteMailbox("Werk");
    await expect(session.status("Werk")).rejects.toMatchObject({ facts: { error: "NOTFOUND" } });
  });

  it("shows the chains of methods, of the core alone where there is no plugin", async () => {
    const chains = await session.hooks();
    expect(new Set(chains.map(({ object }) => object))).toEqual(
      new Set(["mail_user", "mailbox_list", "mail_storage", "mailbox", "mail"]),
    );
    const copy = chains.find(({ object, slot }) => object === "mailbox" && slot === "copy");
    expect(copy?.links.at(-1)).toMatchObject({ module: undefined, file: expect.stringMatching(/libvsmtp-storage/) });
  });

  it("is of no use once it is closed", async () => {
    await session.close();
    await expect(session.mailboxes()).rejects.toThrow("The session is closed");
  });
});

describe("rules", () => {
  it("are asked, and what they refuse is not done", async () => {
    const questions: StorageQuestion[] = [];
    const ask = async (question: StorageQuestion) => {
      questions.push(question);
      return { kind: "refuse", text: "Not here" } as const;
    };
    await expect(open({ ask }).deliver(user(), delivery("1.M2P3.mx"))).rejects.toMatchObject({
      facts: { error: "PERM", reason: "Not here" },
    });
    const size = MAIL.length;
    const question = { user: "jane@b.example", mailbox: "INBOX", operation: "save", flags: [], keywords: [], size };
    expect(questions).toEqual([question]);
    expect(readdirSync(join(folder, "jane/new"))).toEqual([]);
  });

  it("that fail or give no answer are failures for now", async () => {
    const answers = [() => Promise.reject(new Error("the rule is broken")), () => new Promise<never>(() => {})];
    const ask = () => (answers.shift() as (typeof answers)[number])();
    open({ ask, askDeadline: 50 });
    const refused = { facts: { error: "TEMP" } };
    await expect(storage.deliver(user(), delivery("1.M2P3.mx"))).rejects.toMatchObject(refused);
    await expect(storage.deliver(user(), delivery("1.M2P3.mx"))).rejects.toMatchObject(refused);
  });
});

describe("listeners", () => {
  it("are told what happened, before it is done, as long as they want it", async () => {
    open();
    const events: StorageEvent[] = [];
    const stop = storage.subscribe((event) => events.push(event));
    await storage.deliver(user(), delivery("1.M2P3.mx"));
    const uidValidity = expect.any(Number);
    const size = MAIL.length;
    const saved = { kind: "save", user: "jane@b.example", mailbox: "INBOX", uid: 1, uidValidity, size };
    expect(events.at(-1)).toEqual({ ...saved, flags: [], keywords: [] });
    stop();
    events.length = 0;
    await storage.deliver(user(), delivery("1.M2P4.mx"));
    expect(events).toEqual([]);
  });
});

describe("the storage", () => {
  it("is open once a process", async () => {
    open();
    expect(() => openStorage({ plugins: [], log: () => {} })).toThrow("open already");
    await storage.close();
    open();
    await storage.deliver(user(), delivery("1.M2P3.mx"));
  });

  it("lets what is under way end when it is closed, and nothing begin", async () => {
    open();
    const under = storage.deliver(user(), delivery("1.M2P3.mx"));
    await storage.close();
    expect(await under).toMatchObject({ uid: 1 });
    await expect(storage.deliver(user(), delivery("1.M2P4.mx"))).rejects.toMatchObject({ code: "STORAGE_UNAVAILABLE" });
  });
});
