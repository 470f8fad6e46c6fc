import { readdirSync, rmdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import type { MailSession } from "../../src/storage/index.ts";
import { buildExample, ExampleStorage, save, texts } from "../../test/fixtures/example-storage.ts";

const mail = (subject: string) => `Subject: ${subject}\r\n\r\nhello\r\n`;

const storage = new ExampleStorage(buildExample("trash"));
afterAll(() => storage.close());

let user = storage.user({ trash: "Trash" });
let session: MailSession;

/** The files of unseen mails, by what they are and not by their names. */
function files(mailbox: string): number[] {
  const folder = join(user.home, mailbox, "new");
  return readdirSync(folder)
    .map((name) => statSync(join(folder, name)).ino)
    .sort();
}

beforeEach(async () => {
  user = storage.user({ trash: "Trash" });
  session = await storage.open(user);
  for (const subject of ["one", "two", "three"]) await save(session, mail(subject));
});

describe("what is expunged", () => {
  it("is in Trash afterwards, which is made for it", async () => {
    expect(await session.expunge("INBOX", "uid 2:3")).toBe(2);
    expect(await texts(session)).toEqual([mail("one")]);
    expect(await texts(session, "Trash")).toEqual([mail("two"), mail("three")]);
  });

  it("keeps its flags, but is not deleted any more", async () => {
    await session.flags("INBOX", "uid 2", { mode: "add", flags: ["\\Deleted", "\\Flagged"], keywords: ["Work"] });
    await session.expunge("INBOX", "deleted");
    for await (const found of session.fetch("Trash", "all", ["flags", "keywords"])) {
      expect(found).toMatchObject({ fields: { flags: ["\\Flagged"], keywords: ["Work"] } });
    }
    expect(await session.search("Trash", "flagged")).toEqual([1]);
  });

  it("takes no second place on the disk", async () => {
    const before = files("Maildir");
    await session.expunge("INBOX", "all");
    expect(files("Maildir/.Trash")).toEqual(before);
  });

  it("is gone when it is expunged from Trash", async () => {
    await session.expunge("INBOX", "all");
    expect(await session.expunge("Trash", "all")).toBe(3);
    expect(await session.status("Trash")).toMatchObject({ messages: 0 });
  });

  it("stays where it is when it cannot be kept", async () => {
    // a file in the place of the mailbox
    writeFileSync(join(user.home, "Maildir/.Trash"), "");
    await expect(session.expunge("INBOX", "uid 1")).rejects.toMatchObject({ facts: { operation: "expunge" } });
    expect(await texts(session)).toHaveLength(3);
  });

  it("is kept when its mailbox is deleted", async () => {
    await session.createMailbox("Work");
    await save(session, mail("work"), "Work");
    await session.deleteMailbox("Work");
    expect(await texts(session, "Trash")).toEqual([mail("work")]);
  });
});

describe("what is moved", () => {
  it("is not kept: it is not lost", async () => {
    await session.createMailbox("Work");
    expect(await session.move("INBOX", "uid 1:2", "Work")).toBe(2);
    expect((await session.mailboxes()).map(({ name }) => name)).not.toContain("Trash");
    await session.expunge("Work", "all");
    expect(await texts(session, "Trash")).toEqual([mail("one"), mail("two")]);
  });

  it("to Trash is there once", async () => {
    await session.createMailbox("Trash");
    await session.move("INBOX", "uid 1", "Trash");
    expect(await texts(session, "Trash")).toEqual([mail("one")]);
  });

  it("but could not be copied is where it was", async () => {
    await session.createMailbox("Work");
    rmdirSync(join(user.home, "Maildir/.Work/tmp"));
    writeFileSync(join(user.home, "Maildir/.Work/tmp"), "");
    await expect(session.move("INBOX", "uid 1", "Work")).rejects.toMatchObject({ facts: { mailbox: "Work" } });
    expect(await texts(session)).toHaveLength(3);
    expect(await session.expunge("INBOX", "uid 1")).toBe(1);
    expect(await texts(session, "Trash")).toEqual([mail("one")]);
  });
});

it("keeps nothing of users whose settings name no mailbox", async () => {
  const other = await storage.open(storage.user({}));
  await save(other, mail("one"));
  await other.expunge("INBOX", "all");
  expect((await other.mailboxes()).map(({ name }) => name)).not.toContain("Trash");
});
