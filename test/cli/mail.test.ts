/** `vsmtp mail`, every command of it, on a real Maildir in a temporary folder. */

import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { newFolder } from "../fixtures/compile.ts";
import { Site } from "../fixtures/site.ts";
import { storagePlugin } from "../fixtures/storage-plugin.ts";
import { type Ended, shell, vsmtp } from "./vsmtp.ts";

const home = mkdtempSync(join(tmpdir(), "vsmtp-mail-"));
afterAll(() => rmSync(home, { recursive: true }));

let box = "";
let boxes = 0;
beforeEach(() => {
  box = join(home, `box${++boxes}`);
});

/** Runs a command for the mails in `box`, without a configuration. */
function mail(words: string | readonly string[], input = "", options: readonly string[] = []): Ended {
  const list = typeof words === "string" ? words.split(" ") : words;
  return vsmtp(["mail", "-u", "john", "-o", `maildir=${box}`, ...options, ...list], { input });
}

/** The same, of a command that succeeds without a word on stderr. */
function done(words: string | readonly string[], input = "", options: readonly string[] = []): string {
  const { status, stdout, stderr } = mail(words, input, options);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return stdout;
}

function json(words: string, input = ""): unknown {
  return JSON.parse(done(`${words} --json`, input));
}

function save(subject: string, options: readonly string[] = []): void {
  done(["save", ...options], letter(subject));
}

function letter(subject: string): string {
  return `From: alice@example.org\nTo: john@example.com\nSubject: ${subject}\nDate: Thu, 01 Feb 2024 08:00:00 +0000\n\nbody of ${subject}\n`;
}

describe("mailboxes", () => {
  test("they are made, listed, renamed and deleted", () => {
    expect(done("mailbox create Work Work/Lists")).toBe("created Work\ncreated Work/Lists\n");
    expect(done("mailbox list")).toMatch(/^INBOX .*\nWork .*HasChildren.*\nWork\/Lists .*\n$/s);
    expect(done("mailbox rename Work/Lists Lists")).toBe("Work/Lists is now Lists\n");
    expect(done("mailbox delete Work")).toBe("deleted Work\n");
    const names = (json("mailbox list") as { name: string }[]).map(({ name }) => name);
    expect(names.sort()).toEqual(["INBOX", "Lists"]);
  });

  test("patterns are IMAP's", () => {
    done("mailbox create A A/B C");
    expect(done(["mailbox", "list", "A/%"])).toMatch(/^A\/B .*\n$/);
  });

  test("their names may be in any script", () => {
    done(["mailbox", "create", "Entwürfe/日本語"]);
    const names = (json("mailbox list") as { name: string }[]).map(({ name }) => name);
    expect(names).toContain("Entwürfe/日本語");
  });

  test("the status of each is a row", () => {
    save("one");
    save("two", ["--flags", "\\Seen"]);
    done("mailbox create Empty");
    const [headings = "", inbox = "", empty = ""] = done("mailbox status INBOX Empty").split("\n");
    expect(headings).toMatch(/^mailbox +mails +recent +unseen +uidnext/);
    expect(inbox).toMatch(/^INBOX +2 +\d+ +1 +3 +\d+/);
    expect(empty).toMatch(/^Empty +0 +0 +0 +1 +\d+/);
    expect(json("mailbox status INBOX")).toMatchObject([{ name: "INBOX", messages: 2, unseen: 1, uidNext: 3 }]);
  });

  test("one that is not there is told by its name", () => {
    const { status, stdout, stderr } = mail("mailbox status Nowhere");
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toContain("Nowhere");
    const failed = JSON.parse(mail("mailbox delete Nowhere --json").stdout);
    expect(failed).toMatchObject({ ok: false, errors: [{ code: "STORAGE_OPERATION" }] });
  });
});

describe("mails", () => {
  test("a mail is saved and read as it was", () => {
    expect(done("save", letter("x"))).toBe("saved in INBOX as uid 1\n");
    expect(done("fetch text uid 1")).toBe(letter("x").replaceAll("\n", "\r\n"));
  });

  test("from a file as from a pipe", () => {
    const command = `vsmtp mail -u john -o maildir='${box}' save`;
    const piped = shell(`printf 'Subject: p\\n\\nx\\n' | ${command}`);
    expect(piped).toMatchObject({ status: 0, stdout: "saved in INBOX as uid 1\n", stderr: "" });
    const file = join(newFolder(), "mail");
    execFileSync("/bin/sh", ["-c", `printf 'Subject: f\\n\\nx\\n' > '${file}'`]);
    expect(shell(`${command} < '${file}'`)).toMatchObject({ status: 0, stdout: "saved in INBOX as uid 2\n" });
    expect(done("fetch hdr.subject all")).toBe("hdr.subject  p\n\nhdr.subject  f\n");
  });

  test("flags, keywords, the time and the mailbox are as asked", () => {
    done("mailbox create Work");
    const options = ["-m", "Work", "--flags", "\\Seen \\Flagged", "--keywords", "urgent,$Work"];
    save("x", [...options, "--date", "2024-02-01T08:00:00Z"]);
    const fields = done(["fetch", "-m", "Work", "uid flags keywords date.received hdr.subject", "all"]);
    expect(fields.split("\n")).toEqual([
      "uid            1",
      expect.stringMatching(/^flags {10}(\\Seen \\Flagged|\\Flagged \\Seen)/),
      expect.stringMatching(/^keywords {7}(urgent \$Work|\$Work urgent)$/),
      "date.received  2024-02-01T08:00:00.000Z",
      "hdr.subject    x",
      "",
    ]);
  });

  test("a search prints UIDs", () => {
    for (const subject of ["apple", "pear", "apple pie"]) save(subject);
    expect(done("search subject apple")).toBe("1\n3\n");
    expect(done("search uid 2:*")).toBe("2\n3\n");
    expect(done("search unkeyword x subject none")).toBe("");
    expect(json("search all")).toEqual({ mailbox: "INBOX", uids: [1, 2, 3] });
  });

  test("a query that is none says what is wrong with it", () => {
    const { status, stderr } = mail("search fruit apple");
    expect(status).toBe(1);
    expect(stderr).toMatch(/fruit/i);
  });

  test("flags are added, removed and replaced", () => {
    for (const subject of ["a", "b"]) save(subject);
    expect(done(["flags", "add", "\\Seen $Work", "all"])).toBe("changed 2 mails in INBOX\n");
    expect(done(["flags", "remove", "\\Seen", "uid", "2"])).toBe("changed 1 mail in INBOX\n");
    expect(done("search seen")).toBe("1\n");
    expect(done(["flags", "replace", "(\\Flagged)", "uid 1"])).toBe("changed 1 mail in INBOX\n");
    expect(done("search flagged unseen unkeyword $Work")).toBe("1\n");
    expect(done("search keyword $Work")).toBe("2\n");
  });

  test("mails are copied, moved and expunged", () => {
    for (const subject of ["a", "b", "c"]) save(subject);
    done("mailbox create Archive");
    expect(done("copy Archive uid 1")).toBe("copied 1 mail from INBOX to Archive\n");
    expect(done("move Archive subject b")).toBe("moved 1 mail from INBOX to Archive\n");
    expect(done("expunge subject c")).toBe("expunged 1 mail from INBOX\n");
    expect(done("fetch hdr.subject all")).toBe("hdr.subject  a\n");
    expect(json("search -m Archive all")).toMatchObject({ uids: [1, 2] });
    expect(readdirSync(join(box, "cur")).length + readdirSync(join(box, "new")).length).toBe(1);
  });

  test("copying to a mailbox that is not there names it", () => {
    save("a");
    const { status, stderr } = mail("copy Nowhere all");
    expect(status).toBe(1);
    expect(stderr).toContain("Nowhere");
  });
});

describe("fetch", () => {
  test("mails are apart by an empty line, bytes stand below their field", () => {
    for (const subject of ["a", "b"]) save(subject);
    expect(done(["fetch", "uid body", "all"])).toBe("uid  1\nbody:\nbody of a\r\n\nuid  2\nbody:\nbody of b\r\n");
  });

  test("a field of the header that is there twice has two lines", () => {
    done("save", "X-A: one\nX-A: two\nSubject: x\n\nx\n");
    expect(done(["fetch", "hdr.x-a hdr.x-b uid", "all"])).toBe("hdr.x-a  one\nhdr.x-a  two\nhdr.x-b\nuid      1\n");
  });

  test("with --json each mail is a line", () => {
    for (const subject of ["a", "b"]) save(subject);
    const lines = done(["fetch", "--json", "uid hdr.subject body size.physical hdr.x-none", "all"])
      .trimEnd()
      .split("\n");
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { uid: 1, "hdr.subject": ["a"], body: "body of a\r\n", "size.physical": expect.any(Number), "hdr.x-none": null },
      { uid: 2, "hdr.subject": ["b"], body: "body of b\r\n", "size.physical": expect.any(Number), "hdr.x-none": null },
    ]);
  });

  test("bytes that are no UTF-8 are base64 in JSON", () => {
    const file = join(newFolder(), "mail");
    execFileSync("/bin/sh", ["-c", `printf 'Subject: x\\r\\n\\r\\n\\377\\r\\n' > '${file}'`]);
    shell(`vsmtp mail -u john -o maildir='${box}' save < '${file}'`);
    expect(JSON.parse(done("fetch body all --json"))).toEqual({ body: { base64: "/w0K" } });
  });

  test("headers are decoded, and control characters are not printed", () => {
    done("save", "Subject: =?utf-8?q?gr=C3=BC=C3=9Fe=1B[31m?=\n\nx\n");
    expect(done("fetch hdr.subject all")).toMatch(/^hdr\.subject {2}grüße.\[31m\n$/u);
  });

  test("a field that does not exist is named", () => {
    save("a");
    const { status, stderr } = mail("fetch colour all");
    expect(status).toBe(1);
    expect(stderr).toContain("colour");
  });

  test("a large mailbox is read by one who stops early", () => {
    for (let i = 0; i < 3; i++) save(`x${"y".repeat(100_000)}`);
    const command = `vsmtp mail -u john -o maildir='${box}' fetch text all | head -c 10`;
    expect(shell(command)).toMatchObject({ stdout: "From: alic", stderr: "" });
  });
});

describe("plugins", () => {
  /** Refuses to expunge, logs what is saved, and says what it finds in the settings. */
  const keeping = storagePlugin({
    name: "keeping",
    file: "10_keeping_plugin.so",
    include: '#include "lib.h"\n#include "mail-user.h"\n#include "mail-storage-private.h"',
    more: `
      static MODULE_CONTEXT_DEFINE_INIT(keeping_storage_module, &mail_storage_module_register);
      static int keeping_save_finish(struct mail_save_context *ctx)
      {
          struct mailbox *box = ctx->transaction->box;
          union mailbox_module_context *mbox = MODULE_CONTEXT(box, keeping_storage_module);
          const char *word = mail_user_plugin_getenv(box->storage->user, "keeping_word");
          if (word != NULL) {
              mail_storage_set_error(box->storage, MAIL_ERROR_NOQUOTA, word);
              mbox->super.save_cancel(ctx);
              return -1;
          }
          i_info("saving for %s", box->storage->user->username);
          return mbox->super.save_finish(ctx);
      }
      static void keeping_mailbox_allocated(struct mailbox *box)
      {
          union mailbox_module_context *mbox = p_new(box->pool, union mailbox_module_context, 1);
          struct mailbox_vfuncs *v = box->vlast;
          mbox->super = *v;
          box->vlast = &mbox->super;
          v->save_finish = keeping_save_finish;
          MODULE_CONTEXT_SET_SELF(box, keeping_storage_module, mbox);
      }
      static struct mail_storage_hooks keeping_hooks = { .mailbox_allocated = keeping_mailbox_allocated };`,
    init: "mail_storage_hooks_add(module, &keeping_hooks);",
    deinit: "mail_storage_hooks_remove(&keeping_hooks);",
    flags: ["-O1"],
  });

  test("a plugin of -p takes part, and what it logs is told under its name", () => {
    const { status, stdout, stderr } = mail("save", letter("x"), ["-p", keeping]);
    expect({ status, stdout }).toEqual({ status: 0, stdout: "saved in INBOX as uid 1\n" });
    expect(stderr).toContain("info: keeping: ");
    expect(stderr).toContain("saving for john");
  });

  test("what a plugin logs at its very end is told too", () => {
    const ending = storagePlugin({ name: "ending", deinit: 'i_info("the end");' });
    expect(mail("search all", "", ["-p", ending])).toMatchObject({ status: 0, stderr: "info: ending: the end\n" });
  });

  test("it reads the settings of -o, and what it refuses is told with its reason", () => {
    const { status, stdout, stderr } = mail("save", letter("x"), ["-p", keeping, "-o", "plugin/keeping_word=Full up"]);
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toContain("Full up");
    expect(stderr).toContain("INBOX");
    expect(done("search all")).toBe("");
  });

  test("hooks shows the chain of each method: plugin, function and file, the outermost first", () => {
    const other = storagePlugin({ name: "other", file: "20_other_plugin.so" });
    const lines = done("hooks", "", ["-p", keeping, "-p", other]).split("\n");
    const at = lines.findIndex((line) => line.startsWith("mailbox.save_finish "));
    expect(lines[at]).toMatch(/^mailbox\.save_finish +keeping +keeping_save_finish +\S+10_keeping_plugin\.so$/);
    expect(lines[at + 1]).toMatch(/^ +\S+ +\w+ +\S+libvsmtp-storage\.so\.1$/);
    for (const object of ["mail_user", "mailbox_list", "mail_storage", "mail"]) {
      expect(lines.some((line) => line.startsWith(`${object}.`))).toBe(true);
    }
    const chains = JSON.parse(done("hooks --json", "", ["-p", keeping]));
    const chain = chains.find(
      (one: { object: string; slot: string }) => one.object === "mailbox" && one.slot === "save_finish",
    );
    expect(chain.links[0]).toEqual({ plugin: "keeping", function: "keeping_save_finish", file: keeping });
    expect(chain.links.at(-1)).toMatchObject({ plugin: null, file: expect.stringContaining("libvsmtp-storage.so.1") });
  });

  test("a function of a stripped plugin is a place in its file", () => {
    const folder = newFolder();
    const stripped = join(folder, "10_keeping_plugin.so");
    execFileSync("strip", [keeping, "-o", stripped]);
    expect(done("hooks", "", ["-p", stripped])).toMatch(
      /mailbox\.save_finish +keeping +10_keeping_plugin\.so\+0x[0-9a-f]+ /,
    );
  });

  test("a plugin that is refused stops the command with its reasons", () => {
    const older = storagePlugin({ name: "older", flags: ['-DVSMTP_VERSION="0.9.0"'] });
    const { status, stdout, stderr } = mail("search all", "", ["-p", older]);
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toContain("[PLUGIN_VERSION]");
    expect(mail("search all", "", ["-p", join(newFolder(), "none.so")]).stderr).toContain("[PLUGIN_UNREADABLE]");
  });
});

describe("with a configuration", () => {
  test("the mailbox is where it says, with its plugins and settings", () => {
    const quiet = storagePlugin({ name: "quiet", file: "30_quiet_plugin.so" });
    const site = new Site({
      config: `config.app.storage.location = "maildir:mail/%d/%n"; config.app.storage.plugins = ["quiet"];`,
      plugins: [quiet],
    });
    const run = (...words: string[]) =>
      vsmtp(["mail", "-c", site.config, "-u", "John@Example.COM", ...words], { input: letter("x") });
    expect(run("save")).toMatchObject({ status: 0, stderr: "", stdout: "saved in INBOX as uid 1\n" });
    expect(readdirSync(site.path("mail/example.com/john")).length).toBeGreaterThan(0);
    expect(run("search", "all").stdout).toBe("1\n");
  });

  test("a plugin that it names and that is not there stops the command", () => {
    const site = new Site({ config: `config.app.storage.plugins = ["quota"];` });
    const { status, stderr } = vsmtp(["mail", "-c", site.config, "-u", "a@b.example", "search", "all"]);
    expect(status).toBe(1);
    expect(stderr).toContain("[STORAGE_PLUGIN]");
  });
});

describe("users", () => {
  const box = (site: Site, user: string) =>
    vsmtp(["mail", "-c", site.config, "-u", user, "save"], { input: letter("one") });

  test("somebody who has no mailbox has none here either", () => {
    const site = new Site({ config: `config.app.storage.users = "users";`, files: { users: "john@b.example\n" } });
    expect(box(site, "john@b.example").status).toBe(0);
    expect(site.everyMail()).toHaveLength(1);
    const { status, stderr } = box(site, "mary@b.example");
    expect(status).toBe(1);
    expect(stderr).toContain("mary@b.example has no mailbox here [MAILBOX_UNKNOWN]");
  });

  test("a function of the rules is asked where the configuration says so", () => {
    const filter = `fn owner_of(address) { if address == "john@b.example" { #{ name: "jack@b.example" } } }\n#{}`;
    const site = new Site({ filter, config: `config.app.storage.users = #{ function: "owner_of" };` });
    expect(box(site, "john@b.example")).toMatchObject({ status: 0, stderr: "" });
    expect(readdirSync(site.path("mailboxes"))).toEqual(["jack@b.example"]);
    expect(box(site, "mary@b.example").stderr).toContain("MAILBOX_UNKNOWN");
  });
});

describe("the command line", () => {
  test.each([
    [["mail", "search", "all"], "name the user with -u"],
    [["mail", "-u", "a", "-o", "location=x", "search", "all"], "Expected maildir=PATH or plugin/KEY=VALUE"],
    [["mail", "-u", "a", "-o", "maildir=/tmp/x", "save", "--date", "soon"], "Expected a time"],
    [["mail", "-u", "a", "-c", "/nonexistent/vsmtp.vsl", "search", "all"], "[CONFIG_NOT_FOUND]"],
    [["mail", "-u", "a", "serach", "all"], "Did you mean search?"],
  ])("%j is refused", (args, reason) => {
    const { status, stdout, stderr } = vsmtp(args);
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toContain(reason);
  });
});
