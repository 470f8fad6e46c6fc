/** A tree of mailboxes that we have written, as Dovecot reads and changes it, and as we read that again. */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { Dovecot, give, ownersFolder } from "./dovecot.ts";
import { ours, type Side, theirs, type View } from "./mailbox-views.ts";
import { StorageProcess } from "./storage-process.ts";

const UMLAUT = "Entwürfe/日本 & co";
const MAIL = "Subject: hello\nDate: Mon, 1 Jan 2024 00:00:00 +0000\n\nline\n";
const SIZE = MAIL.replaceAll("\n", "\r\n").length;

let folder = "";
let dovecot: Dovecot;
let storage: StorageProcess;
let we: Side;
let they: Side;

beforeEach(async () => {
  folder = ownersFolder();
  const location = `maildir:${folder}/mails`;
  dovecot = new Dovecot(folder, location);
  storage = await StorageProcess.start({ name: "jane", location });
  [we, they] = [ours(storage), theirs(dovecot)];
});
afterEach(async () => {
  await storage.stop();
  await dovecot.remove();
});

async function makeTree(): Promise<void> {
  await storage.do("createMailbox", UMLAUT);
  await storage.do("createMailbox", "Work");
  await storage.do("subscribeMailbox", UMLAUT, true);
  await storage.do("subscribeMailbox", "Work", true);
  await storage.do("subscribeMailbox", "not/there yet", true);
  await storage.save("INBOX", { mail: MAIL, flags: ["\\Seen", "\\Flagged"], keywords: ["$Work", "later"] });
  await storage.save("INBOX", { mail: MAIL, received: 1_000_000_000 });
  await storage.deliver("1700000000.M1P1.host", MAIL);
  await storage.save("INBOX", { mail: MAIL });
  await storage.change("expunge", "INBOX", "uid 4");
  await storage.change("copy", "INBOX", "uid 1:2", UMLAUT);
  await storage.change("move", UMLAUT, "uid 1", "Work");
}

const inbox = ({ mailboxes }: View) => mailboxes.INBOX?.mails ?? [];

it("Dovecot reads all of it as we do.", async () => {
  await makeTree();
  const view = await they.view();
  expect(view).toEqual(await we.view());
  expect(view.names).toEqual(["Entwürfe", UMLAUT, "INBOX", "Work"]);
  expect(view.subscribed).toEqual([UMLAUT, "Work", "not/there yet"]);
  expect(inbox(view).map(({ uid }) => uid)).toEqual([1, 2, 3]);
  expect(view.mailboxes.INBOX?.uidNext).toBe(5);
  expect(inbox(view)[0]).toMatchObject({ marks: ["$Work", "\\Flagged", "\\Seen", "later"], size: SIZE });
  expect(inbox(view)[1]).toMatchObject({ marks: [], received: 1_000_000_000 });
  const [copied] = view.mailboxes[UMLAUT]?.mails ?? [];
  expect(copied).toEqual({ ...inbox(view)[1], uid: 2 });
  const [moved] = view.mailboxes.Work?.mails ?? [];
  expect(moved).toEqual(inbox(view)[0]);
  const validities = Object.values(view.mailboxes).map(({ uidValidity }) => uidValidity);
  expect(new Set(validities).size).toBe(3);
});

it("Dovecot finds nothing to mend in it.", async () => {
  await makeTree();
  const view = await they.view();
  expect(await dovecot.doveadm(["force-resync", "*"])).toBe("");
  expect(await they.view()).toEqual(view);
  expect(await we.view()).toEqual(view);
});

it("Headers of mailboxes that Dovecot changes are taken over.", async () => {
  await makeTree();
  const guid = "0123456789abcdef0123456789abcdef";
  await they.view();
  await dovecot.doveadm(["mailbox", "update", "--min-next-uid", "77", "--mailbox-guid", guid, "INBOX"]);
  expect(await storage.do("status", "INBOX")).toMatchObject({ uidNext: 77, guid });
  expect(await storage.save("INBOX", { mail: MAIL })).toMatchObject({ uid: 77 });
  await storage.do("createMailbox", "Empty");
  await dovecot.doveadm(["mailbox", "update", "--uid-validity", "2000000000", "Empty"]);
  expect(await storage.save("Empty", { mail: MAIL })).toEqual({ uid: 1, uidValidity: 2_000_000_000 });
  expect(await they.view()).toEqual(await we.view());
});

it("A mailbox that was open here all the time shows what Dovecot does to it.", async () => {
  await makeTree();
  await we.view();
  await they.save("INBOX", { mail: MAIL, marks: ["\\Answered", "fresh"] });
  await they.mark("INBOX", [1], "remove", ["\\Seen", "$Work"]);
  await they.expunge("INBOX", [2]);
  const view = await we.view();
  expect(inbox(view).map(({ uid, marks }) => [uid, ...marks])).toEqual([
    [1, "\\Flagged", "later"],
    [3],
    [5, "\\Answered", "fresh"],
  ]);
  expect(await they.view()).toEqual(view);
});

it("Files that are not ours stay as they are, and what a uidlist says beside uids.", async () => {
  await makeTree();
  const root = join(folder, "mails");
  const files = ["dovecot-acl", "dovecot-acl-list", "maildirsize", "dovecot.index", "dovecot.index.log", "notes.txt"];
  files.push("dovecot.list.index", "dovecot.list.index.log", "dovecot.mailbox.log", ".Work/dovecot-acl");
  for (const name of files) {
    writeFileSync(join(root, name), `this is ${name}`);
    give(join(root, name));
  }
  const list = join(root, "dovecot-uidlist");
  const before = readFileSync(list, "utf8")
    .replace(/^(3 .*)$/m, "$1 Xunknown")
    .replace(/^1 /m, "1 Pthe-uidl Yunknown ");
  writeFileSync(list, before);

  await storage.do("flags", "INBOX", "all", { mode: "add", flags: ["\\Seen"], keywords: ["another"] });
  await storage.save("INBOX", { mail: MAIL });
  await storage.change("copy", "INBOX", "all", "Work");
  await storage.change("expunge", "INBOX", "uid 2");
  await storage.do("createMailbox", "More");
  await storage.do("renameMailbox", "More", "Others");
  await storage.do("deleteMailbox", "Others");
  await storage.do("subscribeMailbox", "Work", false);
  for (const name of files) expect(readFileSync(join(root, name), "utf8")).toBe(`this is ${name}`);
  const after = readFileSync(list, "utf8");
  expect(after).toContain(" Xunknown\n");
  expect(after).toMatch(/^1 Pthe-uidl Yunknown :/m);
});
