import { afterAll, beforeEach, expect, it, vi } from "vitest";
import { originalOf } from "../../src/plugin/index.ts";
import type { MailSession } from "../../src/storage/index.ts";
import { buildExample, ExampleStorage, save } from "../../test/fixtures/example-storage.ts";

const MAIL = "Message-ID: <1@b.example>\r\nSubject: one\r\n\r\nhello\r\n";
const SIZE = MAIL.length;

const file = buildExample("mail-log");
const storage = new ExampleStorage(file);
afterAll(() => storage.close());

let session: MailSession;

beforeEach(async () => {
  session = await storage.open(storage.user({}));
  await save(session, MAIL);
  await session.createMailbox("Work");
  await logs(/^save: /, "mailbox_create: box=Work");
});

/** Waits until the plugin has logged exactly this since the last time. What the core puts before a line is left out. */
async function logs(...wanted: readonly (string | RegExp)[]): Promise<void> {
  await vi.waitFor(() => expect(storage.lines.length).toBeGreaterThanOrEqual(wanted.length));
  const lines = storage.lines.splice(0).map(({ text }) => text.slice("jane@b.example: ".length));
  expect(lines).toEqual(wanted.map((line) => (typeof line === "string" ? line : expect.stringMatching(line))));
}

it("tells of a saved mail, with the uid that it got", async () => {
  await save(session, MAIL);
  await logs(`save: box=INBOX, uid=2, msgid=<1@b.example>, size=${SIZE}`);
});

it("tells of a delivery, as a save", async () => {
  await storage.deliver(storage.user({}), MAIL);
  await logs(`save: box=INBOX, uid=1, msgid=<1@b.example>, size=${MAIL.length}`);
});

it("tells of copies, where from and what they are there", async () => {
  await session.copy("INBOX", "all", "Work");
  await logs(`copy: box=Work, uid=1, from=INBOX/1, msgid=<1@b.example>, size=${SIZE}`);
});

it("tells of both sides of a move", async () => {
  await session.move("INBOX", "all", "Work");
  await logs(
    `copy: box=Work, uid=1, from=INBOX/1, msgid=<1@b.example>, size=${SIZE}`,
    `expunge: box=INBOX, uid=1, msgid=<1@b.example>, size=${SIZE}`,
  );
});

it("tells of flags and keywords, but only of those that change", async () => {
  await session.flags("INBOX", "all", { mode: "add", flags: ["\\Seen", "\\Flagged"], keywords: ["Work"] });
  await session.flags("INBOX", "all", { mode: "add", flags: ["\\Seen"] });
  await logs(
    "flag_change: box=INBOX, uid=1, flags=(\\Flagged \\Seen)",
    "keyword_change: box=INBOX, uid=1, keywords=(Work)",
  );
});

it("tells what happens to mailboxes", async () => {
  await session.createMailbox("New");
  await session.subscribeMailbox("New", true);
  await session.subscribeMailbox("New", false);
  await session.renameMailbox("New", "Old");
  await session.deleteMailbox("Old");
  await logs(
    "mailbox_create: box=New",
    "mailbox_subscribe: box=New",
    "mailbox_unsubscribe: box=New",
    "mailbox_rename: box=Old, from=New",
    "mailbox_delete: box=Old",
  );
});

it("says nothing of what was not done", async () => {
  await expect(session.copy("INBOX", "all", "Nowhere")).rejects.toThrow();
  await expect(session.deleteMailbox("Nowhere")).rejects.toThrow();
  await session.subscribeMailbox("Work", true);
  await logs("mailbox_subscribe: box=Work");
});

it("lets no mail write lines of its own", async () => {
  await save(session, "Message-ID: <a\x07\x1b[31m@b.example>\r\n\r\n");
  await logs(/^save: box=INBOX, uid=2, msgid=<a\?\?\[31m@b\.example>, size=\d+$/);
});

it("writes lines at level info, as its own, that tell whose mails they are", async () => {
  await save(session, MAIL);
  await vi.waitFor(() => expect(storage.lines).toHaveLength(1));
  const [line] = storage.lines.splice(0);
  expect(line).toMatchObject({ level: "info", text: expect.stringMatching(/^jane@b\.example: save: /) });
  expect(originalOf(line?.file ?? "")).toBe(file);
});

it("says nothing about users for whom it is not active", async () => {
  const other = await storage.open({ ...storage.user({}), plugins: [] });
  await save(other, MAIL);
  await session.subscribeMailbox("Work", true);
  await logs("mailbox_subscribe: box=Work");
});
