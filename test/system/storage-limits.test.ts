/** What a system refuses, and what is very small or very large: each has a clear result, and the mailbox goes on. */

import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Dovecot, give, ownersFolder } from "./dovecot.ts";
import { StorageProcess } from "./storage-process.ts";

const MAIL = "Subject: hello\r\n\r\nworld\r\n";

let folder = "";
let storage: StorageProcess | undefined;
let dovecot: Dovecot | undefined;

beforeEach(() => {
  folder = ownersFolder();
});
afterEach(async () => {
  await storage?.stop();
  storage = undefined;
  await dovecot?.remove();
  dovecot = undefined;
  rmSync(folder, { recursive: true, force: true });
});

const user = () => ({ name: "jane", location: `maildir:${folder}/mails` });

async function start(mount?: string): Promise<StorageProcess> {
  await storage?.stop();
  storage = await StorageProcess.start(user(), mount);
  return storage;
}

function makeRoot(): string {
  const root = join(folder, "mails");
  mkdirSync(root);
  give(root);
  return root;
}

const refused = (error: string, reason: string) => ({ facts: { error, reason: expect.stringContaining(reason) } });

describe("A full disk", () => {
  it("is told, loses nothing, and is of no importance once there is room again.", async () => {
    const root = makeRoot();
    const full = await start(`mount -t tmpfs -o size=512k,mode=777 tmpfs ${root}`);
    const mail = `Subject: large\r\n\r\n${"x".repeat(9000)}\r\n`;
    let count = 0;
    const deliver = () => full.deliver(`1700000000.M${count}P1.host`, mail);
    await expect(
      (async () => {
        for (; count < 1000; count++) await deliver();
      })(),
    ).rejects.toMatchObject(refused("TEMP", "Not enough disk space"));
    await expect(full.save("INBOX", { mail })).rejects.toMatchObject(refused("TEMP", "Not enough disk space"));

    expect(await full.do("search", "INBOX", "all")).toHaveLength(count);
    expect(await full.do("flags", "INBOX", "uid 1", { mode: "add", flags: ["\\Seen"] })).toBe(1);
    expect(await full.change("expunge", "INBOX", "uid 1:5")).toBe(5);
    expect((await deliver()).uid).toBeGreaterThan(count);
    expect(await full.do("search", "INBOX", "all")).toHaveLength(count - 4);
  });
});

describe("A file system that is read-only", () => {
  it("can be read, and is told when it would have to be written.", async () => {
    await (await start()).save("INBOX", { mail: MAIL, flags: ["\\Seen"] });
    const root = join(folder, "mails");
    const reading = await start(`mount --bind ${root} ${root} && mount -o remount,ro,bind ${root}`);
    const [mail] = await reading.fetch("INBOX", "all", ["uid", "flags", "text"]);
    expect(mail).toMatchObject({ uid: 1, flags: ["\\Seen"], text: MAIL });
    const readOnly = refused("PERM", "Read-only file system");
    await expect(reading.save("INBOX", { mail: MAIL })).rejects.toMatchObject(readOnly);
    await expect(reading.deliver("1.M1P1.host", MAIL)).rejects.toMatchObject(readOnly);
    await expect(reading.change("expunge", "INBOX", "all")).rejects.toMatchObject(readOnly);
    await expect(reading.do("createMailbox", "Work")).rejects.toMatchObject({ facts: { error: "PERM" } });
    await expect(reading.do("subscribeMailbox", "INBOX", true)).rejects.toMatchObject({ facts: { error: "PERM" } });
  });
});

describe("Directories of others", () => {
  /** As root makes them: others may look. */
  function close(path: string): void {
    if (process.getuid?.() === 0) chownSync(path, 0, 0);
    chmodSync(path, process.getuid?.() === 0 ? 0o755 : 0o555);
  }

  it("are read, and nothing is saved in them.", async () => {
    await (await start()).save("INBOX", { mail: MAIL });
    const root = join(folder, "mails");
    const directories = ["cur", "new", "tmp", "."].map((name) => join(root, name));
    directories.forEach(close);
    const reading = await start();
    expect(await reading.do("search", "INBOX", "all")).toEqual([1]);
    const noPermission = refused("PERM", "Permission denied");
    await expect(reading.save("INBOX", { mail: MAIL })).rejects.toMatchObject(noPermission);
    await expect(reading.do("createMailbox", "Work")).rejects.toMatchObject({ facts: { error: "PERM" } });
    expect(reading.log.join("\n")).toContain(`${root}/tmp`);
    for (const directory of directories) {
      chmodSync(directory, 0o700);
      give(directory);
    }
    await reading.save("INBOX", { mail: MAIL });
  });

  it("are named when mails were to be below them.", async () => {
    close(folder);
    const where = new RegExp(`mkdir\\(${folder}/mails\\) failed: Permission denied .*cannot write to ${folder},`);
    await expect(start()).rejects.toThrow(where);
    chmodSync(folder, 0o755);
    give(folder);
    expect((await (await start()).deliver("1.M1P1.host", MAIL)).uid).toBe(1);
  });
});

describe("Names", () => {
  it.each([
    { layout: "Maildir++", options: "" },
    { layout: "fs", options: ":LAYOUT=fs" },
  ])("are as long for us as for Dovecot, and no longer ($layout).", async ({ options }) => {
    const location = `${user().location}${options}`;
    dovecot = new Dovecot(folder, location);
    storage = await StorageProcess.start({ name: "jane", location });
    const names = ["x".repeat(254), "x".repeat(255), "x".repeat(256), `${"y".repeat(250)}/${"z".repeat(100)}`];
    names.push("ä".repeat(70), "ä".repeat(90), "ä".repeat(120), "日".repeat(85), "日".repeat(86));
    for (const name of names) {
      const there = await dovecot.doveadm(["mailbox", "create", name]).then(
        () => true,
        () => false,
      );
      if (there) await dovecot.doveadm(["mailbox", "delete", name]);
      if (there) await storage.do("createMailbox", name);
      else await expect(storage.do("createMailbox", name), name).rejects.toMatchObject({ facts: { error: "PARAMS" } });
      if (there) await storage.save(name, { mail: MAIL });
      if (there) expect(await dovecot.table(["fetch", "uid", "mailbox", name, "all"])).toEqual([{ uid: "1" }]);
    }
    expect(storage.log).toEqual([]);
  });
});

describe("Mails", () => {
  it("of no bytes at all are mails.", async () => {
    dovecot = new Dovecot(folder, user().location);
    const empty = await start();
    await empty.save("INBOX", { mail: "" });
    await empty.deliver("1.M1P1.host", "");
    await dovecot.doveadm(["save"], { input: "" }).catch(() => {});
    const fields = ["uid", "size.physical", "size.virtual", "text"];
    const ours = await empty.fetch("INBOX", "uid 1:2", fields);
    expect(ours).toMatchObject([1, 2].map((uid) => ({ uid, "size.physical": 0, "size.virtual": 0 })));
    const theirs = await dovecot.table(["fetch", fields.join(" "), "mailbox", "INBOX", "uid", "1:2"]);
    expect(theirs).toEqual(["1", "2"].map((uid) => ({ uid, "size.physical": "0", "size.virtual": "0", text: "" })));
  });

  it("of 1 GiB need no more memory than others.", async () => {
    const file = join(folder, "large");
    const line = "a line of a large mail, which is a bit longer than most others";
    const count = Math.ceil(2 ** 30 / (line.length + 1));
    execFileSync("sh", ["-c", `{ printf 'Subject: large\\n\\n'; yes '${line}' | head -n ${count}; } > ${file}`]);
    const large = await start();
    await large.save("INBOX", { mail: MAIL });
    await large.digest("INBOX", "uid 1");
    const before = await large.peak();
    const { uid } = await large.saveFile("INBOX", file);
    expect((await large.peak()) - before, "KiB more for saving").toBeLessThan(32 * 1024);
    await large.change("copy", "INBOX", `uid ${uid}`, "INBOX");
    const size = "Subject: large\r\n\r\n".length + count * (line.length + 2);
    const [mail] = await large.fetch("INBOX", `uid ${uid}`, ["size.virtual", "hdr.subject"]);
    expect(mail).toEqual({ "size.virtual": size, "hdr.subject": ["large"] });
    expect(await large.do("search", "INBOX", 'body "no such text"')).toEqual([]);
    expect((await large.peak()) - before, "KiB more for searching").toBeLessThan(32 * 1024);
    const digest = await large.digest("INBOX", `uid ${uid}`);
    // what JavaScript has not yet collected of the pieces is the most of it
    expect((await large.peak()) - before, "KiB more for reading").toBeLessThan(128 * 1024);
    expect(digest).toBe(
      execFileSync("sh", ["-c", `sed 's/$/\\r/' ${file} | sha256sum`], { encoding: "utf8" }).slice(0, 64),
    );
  });
});

describe("Keywords", () => {
  const names = Array.from({ length: 26 }, (_, n) => `key${n}`);

  it("are 26 in a mailbox: one more is refused, and nothing of that change is done.", async () => {
    const full = await start();
    await full.save("INBOX", { mail: MAIL, keywords: names });
    const limit = { facts: { error: "LIMIT", reason: expect.stringContaining("one-more") } };
    const change = { mode: "add", flags: ["\\Seen"], keywords: ["one-more"] } as const;
    await expect(full.do("flags", "INBOX", "all", change)).rejects.toMatchObject(limit);
    await expect(full.save("INBOX", { mail: MAIL, keywords: ["one-more"] })).rejects.toMatchObject(limit);
    const [mail, ...others] = await full.fetch("INBOX", "all", ["flags", "keywords"]);
    expect(mail?.keywords).toEqual(expect.arrayContaining(names));
    expect(mail?.keywords).toHaveLength(names.length);
    expect(mail?.flags).not.toContain("\\Seen");
    expect(others).toEqual([]);
  });

  it("that Dovecot keeps without a letter survive our changes.", async () => {
    dovecot = new Dovecot(folder, user().location);
    const other = await start();
    await other.save("INBOX", { mail: MAIL, keywords: names });
    await dovecot.doveadm(["flags", "add", "one-more", "all"]);
    await other.do("flags", "INBOX", "all", { mode: "add", flags: ["\\Seen"] });
    await other.do("flags", "INBOX", "all", { mode: "remove", flags: [], keywords: ["key7"] });
    const [row] = await dovecot.table(["fetch", "flags", "all"]);
    const marks = row?.flags?.split(" ").filter((mark) => mark !== "\\Recent");
    expect(marks?.sort()).toEqual([...names.filter((name) => name !== "key7"), "\\Seen", "one-more"].sort());
  });
});
