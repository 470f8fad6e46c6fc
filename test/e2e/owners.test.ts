/**
 * Whose files mailboxes are. Only root can give them to others, so what is tested depends on who runs the tests: root
 * sees mails become their owners' own; anybody else that a server which cannot do that does not start.
 */

import { chmodSync, chownSync, lstatSync, mkdirSync, readdirSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, test } from "vitest";
import { vsmtp } from "../cli/vsmtp.ts";
import { Host, type HostOptions } from "../fixtures/host.ts";
import { Site, type SiteOptions } from "../fixtures/site.ts";
import { SmtpClient } from "../fixtures/smtp-client.ts";
import { hand } from "../smtp/lmtp.ts";

const isRoot = process.getuid?.() === 0;
/** Nobody, in place of root: a server that is not root's. */
const AS_NOBODY: HostOptions = isRoot
  ? { prepare: 'exec setpriv --reuid=65534 --regid=65534 --clear-groups "$@"' }
  : {};

let host: Host | undefined;
let site: Site;

afterEach(async () => {
  await host?.stop();
  host = undefined;
  site.remove();
});

async function start({ config = "", ...options }: SiteOptions, more: HostOptions = {}): Promise<void> {
  site = new Site({
    ...options,
    config: `config.server.interfaces = #{ addr_lmtp: ["127.0.0.1:0"] }; config.app.storage.users = "users"; ${config}`,
  });
  // Owners must be able to reach their mailboxes.
  chmodSync(site.directory, 0o755);
  if (more === AS_NOBODY && isRoot) chownSync(site.directory, 65534, 65534);
  mkdirSync(site.path("mailboxes"));
  chmodSync(site.path("mailboxes"), 0o1777);
  host = await Host.start(site, more);
}

async function send(...to: string[]): Promise<string[]> {
  const client = await SmtpClient.connect((host as Host).port);
  await client.reply();
  await client.say("LHLO client.example");
  const { rcpt, data } = await hand(client, to);
  await client.quit();
  return [...rcpt.filter((reply) => !reply.startsWith("250")), ...data].map((reply) => reply.slice(0, 9));
}

/** Everything in a mailbox, with its owner. */
function ownersIn(directory: string): string[] {
  const names = ["", ...readdirSync(directory, { recursive: true, encoding: "utf8" })];
  return [
    ...new Set(
      names.map((name) => {
        const { uid, gid } = lstatSync(join(directory, name));
        return `${uid}:${gid}`;
      }),
    ),
  ];
}

test("a server that is not root's does not start with mailboxes of users of the system", async () => {
  const config = `config.app.storage.users = "system";`;
  await expect(start({ config }, AS_NOBODY)).rejects.toThrow(/USERS_UID|Mailboxes cannot belong to/);
});

test("nor with mailboxes of another user, nor with those of a user that nobody knows", async () => {
  const other = `config.app.storage.uid = "daemon";`;
  await expect(start({ config: other, files: { users: "" } }, AS_NOBODY)).rejects.toThrow(/only root can give files/);
  site.remove();
  const unknown = `config.app.storage.uid = "no-such-user";`;
  await expect(start({ config: unknown, files: { users: "" } })).rejects.toThrow(/no-such-user/);
});

test("a recipient whose files it could not make is not accepted, its own are", async () => {
  const own = isRoot ? "65534:65534" : `${process.getuid?.()}:${process.getgid?.()}`;
  await start({ files: { users: `other::4711:4711::/:\nown::${own}::/:\n` } }, AS_NOBODY);
  expect(await send("other@b.example", "own@b.example")).toEqual(["451 4.3.0", "250 2.0.0"]);
});

if (isRoot) {
  describe("root", () => {
    const users = "john::4711:4711::/:\nmary::4712:4700::/:\nnone\n";

    it("delivers as the owner: every file and directory is theirs from the beginning.", async () => {
      await start({ files: { users } });
      expect(await send("john@b.example", "mary@b.example", "none@b.example")).toEqual(Array(3).fill("250 2.0.0"));
      expect(ownersIn(site.path("mailboxes/john@b.example"))).toEqual(["4711:4711"]);
      expect(ownersIn(site.path("mailboxes/mary@b.example"))).toEqual(["4712:4700"]);
      expect(ownersIn(site.path("mailboxes/none@b.example"))).toEqual(["0:0"]);
    });

    it("makes all mailboxes those of one user who is named, whatever their owners are.", async () => {
      await start({ files: { users }, config: `config.app.storage.uid = "daemon";` });
      expect(await send("john@b.example", "none@b.example")).toEqual(Array(2).fill("250 2.0.0"));
      expect(ownersIn(site.path("mailboxes/john@b.example"))).toEqual(ownersIn(site.path("mailboxes/none@b.example")));
      expect(statSync(site.path("mailboxes/john@b.example")).uid).not.toBe(0);
    });

    it("keeps the side of the owners when its processes are another user's.", async () => {
      const config = `config.server.system.user = "daemon"; config.server.system.group = "daemon";`;
      await start({ files: { users }, config });
      expect(await send("john@b.example", "mary@b.example", "none@b.example")).toEqual(Array(3).fill("250 2.0.0"));
      expect(ownersIn(site.path("mailboxes/john@b.example"))).toEqual(["4711:4711"]);
      expect(ownersIn(site.path("mailboxes/mary@b.example"))).toEqual(["4712:4700"]);
      expect(ownersIn(site.path("mailboxes/none@b.example"))).toEqual(["1:1"]);
      chmodSync(site.path("mailboxes/mary@b.example"), 0o000);
      expect(await send("mary@b.example", "john@b.example")).toEqual(["451 4.2.0", "250 2.0.0"]);
    });

    it("has no more rights in a mailbox than its owner: others' directories stay closed, also behind a link.", async () => {
      await start({ files: { users } });
      mkdirSync(site.path("closed"), { mode: 0o700 });
      symlinkSync(site.path("closed"), site.path("mailboxes/john@b.example"));
      expect(await send("john@b.example")).toEqual(["451 4.2.0"]);
      expect(readdirSync(site.path("closed"))).toEqual([]);
    });

    it("is root again after each delivery: the next one may go anywhere.", async () => {
      await start({ files: { users } });
      chmodSync(site.path("mailboxes"), 0o700);
      chownSync(site.path("mailboxes"), 0, 0);
      expect(await send("john@b.example", "none@b.example")).toEqual(["451 4.2.0", "250 2.0.0"]);
    });

    it("works as the owner in `vsmtp mail` too, from one operation to the next.", async () => {
      await start({ files: { users } });
      const run = (...words: string[]) =>
        vsmtp(["mail", "-c", site.config, "-u", "mary@b.example", ...words], { input: "Subject: x\n\nx\n" });
      expect(run("save")).toMatchObject({ status: 0, stderr: "" });
      expect(run("mailbox", "create", "Work")).toMatchObject({ status: 0, stderr: "" });
      expect(run("move", "Work", "all")).toMatchObject({ status: 0, stderr: "" });
      expect(run("flags", "add", "-m", "Work", "\\Seen", "all")).toMatchObject({ status: 0, stderr: "" });
      expect(ownersIn(site.path("mailboxes/mary@b.example"))).toEqual(["4712:4700"]);
    });

    it("delivers into the homes of users, where the location says so.", async () => {
      const lines = (home: string) =>
        `john::4711:4711::${home}:\nmary::4712:4712::${home}2::userdb_mail=maildir:~/Box\n`;
      await start({ files: { users: "" }, config: `config.app.storage.location = "maildir:~/Maildir";` });
      for (const [name, uid] of [["home", 4711] as const, ["home2", 4712] as const]) {
        mkdirSync(site.path(name));
        chownSync(site.path(name), uid, uid);
      }
      site.write("users", lines(site.path("home")));
      expect(await send("john@b.example", "mary@b.example")).toEqual(Array(2).fill("250 2.0.0"));
      expect(readdirSync(site.path("home/Maildir/new"))).toHaveLength(1);
      expect(readdirSync(site.path("home2/Box/new"))).toHaveLength(1);
      expect(ownersIn(site.path("home2"))).toEqual(["4712:4712"]);
    });
  });
}
