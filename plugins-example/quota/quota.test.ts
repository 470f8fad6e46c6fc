import { existsSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { MailSession } from "../../src/storage/index.ts";
import { buildExample, ExampleStorage, save } from "../../test/fixtures/example-storage.ts";

/** 100 bytes in a file. */
const MAIL = "Subject: x\r\n\r\n".padEnd(98, "x").concat("\r\n");
const refused = { facts: { error: "NOQUOTA", reason: "Not enough disk quota" } };

const storage = new ExampleStorage(buildExample("trash"), buildExample("quota"));
afterAll(() => storage.close());

/** The file of the user that was opened last. */
let books = "";

async function open(settings: Readonly<Record<string, string>>, mails = 0): Promise<MailSession> {
  const user = storage.user(settings);
  books = join(user.home, "Maildir/maildirsize");
  const session = await storage.open(user);
  for (let n = 0; n < mails; n++) await save(session, MAIL);
  return session;
}

/** The first line of the books, and the sum of the others. */
function usage(): [limits: string, bytes: number, mails: number] {
  const [limits = "", ...changes] = readFileSync(books, "utf8").trim().split("\n");
  const numbers = changes.map((line) => line.split(" ").map(Number) as [number, number]);
  return [limits, numbers.reduce((sum, [bytes]) => sum + bytes, 0), numbers.reduce((sum, [, mails]) => sum + mails, 0)];
}

describe("a limit", () => {
  it("of mails refuses one more", async () => {
    const session = await open({ quota_mails: "2" }, 2);
    await expect(save(session, MAIL)).rejects.toMatchObject(refused);
    expect(await session.status("INBOX")).toMatchObject({ messages: 2 });
    expect(usage()).toEqual(["0S,2C", 200, 2]);
  });

  it("of bytes is reached to the last byte", async () => {
    const session = await open({ quota_bytes: "300" }, 2);
    await expect(save(session, `${MAIL}x`)).rejects.toMatchObject(refused);
    await save(session, MAIL);
    await expect(save(session, "x")).rejects.toMatchObject(refused);
  });

  it("holds for deliveries", async () => {
    const user = storage.user({ quota_mails: "1" });
    await storage.deliver(user, MAIL);
    await expect(storage.deliver(user, MAIL)).rejects.toMatchObject(refused);
    const session = await storage.open(user);
    expect(await session.status("INBOX")).toMatchObject({ messages: 1 });
  });

  it("holds for copies, not for moves", async () => {
    const session = await open({ quota_mails: "2" }, 2);
    await session.createMailbox("Work");
    await expect(session.copy("INBOX", "uid 1", "Work")).rejects.toMatchObject(refused);
    expect(await session.status("Work")).toMatchObject({ messages: 0 });
    expect(await session.move("INBOX", "uid 1", "Work")).toBe(1);
    expect(usage()).toEqual(["0S,2C", 200, 2]);
  });

  it("holds for all mailboxes together", async () => {
    const session = await open({ quota_mails: "2" }, 1);
    await session.createMailbox("Work");
    await save(session, MAIL, "Work");
    await expect(save(session, MAIL, "Archive/Old")).rejects.toMatchObject({ facts: { error: "NOTFOUND" } });
    await session.createMailbox("Archive/Old");
    await expect(save(session, MAIL, "Archive/Old")).rejects.toMatchObject(refused);
  });

  it("that is no number stops the user's mails, not the others'", async () => {
    await expect(open({ quota_mails: "many" })).rejects.toThrow("the setting quota_mails must be a number, not 'many'");
    await open({}, 1);
    expect(existsSync(books)).toBe(false);
  });
});

describe("room", () => {
  it("is made by expunging", async () => {
    const session = await open({ quota_mails: "2" }, 2);
    await session.expunge("INBOX", "uid 1");
    await save(session, MAIL);
    await expect(save(session, MAIL)).rejects.toMatchObject(refused);
    expect(usage()).toEqual(["0S,2C", 200, 2]);
  });

  it("is made by deleting a mailbox", async () => {
    const session = await open({ quota_bytes: "200" });
    await session.createMailbox("Work");
    for (let n = 0; n < 2; n++) await save(session, MAIL, "Work");
    await session.deleteMailbox("Work");
    await save(session, MAIL);
    expect(usage()).toEqual(["200S,0C", 100, 1]);
  });

  it("is needed for no mail that goes to Trash, which stays one of the user's", async () => {
    const session = await open({ quota_mails: "2", trash: "Trash" }, 2);
    await session.expunge("INBOX", "all");
    expect(usage()).toEqual(["0S,2C", 200, 2]);
    await expect(save(session, MAIL)).rejects.toMatchObject(refused);
    await session.expunge("Trash", "all");
    expect(usage()).toEqual(["0S,2C", 0, 0]);
  });
});

describe("the books", () => {
  it("are counted when they are missing", async () => {
    const session = await open({ quota_mails: "3" }, 2);
    rmSync(books);
    await save(session, MAIL);
    expect(usage()).toEqual(["0S,3C", 300, 3]);
  });

  it("are counted anew when the limits are others, or the file is damaged or long", async () => {
    const session = await open({ quota_mails: "9" }, 2);
    for (const text of [
      "0S,8C\n1 1\n",
      "0S,9C\n1 1\nrubbish\n",
      `0S,9C\n${"1 1\n-1 -1\n".repeat(1000)}`,
      "0S,9C\n-1 -1\n",
    ]) {
      writeFileSync(books, text);
      await expect(session.copy("INBOX", "uid 1", "INBOX")).resolves.toBe(1);
      const [, , counted] = usage();
      expect(counted).toBe((await session.status("INBOX")).messages);
    }
  });

  it("are not believed when they are old and refuse a mail", async () => {
    const session = await open({ quota_mails: "2" }, 1);
    writeFileSync(books, "0S,2C\n200 2\n");
    await expect(save(session, MAIL)).rejects.toMatchObject(refused);
    const before = Date.now() / 1000 - 16 * 60;
    utimesSync(books, before, before);
    await save(session, MAIL);
    expect(usage()).toEqual(["0S,2C", 200, 2]);
  });
});
