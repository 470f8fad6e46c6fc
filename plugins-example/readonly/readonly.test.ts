import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import type { MailSession } from "../../src/storage/index.ts";
import { buildExample, ExampleStorage, save, texts } from "../../test/fixtures/example-storage.ts";

const MAIL = "Subject: one\r\n\r\nhello\r\n";
const refused = { facts: { error: "PERM", reason: "Permission denied" } };

const storage = new ExampleStorage(buildExample("readonly"));
afterAll(() => storage.close());

let user = storage.user({});
let session: MailSession;

/** A mail in INBOX and one in Archive/Old, which from then on may not be changed. */
beforeEach(async () => {
  user = storage.user({});
  const before = await storage.open(user);
  await before.createMailbox("Archive/Old");
  await save(before, MAIL);
  await save(before, MAIL, "Archive/Old");
  await before.close();
  user = { ...user, settings: { readonly: "Public/ Archive/" } };
  session = await storage.open(user);
});

function files(): string[] {
  return readdirSync(join(user.home, "Archive"), { recursive: true }).map(String).sort();
}

describe("in a namespace that is named", () => {
  it("mails can be read", async () => {
    expect(await texts(session, "Archive/Old")).toEqual([MAIL]);
    expect(await session.copy("Archive/Old", "all", "INBOX")).toBe(1);
  });

  it.each<[string, () => Promise<unknown>]>([
    ["a save", () => save(session, MAIL, "Archive/Old")],
    ["a delivery", () => storage.deliver(user, MAIL, "Archive/Old")],
    ["a copy", () => session.copy("INBOX", "all", "Archive/Old")],
    ["a move to it", () => session.move("INBOX", "all", "Archive/Old")],
    ["a flag", () => session.flags("Archive/Old", "all", { mode: "add", flags: ["\\Seen"] })],
    ["a keyword", () => session.flags("Archive/Old", "all", { mode: "add", flags: [], keywords: ["Work"] })],
    ["an expunge", () => session.expunge("Archive/Old", "all")],
    ["a move from it", () => session.move("Archive/Old", "all", "INBOX")],
    ["a new mailbox", () => session.createMailbox("Archive/New")],
    ["deleting a mailbox", () => session.deleteMailbox("Archive/Old")],
    ["renaming a mailbox", () => session.renameMailbox("Archive/Old", "Archive/New")],
    [
      "renaming one into it",
      async () => {
        await session.createMailbox("Work");
        await session.renameMailbox("Work", "Archive/Work");
      },
    ],
  ])("%s is refused, and changes no file", async (_, change) => {
    const before = files();
    await expect(change()).rejects.toMatchObject(refused);
    expect(files()).toEqual(before);
  });
});

describe("elsewhere", () => {
  it("everything is as ever", async () => {
    await session.flags("INBOX", "all", { mode: "add", flags: ["\\Seen"] });
    expect(await session.expunge("INBOX", "seen")).toBe(1);
    await session.createMailbox("Work");
    await session.renameMailbox("Work", "Play");
    await session.deleteMailbox("Play");
  });
});
